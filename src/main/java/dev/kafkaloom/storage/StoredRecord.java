package dev.kafkaloom.storage;

import dev.kafkaloom.record.ConsumedRecord;

/** A record where it is stored, for people; {@code where} names the file and position, or the Redis key. */
public record StoredRecord(ConsumedRecord record, boolean leased, String where) {}
