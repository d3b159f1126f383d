package dev.kafkaloom.matrix;

/** The core suite: what kafka-loom does on every release, in the order of the matrix's columns. Each runs on its own. */
enum Check {
    VERSIONS("versions", VersionChecks::advertised),
    FIRST_ANSWER("first answer", VersionChecks::firstAnswer),
    METADATA("metadata", VersionChecks::metadata),
    RECORDS("produce, consume", RecordChecks::everyCodec),
    LIST_OFFSETS("list offsets", OffsetChecks::list),
    COMMITS("commit, fetch", OffsetChecks::commits),
    GROUP("group of two", GroupCheck::twoMembers),
    PINNED("version pinned", VersionChecks::pinned);

    /** Fails by an AssertionError, or whatever the client throws. */
    interface Body {
        void run(Lab lab) throws Exception;
    }

    private final String title;
    private final Body body;

    Check(String title, Body body) {
        this.title = title;
        this.body = body;
    }

    /** The column's head. */
    String title() {
        return title;
    }

    void run(Lab lab) throws Exception {
        body.run(lab);
    }
}
