package dev.kafkaloom.message;

import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.StructSpec;
import dev.kafkaloom.protocol.Uuid;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Fills a message by its definition with random values, in the map form: only what the version has, null only where it is allowed. */
final class RandomMessage {
    /** How much is filled. */
    enum Density {
        /** Nothing null, every tagged field set, no array empty. */
        FULL,
        /** Some of everything. */
        MIXED,
        /** Null and empty wherever possible, no tagged field. */
        SPARSE
    }

    private static final List<String> TEXTS =
            List.of("", "a", "orders", "größe", "日本語", "\uD83D\uDE80 rocket", "x".repeat(200));

    private final MessageSpec message;
    private final int version;
    private final Density density;
    private final Random random;

    RandomMessage(MessageSpec message, int version, Density density, long seed) {
        this.message = message;
        this.version = version;
        this.density = density;
        this.random = new Random(seed * 31
                + message.name().hashCode() * 1009L
                + version * 17L
                + density.name().hashCode());
    }

    Map<String, Object> fill() {
        return struct(message.fields());
    }

    private Map<String, Object> struct(List<FieldSpec> fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (FieldSpec field : fields) {
            boolean leftOut = field.isTagged() && chance(1.0, 0.55, 0.0) == 0;
            if (field.versions().contains(version) && !leftOut) {
                map.put(
                        Character.toLowerCase(field.name().charAt(0))
                                + field.name().substring(1),
                        value(field));
            }
        }
        return map;
    }

    private Object value(FieldSpec field) {
        if (field.nullable().contains(version) && chance(0.0, 0.4, 1.0) == 1) {
            return null;
        }
        if (field.type() instanceof FieldType.Array array) {
            List<Object> list = new ArrayList<>();
            int size = switch (density) {
                case FULL -> 1 + random.nextInt(3);
                case MIXED -> random.nextInt(4);
                case SPARSE -> 0;
            };
            for (int i = 0; i < size; i++) {
                list.add(single(field, array.element()));
            }
            return list;
        }
        return single(field, field.type());
    }

    private Object single(FieldSpec field, FieldType type) {
        return switch (type) {
            case Scalar scalar -> scalar(scalar);
            case FieldType.Struct struct ->
                struct(
                        field.fields().isEmpty()
                                ? message.common(struct.name())
                                        .map(StructSpec::fields)
                                        .orElseThrow()
                                : field.fields());
            case FieldType.Array _ -> throw new AssertionError(field.name());
        };
    }

    private Object scalar(Scalar scalar) {
        return switch (scalar) {
            case BOOL -> random.nextBoolean();
            case INT8 -> (int) (byte) number();
            case INT16 -> (int) (short) number();
            case INT32 -> (int) number();
            case INT64 -> number();
            case UINT16 -> (int) (number() & 0xffff);
            case UINT32 -> number() & 0xffff_ffffL;
            case FLOAT64 -> random.nextInt(5) == 0 ? -0.0 : random.nextGaussian() * 1e9;
            case UUID ->
                random.nextInt(5) == 0
                        ? Uuid.ZERO.toString()
                        : new Uuid(random.nextLong(), random.nextLong()).toString();
            case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
            case BYTES, RECORDS -> bytes();
        };
    }

    /** Of every magnitude, the edges included. */
    private long number() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Long.MAX_VALUE;
            case 3 -> Long.MIN_VALUE;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private String bytes() {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private int chance(double full, double mixed, double sparse) {
        double probability = switch (density) {
            case FULL -> full;
            case MIXED -> mixed;
            case SPARSE -> sparse;
        };
        return random.nextDouble() < probability ? 1 : 0;
    }
}
