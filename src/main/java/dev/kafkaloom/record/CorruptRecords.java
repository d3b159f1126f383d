package dev.kafkaloom.record;

/** Inside this package: the bytes are wrong. {@link RecordBatch} adds where it happened and throws the public exception. */
final class CorruptRecords extends Exception {
    CorruptRecords(String what) {
        super(what, null, false, false);
    }
}
