package dev.kafkaloom.record;

import java.util.List;

/**
 * Everything that a reader says about a batch.
 *
 * @param crc as it is stored, unsigned
 * @param deleteHorizon when the batch's tombstones may go, -1 for not yet known
 */
public record SeenBatch(BatchHeader header, long crc, long deleteHorizon, List<LogRecord> records) {}
