package dev.kafkaloom.fake;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.VersionRange;
import java.io.IOException;
import java.time.Duration;

/** Serves one connection of a fake broker, one request at a time; its thread's alone. */
final class FakeConnection {
    private static final int NAMES_ITS_VERSION_SINCE = 3; // KIP-511, with ApiVersions v3

    private final FakeBroker broker;
    private final FakeWire wire;
    private final int number;

    FakeConnection(FakeBroker broker, FakeWire wire, int number) {
        this.broker = broker;
        this.wire = wire;
        this.number = number;
    }

    /** Returns when the connection is to be closed. */
    void serve() throws IOException, InterruptedException {
        boolean goesOn = true;
        while (goesOn) {
            byte[] frame = wire.read();
            broker.awaitThaw();
            goesOn = frame != null && answer(frame);
        }
    }

    private boolean answer(byte[] frame) throws IOException, InterruptedException {
        FakeWire.Head head = FakeWire.head(frame);
        ApiVersions versions = broker.versions();
        VersionRange range =
                head.api() == null ? null : versions.range(head.api()).orElse(null);
        if (range == null || !range.contains(head.version())) {
            return refuse(head, versions);
        }
        Received request = FakeWire.request(frame, number);
        broker.received(request);
        return answer(request, broker.faultFor(request.api()));
    }

    private boolean answer(Received request, Fault fault) throws IOException, InterruptedException {
        Fault left = fault;
        if (fault instanceof Fault.Delay(Duration by)) {
            Thread.sleep(by); // before the handler is asked, as what is slow is the broker
            left = new Fault.None();
        }
        if (fault instanceof Fault.Drop) {
            return true;
        }
        if (fault instanceof Fault.HangUp) {
            return false;
        }
        Response response = broker.respond(request);
        if (response != null && fault instanceof Fault.Throttle(Duration time)) {
            response = FakeAnswers.throttled(response, (int) time.toMillis());
        }
        return response == null || wire.send(request, response, left);
    }

    /** 0.9 stays silent; a version of ApiVersions that is too new is answered in v0; anything else ends the connection. */
    private boolean refuse(FakeWire.Head head, ApiVersions versions) throws IOException {
        VersionRange own = versions.range(ApiKey.API_VERSIONS).orElse(null);
        if (own == null) {
            return true;
        }
        if (head.api() != ApiKey.API_VERSIONS) {
            return false;
        }
        boolean saysWhich = own.highest() >= NAMES_ITS_VERSION_SINCE;
        wire.sendRefusal(head.correlationId(), FakeAnswers.refusal(saysWhich ? own : null));
        return true;
    }
}
