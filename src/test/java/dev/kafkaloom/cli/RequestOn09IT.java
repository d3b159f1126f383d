package dev.kafkaloom.cli;

import dev.kafkaloom.testing.RealBroker;
import org.junit.jupiter.api.Test;

/** On the oldest release. */
class RequestOn09IT extends RequestBehaviour {
    RequestOn09IT() {
        super(RealBroker.OLDEST);
    }

    @Test
    void whatCameLaterIsRefusedWithTheReleasesThatKnowIt() {
        refused(run("ApiVersions"), "Kafka 0.9.0.1", "does not know ApiVersions", "0.10.0+");
        refused(run("DescribeCluster"), "does not know DescribeCluster", "2.8+");
        refused(run("Metadata", "--version", "1"), "Metadata v1", "v0", "v0-v13");
    }
}
