package dev.kafkaloom.cli;

import dev.kafkaloom.testing.RealBroker;

/** On the oldest release. */
class DaemonOn09IT extends DaemonBehaviour {
    DaemonOn09IT() {
        super(RealBroker.OLDEST);
    }
}
