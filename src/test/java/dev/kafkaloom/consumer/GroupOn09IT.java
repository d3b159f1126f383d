package dev.kafkaloom.consumer;

import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the oldest broker: JoinGroup v0, one time-out for sessions and rebalances, no member ids given in advance. */
class GroupOn09IT extends GroupBehaviour {
    GroupOn09IT() {
        super(RealBroker.OLDEST);
    }

    /** Twenty seconds of waiting for sessions: every run does it on the newest broker, the longer ones also on this. */
    @Test
    @Tag("chaos")
    @Override
    void nothingIsLostWhileMembersComeAndGo() throws Exception {
        letMembersComeAndGo();
    }
}
