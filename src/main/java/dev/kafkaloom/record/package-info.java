/**
 * Record batches v2 and message sets v0/v1 as they lie in a partition's log: reading, writing, compression, checksums. No I/O, and
 * nothing in the bytes is believed before it is checked.
 *
 * <p>To read: {@link dev.kafkaloom.record.RecordBatches#split}, then {@code crcValid()} and {@code decode(limits)} of each batch. To write:
 * {@link dev.kafkaloom.record.BatchBuilder}.
 */
package dev.kafkaloom.record;
