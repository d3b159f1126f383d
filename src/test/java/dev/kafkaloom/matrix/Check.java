package dev.kafkaloom.matrix;

/** The core suite: what kafka-loom does on every release, in the order of the matrix's columns. Each runs on its own. */
enum Check {
    VERSIONS("versions"),
    FIRST_ANSWER("first answer"),
    METADATA("metadata"),
    RECORDS("produce, consume"),
    LIST_OFFSETS("list offsets"),
    COMMITS("commit, fetch"),
    GROUP("group of two"),
    PINNED("version pinned");

    private final String title;

    Check(String title) {
        this.title = title;
    }

    /** The column's head. */
    String title() {
        return title;
    }

    /** Fails by an AssertionError, or whatever the client throws. */
    void run(Lab lab) throws InterruptedException {
        switch (this) {
            case VERSIONS -> VersionChecks.advertised(lab);
            case FIRST_ANSWER -> VersionChecks.firstAnswer(lab);
            case METADATA -> VersionChecks.metadata(lab);
            case RECORDS -> RecordChecks.everyCodec(lab);
            case LIST_OFFSETS -> OffsetChecks.list(lab);
            case COMMITS -> OffsetChecks.commits(lab);
            case GROUP -> GroupCheck.twoMembers(lab);
            case PINNED -> VersionChecks.pinned(lab);
        }
    }
}
