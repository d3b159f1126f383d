package dev.kafkaloom.consumer;

/** Unwinds a member's loop to its start: the generation it is in is over. Never leaves this package; has no stack trace. */
final class Rejoin extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean forgotten;

    /** {@code answer} is what the coordinator said. */
    Rejoin(GroupAnswer answer, String why) {
        super(why, null, false, false);
        forgotten = answer == GroupAnswer.FORGOTTEN;
    }

    /** What is left of a membership after this. */
    Membership after(Membership before) {
        return forgotten ? Membership.NONE : before.withoutGeneration();
    }
}
