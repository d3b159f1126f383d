package dev.kafkaloom.console;

/** Versions as the definitions spell them: {@code 3}, {@code 1-4}, {@code 2+}, {@code none}; both ends included. */
record ProtocolSpan(int lowest, int highest) {
    static final ProtocolSpan NONE = new ProtocolSpan(0, -1);

    static ProtocolSpan parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.endsWith("+")) {
            return new ProtocolSpan(Integer.parseInt(text.substring(0, text.length() - 1)), Short.MAX_VALUE);
        }
        int dash = text.indexOf('-');
        int lowest = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        return new ProtocolSpan(lowest, dash < 0 ? lowest : Integer.parseInt(text.substring(dash + 1)));
    }

    boolean isEmpty() {
        return highest < lowest;
    }

    boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    boolean covers(ProtocolSpan other) {
        return other.isEmpty() || (lowest <= other.lowest && highest >= other.highest);
    }

    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        if (highest == Short.MAX_VALUE) {
            return lowest + "+";
        }
        return lowest == highest ? String.valueOf(lowest) : lowest + "-" + highest;
    }
}
