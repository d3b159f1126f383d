package dev.kafkaloom.bench;

import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.protocol.WireReader;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.MessageUtil;

/** The Produce request of the samples, for either side. */
public final class Produced {
    private Produced() {}

    public static ProduceRequestData kafka() {
        return Contents.produce();
    }

    public static ProduceRequest ours(short version) {
        return ProduceRequest.read(
                new WireReader(
                        MessageUtil.toByteBufferAccessor(kafka(), version).buffer()),
                version);
    }
}
