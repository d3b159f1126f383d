package dev.kafkaloom.network;

import dev.kafkaloom.bench.Produced;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.ProduceResponse;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.requests.RequestHeader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A Produce request from the object to the memory that the kernel reads, header and length included, by what either client really runs:
 * ours encodes in one piece, into a recycled array, and copies it into the connection's direct buffer; kafka-clients writes its fields around the records, which
 * are not copied until the channel takes them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SendBench {
    private static final int CORRELATION_ID = 1234;
    private static final String CLIENT_ID = "bench";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Param("12")
    public short version;

    private final KernelBuffer kernel = new KernelBuffer();
    private final FrameWriter out = new FrameWriter(kernel);
    private final FrameBuffers buffers = new FrameBuffers();
    private final Slot.Origin origin = new Slot.Origin("broker 1 (localhost:9092)", CLIENT_ID, CORRELATION_ID, buffers);
    private ProduceRequest ours;
    private ProduceRequestData kafka;

    @Setup
    public void setup() throws IOException {
        kafka = Produced.kafka();
        ours = Produced.ours(version);
        byte[] oursBytes = kernel.recorded(this::sendOurs);
        byte[] kafkaBytes = kernel.recorded(this::sendKafka);
        if (!Arrays.equals(oursBytes, kafkaBytes)) {
            throw new IllegalStateException("frames of " + oursBytes.length + " and " + kafkaBytes.length + " bytes");
        }
    }

    @Benchmark
    public long sendOurs() throws IOException {
        Slot<ProduceResponse> slot = Slot.of(ours, version, origin, DEADLINE);
        WireWriter frame = slot.takeFrame();
        out.write(frame.toBuffer());
        buffers.giveBack(frame);
        out.flush();
        return kernel.written();
    }

    @Benchmark
    public long sendKafka() throws IOException {
        Send send = SendBuilder.buildRequestSend(
                new RequestHeader(ApiKeys.PRODUCE, version, CLIENT_ID, CORRELATION_ID), kafka);
        while (!send.completed()) {
            send.writeTo(kernel);
        }
        return kernel.written();
    }
}
