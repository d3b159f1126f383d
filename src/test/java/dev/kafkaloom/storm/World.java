package dev.kafkaloom.storm;

import dev.kafkaloom.client.ClientConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Brokers, and the weather between them and the client. */
interface World extends AutoCloseable {
    /** How a client reaches them through the weather. */
    ClientConfig.Builder client();

    /** What they can be asked. */
    List<Question> questions();

    /** Makes one thing worse, or lasts a moment and mends it: called again and again while the storm lasts. */
    void disturb(Random random) throws Exception;

    /** How often which fault was done so far. */
    Map<String, Long> faultsDone();

    @Override
    void close() throws IOException;
}
