package dev.kafkaloom.consumer;

/** On the oldest broker: JoinGroup v0, one time-out for sessions and rebalances, no member ids given in advance. */
class GroupOn09IT extends GroupBehaviour {
    GroupOn09IT() {
        super("0.9.0.1");
    }
}
