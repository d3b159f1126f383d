package dev.kafkaloom.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A value that must not stand in a token's place. */
record Lie(String what, byte[] bytes) {
    private static final HexFormat HEX = HexFormat.of();

    /** All that are tried. */
    static List<Lie> about(Sample sample, Token token) {
        int rest = sample.bytes().length - token.end();
        return switch (token.kind()) {
            case CONTENT -> List.of();
            case TEXT_LENGTH, BYTES_LENGTH, COUNT -> token.compact() ? compact(token, rest) : fixed(token, rest);
            case PRESENCE -> List.of(presence(0), presence(2), presence(127), presence(-2), presence(-128));
            case TAG_COUNT -> varints(rest / 2 + 1L, rest);
            case TAG -> tags(token);
            case TAG_SIZE -> sizes(sample, token, rest);
        };
    }

    private static List<Lie> fixed(Token token, int rest) {
        int width = token.size();
        List<Lie> lies = new ArrayList<>();
        lies.add(number("longer than the rest", rest + 1, width));
        lies.add(number("the highest", width == 2 ? Short.MAX_VALUE : Integer.MAX_VALUE, width));
        lies.add(number("below null", -2, width));
        lies.add(number("the lowest", width == 2 ? Short.MIN_VALUE : Integer.MIN_VALUE, width));
        if (!token.nullable()) {
            lies.add(number("null", -1, width));
        }
        return lies;
    }

    private static List<Lie> compact(Token token, int rest) {
        List<Lie> lies = varints(rest + 2L, rest);
        if (!token.nullable()) {
            lies.add(varint("null", 0));
        }
        return lies;
    }

    /** More than there is, what turns negative as an int, and what no 32 bits hold. */
    private static List<Lie> varints(long tooMany, int rest) {
        List<Lie> lies = new ArrayList<>(overflowing());
        lies.add(varint("more than the " + rest + " bytes left", tooMany));
        lies.add(varint("the highest int", Integer.MAX_VALUE));
        lies.add(varint("the lowest int", 0x8000_0000L));
        lies.add(varint("minus one as an int", 0xffff_ffffL));
        return lies;
    }

    private static List<Lie> overflowing() {
        return List.of(
                new Lie("33 bits", HEX.parseHex("ffffffff1f")),
                new Lie("a sixth byte", HEX.parseHex("ffffffffff01")),
                new Lie("a varint without end", HEX.parseHex("80808080808080808080")));
    }

    private static List<Lie> tags(Token token) {
        List<Lie> lies = new ArrayList<>(overflowing());
        if (token.follows() >= 0) {
            lies.add(varint("the tag before once more", token.follows()));
        }
        if (token.follows() > 0) {
            lies.add(varint("a tag below the one before", token.follows() - 1L));
        }
        return lies;
    }

    private static List<Lie> sizes(Sample sample, Token token, int rest) {
        List<Lie> lies = varints(rest + 1L, rest);
        if (token.known()) {
            int size = sample.bytes()[token.offset()] & 0x7f;
            if (token.size() == 2) {
                size |= sample.bytes()[token.offset() + 1] << 7;
            }
            lies.add(varint("one byte less than the field has", size - 1L));
            lies.add(varint("one byte more than the field has", size + 1L));
        }
        return lies;
    }

    private static Lie presence(int mark) {
        return new Lie("a presence mark of " + mark, new byte[] {(byte) mark});
    }

    private static Lie varint(String what, long value) {
        return new Lie(what, Sample.varint(value, 1));
    }

    private static Lie number(String what, int value, int width) {
        ByteBuffer number = ByteBuffer.allocate(width);
        return new Lie(
                what,
                (width == 2 ? number.putShort((short) Math.min(value, Short.MAX_VALUE)) : number.putInt(value))
                        .array());
    }

    @Override
    public String toString() {
        return what + " (" + HEX.formatHex(bytes) + ")";
    }
}
