package dev.kafkaloom.consumer;

/** Whether a member that is closed says good-bye to its group, whose others then share its partitions at once: {@code leave.on.close}. */
public enum LeaveOnClose {
    /** Dynamic members leave; static ones (KIP-345) stay members until they are back or their session runs out. */
    AUTO,
    /** Static members leave, too: for a process that does not come back. */
    ALWAYS,
    /** Nobody leaves: the partitions stay where they are until the session runs out, or the static member is back. */
    NEVER;

    /** Whether a member leaves when it is closed. */
    public boolean leaves(boolean isStatic) {
        return switch (this) {
            case AUTO -> !isStatic;
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }
}
