package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;

/** The heartbeats of one member in one generation, and for how long none was answered. Used by the member's thread only. */
final class Heartbeats {
    private final CoordinatorCalls calls;
    private final Membership me;
    private long answeredAt = System.nanoTime();
    private long sentAt = System.nanoTime();
    private String trouble = "";

    Heartbeats(CoordinatorCalls calls, Membership me) {
        this.calls = calls;
        this.me = me;
    }

    /**
     * Sends one and waits for its answer; a failure that may pass is remembered as {@link #trouble()}.
     *
     * @return false when the group is being rebalanced
     * @throws Rejoin when the membership is over, or nothing was answered for a whole session
     * @throws KafkaException when it can never work again
     */
    boolean beat() throws InterruptedException {
        sentAt = System.nanoTime();
        try {
            ErrorCode code = calls.heartbeat(me);
            GroupAnswer answer = calls.judge(code, "heartbeat", me);
            if (answer == GroupAnswer.OK || answer == GroupAnswer.REBALANCE) {
                answeredAt = System.nanoTime();
                trouble = "";
                return answer == GroupAnswer.OK;
            }
            trouble = "heartbeat: " + code;
            if (answer.lost()) {
                throw new Rejoin(answer, trouble);
            }
        } catch (KafkaException e) {
            if (e.recovery() == KafkaException.Recovery.GIVE_UP) {
                throw e;
            }
            calls.failed(e);
            trouble = e.oneLine();
        }
        Duration session = calls.sessionTimeout();
        if (System.nanoTime() - answeredAt > session.toNanos()) {
            throw new Rejoin(
                    GroupAnswer.GENERATION_PASSED,
                    "no heartbeat was answered for " + session.toMillis() + " ms: " + trouble);
        }
        return true;
    }

    /** Whether the last one was sent that long ago. */
    boolean isDue(Duration interval) {
        return System.nanoTime() - sentAt >= interval.toNanos();
    }

    /** Why the last one was not answered, empty if it was. */
    String trouble() {
        return trouble;
    }
}
