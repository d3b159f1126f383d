package dev.kafkaloom.history;

import java.util.Locale;

/**
 * Something that must not be.
 *
 * @param what in one line: values, offsets, members, and when
 */
public record Anomaly(Kind kind, String what) {

    /** Jepsen's names where it has one. */
    public enum Kind {
        /** An acknowledged or observed record that the group never got, although it got later ones of the partition. */
        LOST,
        /** The same at the partition's end: nothing after it was got either. */
        UNSEEN,
        /** A value that was delivered and that nobody had sent. */
        PHANTOM,
        /** A value that was delivered although its send failed or its transaction was aborted (G1a). */
        ABORTED_READ,
        /** One value at two offsets. */
        DUPLICATE,
        /** A record that the group got more than once. Counted; an anomaly only where it is denied. */
        REDELIVERED,
        /** Two values at one offset. */
        INCONSISTENT_OFFSETS,
        /** Later sends of a producer have lower offsets. */
        NONMONOTONIC_SEND,
        /** Within one assignment a member got an offset it was past already. */
        NONMONOTONIC_POLL,
        /** Within one assignment a member was led past a record. */
        POLL_SKIP,
        /** An offset was committed past a record that was not done. */
        COMMIT_AHEAD,
        /** An offset was committed for what a member had done only after its partition belonged to another. */
        ZOMBIE_COMMIT,
        /** A committed offset went back. */
        COMMIT_REWOUND,
        /** At rest a partition has two owners. */
        OWNED_TWICE,
        /** At rest a partition has no owner. */
        UNOWNED;

        /** As it is spelled in options and verdicts, for example {@code commit-ahead}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Kind of(String word) {
            try {
                return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "'" + word + "' is no kind of anomaly: " + java.util.List.of(values()), e);
            }
        }
    }
}
