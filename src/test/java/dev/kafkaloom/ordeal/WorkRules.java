package dev.kafkaloom.ordeal;

import java.time.Duration;

/**
 * What a run has to keep to.
 *
 * @param ordering which records wait for each other
 * @param direct whether nothing is stored: then an offset may be committed only behind what the sink is done with
 * @param mostAgain so many records may be done again after one kill
 * @param safeAfter so long after it was done, a record is not done again because of a later kill. Not asked when nothing is stored: what is
 *     committed counts then
 */
record WorkRules(Order ordering, boolean direct, long mostAgain, Duration safeAfter) {
    /** Within the same partition. */
    enum Order {
        PARTITION,
        KEY,
        UNORDERED
    }
}
