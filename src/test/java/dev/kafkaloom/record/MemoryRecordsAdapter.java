package dev.kafkaloom.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Apache's MemoryRecords. Compiled against the release on the class path; {@link ApacheReleases} fits it to the others. */
public final class MemoryRecordsAdapter implements ApacheRecords {
    @Override
    public byte[] write(BatchPlan plan) {
        try (MemoryRecordsBuilder builder = builder(plan)) {
            for (LogRecord record : plan.records) {
                if (plan.control) {
                    builder.appendUncheckedWithOffset(record.offset(), simple(record));
                } else {
                    builder.appendWithOffset(record.offset(), simple(record));
                }
            }
            if (plan.lastOffset >= 0) {
                builder.overrideLastOffset(plan.lastOffset);
            }
            return bytes(builder.build().buffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemoryRecordsBuilder builder(BatchPlan plan) {
        return new MemoryRecordsBuilder(
                new ByteBufferOutputStream(512),
                plan.magic,
                codec(plan),
                type(plan.timestampType),
                plan.baseOffset,
                plan.appendTime,
                plan.producerId,
                plan.producerEpoch,
                plan.baseSequence,
                plan.transactional,
                plan.control,
                plan.leaderEpoch,
                Integer.MAX_VALUE,
                plan.deleteHorizon);
    }

    private static org.apache.kafka.common.compress.Compression codec(BatchPlan plan) {
        return switch (plan.codec) {
            case GZIP ->
                org.apache.kafka.common.compress.Compression.gzip()
                        .level(plan.level)
                        .build();
            case LZ4 ->
                org.apache.kafka.common.compress.Compression.lz4()
                        .level(plan.level)
                        .build();
            case ZSTD ->
                org.apache.kafka.common.compress.Compression.zstd()
                        .level(plan.level)
                        .build();
            case NONE, SNAPPY ->
                org.apache.kafka.common.compress.Compression.of(CompressionType.forId(plan.codec.id()))
                        .build();
        };
    }

    private static SimpleRecord simple(LogRecord record) {
        return new SimpleRecord(
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers().stream()
                        .map(h -> new RecordHeader(h.key(), h.value()))
                        .toArray(org.apache.kafka.common.header.Header[]::new));
    }

    @Override
    public byte[] writeEmpty(BatchPlan plan) {
        ByteBuffer buffer = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        DefaultRecordBatch.writeEmptyHeader(
                buffer,
                plan.magic,
                plan.producerId,
                plan.producerEpoch,
                plan.baseSequence,
                plan.baseOffset,
                plan.lastOffset,
                plan.leaderEpoch,
                type(plan.timestampType),
                plan.appendTime,
                plan.transactional,
                plan.control);
        return buffer.array();
    }

    @Override
    public byte[] writeControl(ControlType type, BatchPlan plan) {
        plan.control = true;
        try (MemoryRecordsBuilder builder = builder(plan)) {
            long now = CONTROL_TIME;
            switch (type) {
                case COMMIT ->
                    builder.appendEndTxnMarker(
                            now, new EndTransactionMarker(ControlRecordType.COMMIT, COORDINATOR_EPOCH));
                case ABORT ->
                    builder.appendEndTxnMarker(
                            now, new EndTransactionMarker(ControlRecordType.ABORT, COORDINATOR_EPOCH));
                case LEADER_CHANGE -> builder.appendLeaderChangeMessage(now, new LeaderChangeMessage().setLeaderId(3));
                case SNAPSHOT_HEADER -> builder.appendSnapshotHeaderMessage(now, new SnapshotHeaderRecord());
                case SNAPSHOT_FOOTER -> builder.appendSnapshotFooterMessage(now, new SnapshotFooterRecord());
                case KRAFT_VERSION -> builder.appendKRaftVersionMessage(now, new KRaftVersionRecord());
                case KRAFT_VOTERS -> builder.appendVotersMessage(now, new VotersRecord());
                case UNKNOWN ->
                    builder.appendUncheckedWithOffset(
                            plan.baseOffset, new SimpleRecord(now, new byte[] {0, 9, 0, 99}, new byte[] {1, 2}));
            }
            return bytes(builder.build().buffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte[] append(byte[] batch, long lastOffset, int leaderEpoch, long appendTime) {
        byte[] stamped = batch.clone();
        for (MutableRecordBatch one :
                MemoryRecords.readableRecords(ByteBuffer.wrap(stamped)).batches()) {
            one.setLastOffset(lastOffset);
            if (one.magic() == 2) {
                one.setPartitionLeaderEpoch(leaderEpoch);
            }
            if (appendTime >= 0) {
                one.setMaxTimestamp(org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME, appendTime);
            }
        }
        return stamped;
    }

    @Override
    public byte[] compact(byte[] batches) {
        MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(batches));
        // its parameters are others in each release
        Method filterTo = Stream.of(MemoryRecords.class.getMethods())
                .filter(m -> m.getName().equals("filterTo"))
                .findFirst()
                .orElseThrow();
        Object[] arguments = Stream.of(filterTo.getParameterTypes())
                .map(MemoryRecordsAdapter::argument)
                .toArray();
        try {
            MemoryRecords.FilterResult result = (MemoryRecords.FilterResult) filterTo.invoke(records, arguments);
            return bytes(result.outputBuffer().flip());
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object argument(Class<?> type) {
        if (type == TopicPartition.class) {
            return new TopicPartition("t", 0);
        }
        if (type == MemoryRecords.RecordFilter.class) {
            return new EveryThird();
        }
        if (type == ByteBuffer.class) {
            return ByteBuffer.allocate(1 << 20);
        }
        return type == BufferSupplier.class ? BufferSupplier.NO_CACHING : (Object) Integer.MAX_VALUE;
    }

    @Override
    public List<SeenBatch> read(byte[] batches) {
        List<SeenBatch> seen = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(ByteBuffer.wrap(batches)).batches()) {
            batch.ensureValid();
            List<LogRecord> records = new ArrayList<>();
            for (Record record : batch) {
                record.ensureValid();
                records.add(record(record, batch));
            }
            seen.add(new SeenBatch(
                    header(batch), batch.checksum(), batch.deleteHorizonMs().orElse(-1), records));
        }
        return seen;
    }

    private static LogRecord record(Record record, MutableRecordBatch batch) {
        List<Header> headers = new ArrayList<>();
        for (org.apache.kafka.common.header.Header header : record.headers()) {
            headers.add(new Header(header.key(), header.value()));
        }
        return new LogRecord(
                record.offset(),
                record.timestamp(),
                type(batch.timestampType()),
                record.hasKey() ? bytes(record.key()) : null,
                record.hasValue() ? bytes(record.value()) : null,
                headers);
    }

    /** A compressed message of v0 or v1 has no base offset and no count unless it is opened; ours says so. */
    private static BatchHeader header(MutableRecordBatch batch) {
        boolean closed = batch.magic() < 2 && batch.isCompressed();
        return new BatchHeader(
                closed ? batch.lastOffset() : batch.baseOffset(),
                batch.lastOffset(),
                batch.sizeInBytes(),
                batch.magic(),
                Compression.of(batch.compressionType().id),
                type(batch.timestampType()),
                batch.isTransactional(),
                batch.isControlBatch(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                batch.partitionLeaderEpoch(),
                batch.countOrNull() != null ? batch.countOrNull() : closed ? -1 : 1,
                batch.maxTimestamp());
    }

    private static org.apache.kafka.common.record.TimestampType type(TimestampType type) {
        return switch (type) {
            case NONE -> org.apache.kafka.common.record.TimestampType.NO_TIMESTAMP_TYPE;
            case CREATE_TIME -> org.apache.kafka.common.record.TimestampType.CREATE_TIME;
            case LOG_APPEND_TIME -> org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME;
        };
    }

    private static TimestampType type(org.apache.kafka.common.record.TimestampType type) {
        return switch (type) {
            case NO_TIMESTAMP_TYPE -> TimestampType.NONE;
            case CREATE_TIME -> TimestampType.CREATE_TIME;
            case LOG_APPEND_TIME -> TimestampType.LOG_APPEND_TIME;
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return copy;
    }

    /** Keeps a third, and the header of a v2 batch that loses all. */
    private static final class EveryThird extends MemoryRecords.RecordFilter {
        EveryThird() {
            super(2_000_000_000_000L, 1000);
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(org.apache.kafka.common.record.internal.RecordBatch batch) {
            return new BatchRetentionResult(
                    batch.magic() < 2 ? BatchRetention.DELETE_EMPTY : BatchRetention.RETAIN_EMPTY, false);
        }

        @Override
        protected boolean shouldRetainRecord(org.apache.kafka.common.record.internal.RecordBatch batch, Record record) {
            return record.offset() % 3 == 0;
        }
    }
}
