package dev.kafkaloom.ordeal;

import java.util.Locale;

/** Something that no daemon may do, whatever is killed. */
enum Wrong {
    /** A record of the log that no sink was ever done with, and that is no dead letter. */
    LOST,
    /** A record was acknowledged to the producer and is not in the log: not ours, but then nothing else counts. */
    LOG_LOST,
    /** The sink got a record, or a dead letter was written, that is not in the log. */
    PHANTOM,
    /** Key, value, timestamp or headers are not those of the log. */
    MANGLED,
    /** The sink was done with a record for the first time before it was with its predecessor of the same key. */
    OUT_OF_ORDER,
    /** The sink got a record for the first time before it was done with its predecessor of the same key. */
    BEGUN_EARLY,
    /** Within one process the sink had two records at once that have to wait for each other. */
    OVERLAPPED,
    /** An offset was committed past a record that nobody was done with. DIRECTLY only: elsewhere it is stored. */
    COMMIT_AHEAD,
    /** A committed offset went back. */
    COMMIT_REWOUND,
    /** A record was done again, although its being done was safe before whatever had happened. */
    STALE,
    /** More records were done again after one kill than may be in hand and not committed. */
    TOO_MANY_AGAIN;

    /** As it is spelled in verdicts, for example {@code commit-ahead}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
