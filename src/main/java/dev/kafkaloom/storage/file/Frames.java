package dev.kafkaloom.storage.file;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import dev.kafkaloom.record.TimestampType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment: frames of a head, what is said ("meta"), and for records a batch v2, which has a checksum of its own.
 *
 * <pre>
 * int magic | int CRC-32C of what follows up to the batch | int size of the frame | int size of the meta
 *   | long durable: up to where this segment was synced when the frame was written | byte kind | meta | batch
 * </pre>
 *
 * A frame that does not check while a later one calls that place durable was damaged; otherwise it is what a crash cut off.
 */
final class Frames {
    static final int MAGIC = 0x4b4c5331;
    static final int HEAD = 25;
    static final int LARGEST_META = 64 << 20;

    private static final int CRC = 4;
    private static final int SIZE = 8;
    private static final int META = 12;
    private static final int DURABLE = 16;
    private static final int KIND = 24;

    /** First of a segment: all marks, so that older segments are not needed for them. */
    static final byte STATE = 1;
    /** Records that were appended; moves the mark. */
    static final byte RECORDS = 2;
    /** A copy of records whose segment is about to go. */
    static final byte MOVED = 3;
    /** What is done, what was handed out. */
    static final byte ACKS = 4;
    /** Marks of some partitions. */
    static final byte NOTES = 5;

    private Frames() {}

    /** Up to where a partition's records were stored, and what was known to be committed. */
    record Mark(TopicPartition partition, Uuid topicId, long mark, long committed) {}

    /**
     * What a segment begins with.
     *
     * @param previousLength durable bytes of the segment before, -1 when there is none
     */
    record State(String group, long nextSeq, long previousLength, List<Mark> marks) {}

    /** What is said about stored records beside their batch; {@code next} is the offset behind what they cover. */
    record Stored(
            long seq,
            TopicPartition partition,
            Uuid topicId,
            long first,
            long next,
            long committed,
            TimestampType type) {}

    /** Of the records {@code seq}, those from one offset to another (both counted from its first) were done, or handed out so often. */
    record Ack(long seq, int from, int to, int deliveries) {
        static final int BYTES = 20;

        /** Whether it is about a delivery; else the records are done. */
        boolean isDelivery() {
            return deliveries > 0;
        }

        void write(ByteBuffer to) {
            to.putLong(seq).putInt(from).putInt(this.to).putInt(deliveries);
        }

        static Ack read(ByteBuffer from) {
            return new Ack(from.getLong(), from.getInt(), from.getInt(), from.getInt());
        }
    }

    /** A frame's head as it was read. */
    record Head(int size, int metaSize, long durable, byte kind) {
        int batchSize() {
            return size - HEAD - metaSize;
        }
    }

    static ByteBuffer state(State state) {
        byte[] group = utf8(state.group());
        ByteBuffer frame = frame(STATE, 2 + group.length + 8 + 8 + sizeOf(state.marks()));
        frame.putShort((short) group.length).put(group).putLong(state.nextSeq()).putLong(state.previousLength());
        write(state.marks(), frame);
        return frame.flip();
    }

    static State readState(ByteBuffer meta) {
        return new State(text(meta), meta.getLong(), meta.getLong(), readMarks(meta));
    }

    static ByteBuffer notes(List<Mark> marks) {
        ByteBuffer frame = frame(NOTES, sizeOf(marks));
        write(marks, frame);
        return frame.flip();
    }

    private static int sizeOf(List<Mark> marks) {
        return 4
                + marks.stream()
                        .mapToInt(mark -> 2 + utf8(mark.partition().topic()).length + 4 + 16 + 16)
                        .sum();
    }

    private static void write(List<Mark> marks, ByteBuffer to) {
        to.putInt(marks.size());
        for (Mark mark : marks) {
            name(to, utf8(mark.partition().topic()), mark.partition(), mark.topicId());
            to.putLong(mark.mark()).putLong(mark.committed());
        }
    }

