package dev.kafkaloom.consumer;

/** A {@link RebalanceListener} threw: the member it was called for has failed. The cause is what it threw. */
public final class ListenerFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ListenerFailed(String what, Throwable cause) {
        super("the rebalance listener failed in " + what + ": " + cause, cause);
    }
}
