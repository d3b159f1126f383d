package dev.kafkaloom.consumer;

/** Unwinds a member's loop to its start: the generation it is in is over. Never leaves this package; has no stack trace. */
final class Rejoin extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final GroupAnswer answer;

    /** {@code answer} is what the coordinator said. */
    Rejoin(GroupAnswer answer, String why) {
        super(why, null, false, false);
        this.answer = answer;
    }

    /** Whether what the member owned may be somebody else's already. */
    boolean lost() {
        return answer.lost();
    }

    /** What is left of a membership after this. */
    Membership after(Membership before) {
        return answer == GroupAnswer.FORGOTTEN ? Membership.ofNew(before.instanceId()) : before.withoutGeneration();
    }
}
