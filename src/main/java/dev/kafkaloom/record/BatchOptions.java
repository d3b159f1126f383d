package dev.kafkaloom.record;

import dev.kafkaloom.protocol.KafkaException;

/**
 * What a batch says beside its records. A producer sets the format, the codec and who it is; the rest is what brokers write, for those
 * that play one.
 *
 * @param magic message format 0 (Kafka before 0.10), 1 (0.10) or 2 (0.11 and later)
 * @param level of compression, see {@link Compression#checkLevel}
 * @param baseOffset what the records' offsets count from
 * @param lastOffset the last offset that the batch covers when that is more than its last record's (v2), -1 otherwise
 * @param appendTime when the broker appended it: then every record's timestamp is this; -1 for the producer's own timestamps
 * @param producerId -1 for none
 * @param producerEpoch -1 for none
 * @param baseSequence -1 for none
 * @param transactional whether it belongs to a transaction
 * @param control whether its records are of {@link ControlType}
 * @param partitionLeaderEpoch -1 for none
 * @param deleteHorizon see {@link RecordBatch#deleteHorizon()}; -1 for none
 */
public record BatchOptions(
        byte magic,
        Compression compression,
        int level,
        long baseOffset,
        long lastOffset,
        long appendTime,
        long producerId,
        short producerEpoch,
        int baseSequence,
        boolean transactional,
        boolean control,
        int partitionLeaderEpoch,
        long deleteHorizon) {
    public BatchOptions {
        if (magic < 0 || magic > 2) {
            throw new IllegalArgumentException("message format v" + magic);
        }
        if (!compression.knownTo(magic)) {
            throw new KafkaException.InvalidRequest("compression " + compression.label()
                    + " needs message format v2, which the broker does not know (it exists since Kafka 2.1)");
        }
        compression.checkLevel(level);
        boolean plain = lastOffset == -1
                && producerId == -1
                && producerEpoch == -1
                && baseSequence == -1
                && !transactional
                && !control
                && partitionLeaderEpoch == -1
                && deleteHorizon == -1;
        if ((magic < 2 && !plain) || (magic < 1 && appendTime != -1)) {
            throw new IllegalArgumentException("message format v" + magic + " has no place for all of these options");
        }
        if (baseOffset < 0) {
            throw new IllegalArgumentException("base offset " + baseOffset);
        }
    }

    /** A batch of a producer without idempotence, at the codec's own level. */
    public static BatchOptions of(byte magic, Compression compression) {
        return new BatchOptions(
                magic, compression, compression.defaultLevel(), 0, -1, -1, -1, (short) -1, -1, false, false, -1, -1);
    }

    /** At another level of compression. */
    public BatchOptions level(int newLevel) {
        return new BatchOptions(
                magic,
                compression,
                newLevel,
                baseOffset,
                lastOffset,
                appendTime,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                control,
                partitionLeaderEpoch,
                deleteHorizon);
    }

    /** At another place in the log. */
    public BatchOptions at(long newBaseOffset, int newPartitionLeaderEpoch) {
        return new BatchOptions(
                magic,
                compression,
                level,
                newBaseOffset,
                lastOffset,
                appendTime,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                control,
                newPartitionLeaderEpoch,
                deleteHorizon);
    }

    /** As the log cleaner leaves it: up to this last offset, whatever records are left, and with a horizon or -1. */
    public BatchOptions compacted(long newLastOffset, long newDeleteHorizon) {
        return new BatchOptions(
                magic,
                compression,
                level,
                baseOffset,
                newLastOffset,
                appendTime,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                control,
                partitionLeaderEpoch,
                newDeleteHorizon);
    }

    /** With the broker's timestamp for every record. */
    public BatchOptions appendedAt(long newAppendTime) {
        return new BatchOptions(
                magic,
                compression,
                level,
                baseOffset,
                lastOffset,
                newAppendTime,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                control,
                partitionLeaderEpoch,
                deleteHorizon);
    }

    /** By an idempotent producer, or by one in a transaction. */
    public BatchOptions by(long newProducerId, short newProducerEpoch, int newBaseSequence, boolean inTransaction) {
        return new BatchOptions(
                magic,
                compression,
                level,
                baseOffset,
                lastOffset,
                appendTime,
                newProducerId,
                newProducerEpoch,
                newBaseSequence,
                inTransaction,
                control,
                partitionLeaderEpoch,
                deleteHorizon);
    }

    /** A control batch. */
    public BatchOptions asControl() {
        return new BatchOptions(
                magic,
                compression,
                level,
                baseOffset,
                lastOffset,
                appendTime,
                producerId,
                producerEpoch,
                baseSequence,
                transactional,
                true,
                partitionLeaderEpoch,
                deleteHorizon);
    }

    int attributes() {
        return compression.id()
                | (appendTime != -1 ? BatchFormat.TIMESTAMP_TYPE : 0)
                | (transactional ? BatchFormat.TRANSACTIONAL : 0)
                | (control ? BatchFormat.CONTROL : 0)
                | (deleteHorizon != -1 ? BatchFormat.DELETE_HORIZON : 0);
    }
}
