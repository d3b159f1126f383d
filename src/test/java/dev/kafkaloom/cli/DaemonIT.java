package dev.kafkaloom.cli;

import dev.kafkaloom.testing.RealBroker;

/** On the newest release. */
class DaemonIT extends DaemonBehaviour {
    DaemonIT() {
        super(RealBroker.NEWEST);
    }
}
