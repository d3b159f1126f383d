package dev.kafkaloom.record;

import java.util.List;

/**
 * The record classes of one release of Apache's client, seen without any of their types: {@link ApacheReleases} puts the same adapter on
 * several releases. Public, because an adapter in a class loader of its own is in another package at run time.
 */
public interface ApacheRecords {
    /** Of the markers that {@link #writeControl} writes. */
    int COORDINATOR_EPOCH = 7;

    /** Of the records that {@link #writeControl} writes. */
    long CONTROL_TIME = 1_700_000_000_123L;

    /** One batch, or what stands for it in formats v0 and v1, written by MemoryRecordsBuilder. */
    byte[] write(BatchPlan plan);

    /** A v2 batch without records, as the log cleaner leaves it behind when it must keep the producer's state. */
    byte[] writeEmpty(BatchPlan plan);

    /** The batch of one control record that a coordinator or a controller writes. */
    byte[] writeControl(ControlType type, BatchPlan plan);

    /** What a broker stamps on a batch in place when it appends it: offset, leader epoch and, if not -1, its own time. */
    byte[] append(byte[] batch, long lastOffset, int leaderEpoch, long appendTime);

    /** What the log cleaner leaves when it keeps every third record only. */
    byte[] compact(byte[] batches);

    /** Every batch, checked as the client checks it. */
    List<SeenBatch> read(byte[] batches);
}
