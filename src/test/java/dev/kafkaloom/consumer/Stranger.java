package dev.kafkaloom.consumer;

import java.util.List;
import java.util.Set;

/** A member of a group that another client runs. */
interface Stranger extends AutoCloseable {
    List<Integer> owned();

    /** All that it got, as numbers. */
    Set<Integer> values();

    int rebalances();

    /** The partitions that it had to give back so far. */
    List<Integer> revoked();

    @Override
    void close();
}
