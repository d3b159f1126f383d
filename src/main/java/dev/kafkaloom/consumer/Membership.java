package dev.kafkaloom.consumer;

/** A member in one generation of its group, as every request has to say it. */
record Membership(String memberId, int generation) {
    /** Not a member yet. */
    static final Membership NONE = new Membership("", -1);

    /** The same id, outside of any generation. */
    Membership withoutGeneration() {
        return new Membership(memberId, -1);
    }
}
