package dev.kafkaloom.storm;

import dev.kafkaloom.fake.Fault;
import java.time.Duration;

/** The faults that are in the air. */
final class Weather {
    /** The client of the storm accepts frames up to this. */
    static final int MAX_FRAME = 1 << 20;

    private static final Fault[] OF_BROKERS = {
        new Fault.Drop(),
        new Fault.HangUp(),
        new Fault.Reset(),
        new Fault.Delay(Duration.ofMillis(30)),
        new Fault.Truncate(),
        new Fault.BlackHole(),
        new Fault.CutAfter(200),
        new Fault.WrongCorrelationId(),
        new Fault.Announce(-1),
        new Fault.Announce(4 << 10),
        new Fault.Announce(Integer.MAX_VALUE),
        new Fault.Oversize(MAX_FRAME + 1),
        new Fault.Drip(3, Duration.ofMillis(1)),
        new Fault.Rate(5000),
        new Fault.Duplicate(),
        new Fault.Reorder(),
        new Fault.Throttle(Duration.ofMillis(40)),
        new Fault.Body(new byte[] {0x7f, 0x3c, 0, 0, 1, -1, -1, 0x55}),
    };

    private static final Fault[] OF_THE_NETWORK = {
        new Fault.Drop(),
        new Fault.HangUp(),
        new Fault.Reset(),
        new Fault.Delay(Duration.ofMillis(30)),
        new Fault.Truncate(),
        new Fault.BlackHole(),
        new Fault.CutAfter(150),
        new Fault.WrongCorrelationId(),
        new Fault.Announce(2),
        new Fault.Oversize(MAX_FRAME + 1),
        new Fault.Drip(3, Duration.ofMillis(1)),
        new Fault.Rate(5000),
        new Fault.Duplicate(),
        new Fault.Reorder(),
        new Fault.Garble(),
    };

    private Weather() {}

    static Fault[] ofBrokers() {
        return OF_BROKERS.clone();
    }

    static Fault[] ofTheNetwork() {
        return OF_THE_NETWORK.clone();
    }
}
