package dev.kafkaloom.consumer;

import dev.kafkaloom.testing.RealBroker;

/** On a current broker. */
class GroupIT extends GroupBehaviour {
    GroupIT() {
        super(RealBroker.NEWEST);
    }
}
