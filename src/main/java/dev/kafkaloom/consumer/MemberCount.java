package dev.kafkaloom.consumer;

/** How many members of a group this process runs. */
public sealed interface MemberCount {

    /** Exactly so many; more than a topic has partitions is refused, because the rest would idle. */
    record Fixed(int members) implements MemberCount {
        /** At least one. */
        public Fixed {
            if (members < 1) {
                throw new IllegalArgumentException("members: " + members + " must be at least 1, or auto");
            }
        }

        @Override
        public String toString() {
            return Integer.toString(members);
        }
    }

    /** As many as the subscribed topic with the most partitions has, following it when it grows. */
    record Auto() implements MemberCount {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** {@code auto} or a number of at least 1; anything else is an {@link IllegalArgumentException} that says so. */
    static MemberCount parse(String text) {
        if (text.strip().equalsIgnoreCase("auto")) {
            return new Auto();
        }
        try {
            return new Fixed(Integer.parseInt(text.strip()));
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("members: '" + text + "' is neither a number nor auto");
        }
    }
}