    static List<Mark> readMarks(ByteBuffer meta) {
        int count = meta.getInt();
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String topic = text(meta);
            TopicPartition partition = new TopicPartition(topic, meta.getInt());
            Uuid id = new Uuid(meta.getLong(), meta.getLong());
            marks.add(new Mark(partition, id, meta.getLong(), meta.getLong()));
        }
        return marks;
    }

    /** Head and meta of a frame whose batch of so many bytes is written behind it. */
    static ByteBuffer stored(byte kind, Stored stored, int batchSize) {
        byte[] topic = utf8(stored.partition().topic());
        ByteBuffer frame = frame(kind, 8 + 2 + topic.length + 4 + 16 + 8 + 8 + 8 + 1);
        frame.putInt(SIZE, frame.capacity() + batchSize);
        frame.putLong(stored.seq());
        name(frame, topic, stored.partition(), stored.topicId());
        frame.putLong(stored.first()).putLong(stored.next()).putLong(stored.committed());
        frame.put(code(stored.type()));
        return frame.flip();
    }

    static Stored readStored(ByteBuffer meta) {
        long seq = meta.getLong();
        String topic = text(meta);
        TopicPartition partition = new TopicPartition(topic, meta.getInt());
        Uuid id = new Uuid(meta.getLong(), meta.getLong());
        long first = meta.getLong();
        long next = meta.getLong();
        long committed = meta.getLong();
        return new Stored(seq, partition, id, first, next, committed, type(meta.get()));
    }

    private static byte code(TimestampType type) {
        return switch (type) {
            case NONE -> 0;
            case CREATE_TIME -> 1;
            case LOG_APPEND_TIME -> 2;
        };
    }

    private static TimestampType type(byte code) {
        return switch (code) {
            case 0 -> TimestampType.NONE;
            case 1 -> TimestampType.CREATE_TIME;
            case 2 -> TimestampType.LOG_APPEND_TIME;
            default -> throw new IllegalArgumentException("timestamp type " + code);
        };
    }

    static ByteBuffer acks(List<Ack> acks) {
        ByteBuffer frame = frame(ACKS, acks.size() * Ack.BYTES);
        acks.forEach(ack -> ack.write(frame));
        return frame.flip();
    }

    static List<Ack> readAcks(ByteBuffer meta) {
        List<Ack> acks = new ArrayList<>(meta.remaining() / Ack.BYTES);
        while (meta.remaining() >= Ack.BYTES) {
            acks.add(Ack.read(meta));
        }
        return acks;
    }

    /** Says up to where the segment is synced, and signs the frame: the last thing before it is written. */
    static void seal(ByteBuffer frame, long durable) {
        frame.putLong(DURABLE, durable);
        frame.putInt(CRC, crc(frame, frame.limit()));
    }

    /** The head at the buffer's position, when it can be one in a file of which so much is left; null otherwise. */
    static Head head(ByteBuffer at, long left) {
        if (at.remaining() < HEAD || at.getInt(at.position()) != MAGIC) {
            return null;
        }
        int size = at.getInt(at.position() + SIZE);
        int meta = at.getInt(at.position() + META);
        byte kind = at.get(at.position() + KIND);
        boolean possible = meta >= 0
                && meta <= LARGEST_META
                && size >= HEAD + meta
                && size <= left
                && kind >= STATE
                && kind <= NOTES;
        return possible ? new Head(size, meta, at.getLong(at.position() + DURABLE), kind) : null;
    }

    /** Whether head and meta, which are at the buffer's position, are as they were written. */
    static boolean checks(ByteBuffer at, Head head) {
        return at.getInt(at.position() + CRC) == crc(at.slice(), HEAD + head.metaSize());
    }

    /** The meta of the frame at the buffer's position. */
    static ByteBuffer meta(ByteBuffer at, Head head) {
        return at.slice(at.position() + HEAD, head.metaSize());
    }

    /**
     * Reads with that.
     *
     * @throws Damaged when the meta is not what its kind has, although its checksum is right
     */
    static <T> T read(ByteBuffer meta, java.util.function.Function<ByteBuffer, T> reader) throws Damaged {
        try {
            return reader.apply(meta);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Damaged("it ends early, or has a value that does not exist: " + e);
        }
    }

    private static int crc(ByteBuffer frame, int end) {
        CRC32C crc = new CRC32C();
        crc.update(frame.slice(SIZE, end - SIZE));
        return (int) crc.getValue();
    }

    private static ByteBuffer frame(byte kind, int metaSize) {
        return ByteBuffer.allocate(HEAD + metaSize)
                .putInt(MAGIC)
                .putInt(0)
                .putInt(HEAD + metaSize)
                .putInt(metaSize)
                .putLong(0)
                .put(kind);
    }

    private static void name(ByteBuffer to, byte[] topic, TopicPartition partition, Uuid id) {
        to.putShort((short) topic.length).put(topic).putInt(partition.partition());
        to.putLong(id.mostSignificantBits()).putLong(id.leastSignificantBits());
    }

    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0xffff) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes: at most 65535 can be stored");
        }
        return bytes;
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[Short.toUnsignedInt(from.getShort())];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
