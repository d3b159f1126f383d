package dev.kafkaloom.consumer;

/**
 * A member in one generation of its group, as every request has to say it.
 *
 * @param memberId given by the coordinator; empty before
 * @param generation -1 outside of any
 * @param instanceId of a static member (KIP-345), null for a dynamic one
 */
record Membership(String memberId, int generation, String instanceId) {
    /** No member, and static as little as dynamic: who commits so is in no group at work. */
    static final Membership NONE = new Membership("", -1);

    /** A dynamic member. */
    Membership(String memberId, int generation) {
        this(memberId, generation, null);
    }

    /** Not a member yet; {@code instanceId} null for a dynamic one. */
    static Membership ofNew(String instanceId) {
        return new Membership("", -1, instanceId);
    }

    /** As the coordinator has just said. */
    Membership in(String id, int newGeneration) {
        return new Membership(id, newGeneration, instanceId);
    }

    /** The same id, outside of any generation. */
    Membership withoutGeneration() {
        return new Membership(memberId, -1, instanceId);
    }

    boolean isStatic() {
        return instanceId != null;
    }
}
