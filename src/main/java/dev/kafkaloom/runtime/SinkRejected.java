package dev.kafkaloom.runtime;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.List;
import java.util.stream.Collectors;

/** The sink cannot ever handle some records, and there is nowhere to put them aside yet: the member stops rather than losing them. */
public final class SinkRejected extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int NAMED = 5;

    SinkRejected(TopicPartition partition, List<ConsumedRecord> poison, String why) {
        super("the sink rejected " + poison.size() + (poison.size() == 1 ? " record" : " records") + " of " + partition
                + " (offset "
                + offsets(poison) + "): " + why
                + "; there is no dead-letter topic yet, so the member stops rather than losing "
                + (poison.size() == 1 ? "it" : "them"));
    }

    private static String offsets(List<ConsumedRecord> poison) {
        String first =
                poison.stream().limit(NAMED).map(r -> Long.toString(r.offset())).collect(Collectors.joining(", "));
        return poison.size() > NAMED ? first + ", ..." : first;
    }
}
