package dev.kafkaloom.storage.redis;

import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import dev.kafkaloom.record.TimestampType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of one element: records of one partition, everything of them but the partition. Numbers are variable-length, offsets and
 * timestamps are differences to the record before. A checksum guards the whole; every length is checked before it is believed.
 *
 * <pre>version(1) crc32c(4) records { offset timestamp type leaderEpoch key value headers { name value } }</pre>
 */
final class Chunk {
    private static final byte VERSION = 1;
    private static final int CRC_AT = 1;
    private static final int CONTENT_AT = 5;
    private static final int SMALLEST_RECORD = 7;
    private static final int SMALLEST_HEADER = 2;
    private static final TimestampType[] TYPES = {
        TimestampType.NONE, TimestampType.CREATE_TIME, TimestampType.LOG_APPEND_TIME
    };

    private Chunk() {}

    static byte[] encode(List<ConsumedRecord> records) {
        WireWriter out = new WireWriter(64 + records.size() * 128);
        out.writeInt8(VERSION);
        out.writeInt32(0);
        out.writeUnsignedVarint(records.size());
        long offset = 0;
        long timestamp = 0;
        for (ConsumedRecord record : records) {
            out.writeVarlong(record.offset() - offset);
            out.writeVarlong(record.timestamp() - timestamp);
            offset = record.offset();
            timestamp = record.timestamp();
            out.writeInt8((byte) typeCode(record.timestampType()));
            out.writeVarint(record.leaderEpoch());
            write(out, record.key());
            write(out, record.value());
            out.writeUnsignedVarint(record.headers().size());
            for (Header header : record.headers()) {
                write(out, header.key().getBytes(StandardCharsets.UTF_8));
                write(out, header.value());
            }
        }
        out.setInt32(CRC_AT, crc(out.array(), out.size()));
        return out.toBytes();
    }

    /**
     * What {@link #encode} was given, with other delivery counts.
     *
     * @throws KafkaException.MalformedMessage when it is not what was written
     */
    static List<ConsumedRecord> decode(TopicPartition partition, byte[] bytes, int deliveries) {
        WireReader in = new WireReader(bytes, 0, bytes.length);
        byte version = in.readInt8();
        int crc = in.readInt32();
        if (version != VERSION || crc != crc(bytes, bytes.length)) {
            throw new KafkaException.MalformedMessage(
                    "stored chunk of " + partition, "version " + version + ", or its checksum does not match");
        }
        int count = in.readUnsignedVarint();
        if (count < 0 || count > in.remaining() / SMALLEST_RECORD) {
            throw new KafkaException.MalformedMessage("stored chunk of " + partition, "claims " + count + " records");
        }
        List<ConsumedRecord> records = new ArrayList<>(count);
        long offset = 0;
        long timestamp = 0;
        for (int i = 0; i < count; i++) {
            offset += in.readVarlong();
            timestamp += in.readVarlong();
            TimestampType type = TYPES[checked(in.readInt8(), TYPES.length - 1, "timestamp type")];
            int leaderEpoch = in.readVarint();
            byte[] key = read(in);
            byte[] value = read(in);
            records.add(new ConsumedRecord(
                    partition, offset, timestamp, type, key, value, headers(in), deliveries, leaderEpoch, 0));
        }
        in.expectEnd("stored chunk of " + partition);
        return records;
    }

    private static List<Header> headers(WireReader in) {
        int count = in.readUnsignedVarint();
        if (count == 0) {
            return List.of();
        }
        checked(count, in.remaining() / SMALLEST_HEADER, "number of headers");
        List<Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] name = read(in);
            headers.add(new Header(name == null ? "" : new String(name, StandardCharsets.UTF_8), read(in)));
        }
        return List.copyOf(headers);
    }

    private static void write(WireWriter out, byte[] bytes) {
        if (bytes == null) {
            out.writeVarint(-1);
        } else {
            out.writeVarint(bytes.length);
            out.writeRaw(bytes, 0, bytes.length);
        }
    }

    private static byte[] read(WireReader in) {
        int length = in.readVarint();
        if (length == -1) {
            return null;
        }
        ByteBuffer slice = in.readSlice(checked(length, in.remaining(), "length"));
        byte[] copy = new byte[length];
        slice.get(copy);
        return copy;
    }

    private static int checked(int claimed, int most, String what) {
        if (claimed < 0 || claimed > most) {
            throw new KafkaException.MalformedMessage("stored chunk", what + " " + claimed + ", at most " + most);
        }
        return claimed;
    }

    private static int typeCode(TimestampType type) {
        return switch (type) {
            case NONE -> 0;
            case CREATE_TIME -> 1;
            case LOG_APPEND_TIME -> 2;
        };
    }

    private static int crc(byte[] bytes, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, CONTENT_AT, end - CONTENT_AT);
        return (int) crc.getValue();
    }
}
