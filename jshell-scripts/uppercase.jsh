// A sink: prints each record's value in upper case. It is compiled and run once, at start; sink(...) says where the records go:
//   bin/kafka-client start -X sinker.script=jshell-scripts/uppercase.jsh -X topic.names=orders
// A record is done when its handler returns. What it throws hands the record over again, throw reject("why") puts it aside.
// Also there: option("name", "otherwise") for sinker.option.name, send(topic, key, value) to Kafka, and sink(batch -> ...) for whole
// batches with an outcome, sink(manual((batch, acks) -> ...)) to acknowledge later from any thread.
String prefix = option("prefix", "");

sink(each(record -> {
    if (record.value() == null) {
        return; // a tombstone
    }
    print(prefix + text(record.value()).toUpperCase(Locale.ROOT));
}));
