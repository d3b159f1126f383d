package dev.kafkaloom.consumer;

import dev.kafkaloom.testing.RealBroker;

/** On the oldest broker: JoinGroup v0, one time-out for sessions and rebalances, no member ids given in advance. */
class GroupOn09IT extends GroupBehaviour {
    GroupOn09IT() {
        super(RealBroker.OLDEST);
    }
}
