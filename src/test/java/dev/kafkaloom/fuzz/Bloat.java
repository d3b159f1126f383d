package dev.kafkaloom.fuzz;

import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Messages of a given size that cost as much memory as possible: one list in them has as many elements as there is room for. */
record Bloat(Subject subject, FieldPath list, Style style, byte[] bytes) {
    /** What an element is made of. */
    enum Style {
        /** Null and empty wherever that is allowed: as many elements as possible. */
        SMALLEST,
        /** Of everything that takes little room and makes an object: one letter of text, no bytes, one element, one unknown tag. */
        OBJECTS,
        /** The same, and every tagged field. */
        TAGS
    }

    /** Of every list in the message, in every style. */
    static List<Bloat> all(Subject subject, int size) {
        List<Bloat> all = new ArrayList<>();
        for (FieldPath path : FieldPath.of(subject)) {
            boolean present = path.field().versions().contains(subject.version()) && path.hasRoom(subject.version());
            if (present && path.field().type() instanceof FieldType.Array) {
                for (Style style : Style.values()) {
                    all.add(new Bloat(subject, path, style, new Writing(subject, path, style, size).message()));
                }
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return subject.label() + "." + list.name() + " " + style + ", " + bytes.length + " bytes";
    }

    private static final class Writing {
        private final Subject subject;
        private final FieldPath list;
        private final Style style;
        private final int size;
        private ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writing(Subject subject, FieldPath list, Style style, int size) {
            this.subject = subject;
            this.list = list;
            this.style = style;
            this.size = size;
        }

        byte[] message() {
            struct(subject.spec().fields(), 0);
            return out.toByteArray();
        }

        /** A depth below 0 is off the way to the list. */
        private void struct(List<FieldSpec> fields, int depth) {
            List<FieldSpec> present = fields.stream()
                    .filter(field -> field.versions().contains(subject.version()))
                    .toList();
            for (FieldSpec field : present) {
                if (!field.tagged().contains(subject.version())) {
                    field(field, depth);
                }
            }
            if (!subject.isFlexible()) {
                return;
            }
            List<FieldSpec> tagged = present.stream()
                    .filter(field -> field.tagged().contains(subject.version()))
                    .filter(field -> style == Style.TAGS || isOnTheWay(field, depth))
                    .sorted(Comparator.comparingInt(FieldSpec::tag))
                    .toList();
            varint(tagged.size() + (style == Style.SMALLEST ? 0 : 1));
            for (FieldSpec field : tagged) {
                ByteArrayOutputStream outer = out;
                out = new ByteArrayOutputStream();
                field(field, depth);
                ByteArrayOutputStream inner = out;
                out = outer;
                varint(field.tag());
                varint(inner.size());
                out.writeBytes(inner.toByteArray());
            }
            if (style != Style.SMALLEST) {
                varint(120);
                varint(0);
            }
        }

        private boolean isOnTheWay(FieldSpec field, int depth) {
            return depth >= 0 && list.fields().get(depth).equals(field);
        }

        private void field(FieldSpec field, int depth) {
            boolean onTheWay = isOnTheWay(field, depth);
            boolean here = onTheWay && depth == list.fields().size() - 1;
            boolean nullable = field.nullable().contains(subject.version());
            int below = onTheWay && !here ? depth + 1 : -1;
            switch (field.type()) {
                case Scalar scalar -> scalar(field, scalar, nullable);
                case FieldType.Struct _ -> {
                    if (nullable) {
                        out.write(onTheWay || style != Style.SMALLEST ? 1 : 0xff);
                    }
                    if (!nullable || onTheWay || style != Style.SMALLEST) {
                        struct(subject.inside(field), below);
                    }
                }
                case FieldType.Array array -> {
                    byte[] element = element(field, array, below);
                    int count = here
                            ? Math.max(0, size - out.size() - 40 * list.fields().size()) / element.length
                            : onTheWay || style != Style.SMALLEST ? 1 : 0;
                    length(field, count, 4);
                    for (int i = 0; i < count; i++) {
                        out.writeBytes(element);
                    }
                }
            }
        }

        private byte[] element(FieldSpec field, FieldType.Array array, int depth) {
            ByteArrayOutputStream outer = out;
            out = new ByteArrayOutputStream();
            if (array.element() instanceof Scalar scalar) {
                scalar(field, scalar, false);
            } else {
                struct(subject.inside(field), depth);
            }
            byte[] element = out.toByteArray();
            out = outer;
            return element;
        }

        private void scalar(FieldSpec field, Scalar scalar, boolean nullable) {
            switch (scalar) {
                case BOOL, INT8 -> out.writeBytes(new byte[] {1});
                case INT16, UINT16 -> out.writeBytes(new byte[] {1, 1});
                case INT32, UINT32 -> out.writeBytes(new byte[] {1, 1, 1, 1});
                case INT64, FLOAT64 -> out.writeBytes(new byte[] {1, 1, 1, 1, 1, 1, 1, 1});
                case UUID -> out.writeBytes(new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
                case STRING -> {
                    boolean letter = style != Style.SMALLEST;
                    length(field, letter ? 1 : nullable ? -1 : 0, 2);
                    if (letter) {
                        out.write('x');
                    }
                }
                case BYTES, RECORDS -> length(field, style == Style.SMALLEST && nullable ? -1 : 0, 4);
            }
        }

        private void length(FieldSpec field, int length, int width) {
            if (field.flexible() == null
                    ? subject.isFlexible()
                    : field.flexible().contains(subject.version())) {
                varint(length + 1);
            } else {
                for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
                    out.write(length >> shift);
                }
            }
        }

        private void varint(int value) {
            out.writeBytes(Sample.varint(value, 1));
        }
    }
}
