// What bin/kafka-client jshell begins with: imports, and kafka(), produce(), consume(), lag().
import dev.kafkaloom.cli.Script;
import dev.kafkaloom.client.*;
import dev.kafkaloom.console.Json; // Json.of(message, 9), Json.pretty(message.toMap((short) 9)), Json.read(text)
import dev.kafkaloom.consumer.*;
import dev.kafkaloom.message.*;
import dev.kafkaloom.producer.*;
import dev.kafkaloom.protocol.*;
import dev.kafkaloom.record.*;
import java.time.*;
import java.util.*;
import static dev.kafkaloom.cli.Script.kafka;
import static dev.kafkaloom.cli.Script.topic;
import static dev.kafkaloom.cli.Script.produce;
import static dev.kafkaloom.cli.Script.consume;
import static dev.kafkaloom.cli.Script.lag;
import static dev.kafkaloom.cli.Script.run;
