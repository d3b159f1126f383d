/**
 * Record batches v2 and message sets v0/v1 as they lie in a partition's log: reading, writing, compression, checksums. No I/O, and
 * nothing in the bytes is believed before it is checked.
 *
 * <p>To read: {@link dev.kafkaloom.record.RecordBatches#split}, then {@code crcValid()} of each batch, and {@code cursor(limits)} to
 * walk over its records where they lie or {@code decode(limits)} for copies. To write: {@link dev.kafkaloom.record.BatchBuilder}.
 */
package dev.kafkaloom.record;
