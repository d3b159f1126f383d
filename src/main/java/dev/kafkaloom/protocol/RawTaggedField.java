package dev.kafkaloom.protocol;

import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A tagged field that the definitions do not know (KIP-482): kept as it came, so that it survives a round trip.
 *
 * @param tag the field's number
 * @param data its bytes; a reader must {@code duplicate()}
 */
public record RawTaggedField(int tag, ByteBuffer data) {
    /** No tagged fields, as nearly always. */
    public static final List<RawTaggedField> NONE = ElementList.empty();

    public RawTaggedField {
        Objects.requireNonNull(data, "data");
    }

    /** Reads the tag section of a struct that has no known tagged field. */
    public static List<RawTaggedField> readAll(WireReader in) {
        int count = in.readTagCount();
        return count == 0 ? NONE : readAll(in, count);
    }

    private static List<RawTaggedField> readAll(WireReader in, int count) {
        Object[] fields = new Object[count];
        int tag = -1;
        for (int i = 0; i < count; i++) {
            tag = in.readTag(tag);
            int outer = in.enterTagged();
            fields[i] = readOne(in, tag);
            in.leaveTagged(outer);
        }
        return ElementList.owning(fields);
    }

    /** Appends the tagged field the reader is narrowed to; the first one makes the list. */
    public static List<RawTaggedField> readInto(List<RawTaggedField> fields, WireReader in, int tag) {
        List<RawTaggedField> target = fields.isEmpty() ? new ArrayList<>(2) : fields;
        target.add(readOne(in, tag));
        return target;
    }

    /** Writes the unknown fields below a known tag, from index {@code next} on; answers the index of the first one not written. */
    public static int writeBelow(int tag, WireWriter out, List<RawTaggedField> fields, int next) {
        int index = next;
        while (index < fields.size() && fields.get(index).tag < tag) {
            fields.get(index++).write(out);
        }
        if (index < fields.size() && fields.get(index).tag == tag) {
            throw new InvalidRequest("tag " + tag + " is a known field and cannot be among the unknown ones as well");
        }
        return index;
    }

    /** Writes the unknown fields from index {@code next} on. */
    public static void writeFrom(int next, WireWriter out, List<RawTaggedField> fields) {
        for (int index = next; index < fields.size(); index++) {
            fields.get(index).write(out);
        }
    }

    private void write(WireWriter out) {
        out.writeUnsignedVarint(tag);
        out.writeUnsignedVarint(data.remaining());
        out.writeRaw(data);
    }

    private static RawTaggedField readOne(WireReader in, int tag) {
        return new RawTaggedField(tag, in.readSlice(in.remaining()));
    }
}
