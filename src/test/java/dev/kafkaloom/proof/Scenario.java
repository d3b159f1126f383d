package dev.kafkaloom.proof;

import java.util.Locale;

/** Short ones, on one broker. Each answers what it has seen in one line, and throws when it is not as it should be. */
enum Scenario {
    /** read_committed over aborted and open transactions of the Java client. */
    ABORTED,
    /** A topic is deleted and made again under the same name. */
    RECREATED,
    /** A topic gets more partitions while records flow. */
    GROWN,
    /** A member dies before its first commit, with auto.offset.reset=largest. */
    FIRST_COMMIT,
    /** Records that a member has not got yet are deleted. */
    DELETED,
    /** The same by retention. */
    RETENTION,
    /** A batch in the log is damaged. */
    CORRUPT;

    String run(ProofLab lab) throws Exception {
        return switch (this) {
            case ABORTED -> new AbortedProof(lab).run();
            case RECREATED -> new RecreatedProof(lab).run();
            case GROWN -> new GrownProof(lab).run();
            case FIRST_COMMIT -> new FirstCommitProof(lab).run();
            case DELETED -> new DeletedProof(lab).run();
            case RETENTION -> new RetentionProof(lab).run();
            case CORRUPT -> new CorruptProof(lab).run();
        };
    }

    /** As its line is called, for example {@code first-commit}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Scenario of(String line) {
        return valueOf(line.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
