package dev.kafkaloom.record;

import java.util.List;

/**
 * Everything that a reader says about a batch.
 *
 * @param deleteHorizon when the batch's tombstones may go, -1 for not yet known
 */
public record SeenBatch(BatchHeader header, long deleteHorizon, List<LogRecord> records) {}
