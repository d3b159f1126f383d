package dev.kafkaloom.conformance;

import dev.kafkaloom.conformance.Sample.Kind;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Values of the types that are no struct and no array, with a liking for edges. */
final class RandomValues {
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "orders",
            "größe",
            "日本語",
            "\uD83D\uDE80 rocket",
            "\"quoted\" \\ / \t\n\0\u001f\u007f",
            "\u2028\uFEFF\uFFFF",
            "x".repeat(126),
            "x".repeat(127),
            "é".repeat(64),
            "y".repeat(300));
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.5,
        1.0,
        1e21,
        123456789.125,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL / 3,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final int LONGEST_STRING = Short.MAX_VALUE;

    private final SplittableRandom random;
    private final Kind kind;
    private boolean longString;
    private boolean longBytes;

    RandomValues(SplittableRandom random, Kind kind) {
        this.random = random;
        this.kind = kind;
        this.longString = kind == Kind.LONG;
        this.longBytes = kind == Kind.LONG;
    }

    Object scalar(String type) {
        return switch (type) {
            case "bool" -> edge(false, true, false, random.nextBoolean());
            case "int8" -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "int16" -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
            case "int32" -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "int64" -> integer(Long.MIN_VALUE, Long.MAX_VALUE);
            case "uint16" -> integer(0, 0xffff);
            case "uint32" -> integer(0, 0xffff_ffffL);
            case "float64" -> edge(-Double.MAX_VALUE, Double.MAX_VALUE, 0.0, DOUBLES[random.nextInt(DOUBLES.length)]);
            case "uuid" -> edge(new UUID(Long.MIN_VALUE, 0), new UUID(-1, -1), new UUID(0, 0), uuid());
            case "string" -> edge("", "\uD83D\uDE80".repeat(100), "", text());
            case "bytes", "records" -> edge(new byte[0], new byte[] {-1}, new byte[0], bytes());
            default -> throw new AssertionError("a type that Kafka did not have: " + type);
        };
    }

    byte[] bytes() {
        int size = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 126 + random.nextInt(3);
            default -> 1 + random.nextInt(40);
        };
        if (longBytes) {
            longBytes = false;
            size = random.nextBoolean() ? 16_382 + random.nextInt(3) : 40_000;
        }
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T edge(T lowest, T highest, T zero, T other) {
        return switch (kind) {
            case LOWEST -> lowest;
            case HIGHEST -> highest;
            case ZERO -> zero;
            default -> other;
        };
    }

    /** Of every magnitude, the edges included. */
    private long integer(long lowest, long highest) {
        long other = switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> lowest < 0 ? -1 : 1;
            case 2 -> random.nextBoolean() ? lowest : highest;
            default -> {
                long any = random.nextLong() >> random.nextInt(64);
                yield any < lowest || any > highest ? Math.floorMod(any, highest) : any;
            }
        };
        return edge(lowest, highest, 0L, other);
    }

    private UUID uuid() {
        return random.nextInt(5) == 0 ? new UUID(0, 0) : new UUID(random.nextLong(), random.nextLong());
    }

    private String text() {
        if (longString) {
            longString = false;
            return "z".repeat(random.nextBoolean() ? 16_382 + random.nextInt(3) : LONGEST_STRING);
        }
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
