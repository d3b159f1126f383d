package dev.kafkaloom.fuzz;

/**
 * Something of a message's bytes that has a meaning of its own.
 *
 * @param path of the field, with the message, its version and list indexes, as errors name it
 * @param size in bytes
 * @param compact whether it is a varint, lengths and counts being one higher than what they mean
 * @param nullable whether the version allows null here
 * @param follows the tag before a tag, -1 for none and for what is no tag
 * @param known whether a tag's size belongs to a field of the definition
 */
record Token(
        String path, Kind kind, int offset, int size, boolean compact, boolean nullable, int follows, boolean known) {
    /** What the bytes mean. */
    enum Kind {
        /** Numbers, text, bytes: whatever stands there is valid. */
        CONTENT,
        /** Of text, in two bytes or a varint. */
        TEXT_LENGTH,
        /** Of bytes, in four bytes or a varint. */
        BYTES_LENGTH,
        /** Of elements, in four bytes or a varint. */
        COUNT,
        /** Before a nullable struct. */
        PRESENCE,
        TAG_COUNT,
        TAG,
        TAG_SIZE
    }

    Token moved(int by) {
        return new Token(path, kind, offset + by, size, compact, nullable, follows, known);
    }

    int end() {
        return offset + size;
    }

    /** Whether an error may name this path for something wrong here: the field, a list around it, or the tag section around it. */
    boolean explains(String where) {
        if (kind == Kind.TAG_SIZE && (where.startsWith(path + ".") || where.startsWith(path + "["))) {
            return true; // shorter than its content: what is last in there is cut off
        }
        String section = ".tagged fields";
        if (where.endsWith(section)) {
            String struct = where.substring(0, where.length() - section.length());
            return path.startsWith(struct + ".");
        }
        return path.equals(where) || path.startsWith(where + ".") || path.startsWith(where + "[");
    }
}
