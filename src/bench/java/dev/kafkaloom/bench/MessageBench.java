package dev.kafkaloom.bench;

import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Messages from bytes and to bytes, both sides with the same content. Read: from an array on the heap, as it comes from the socket. Written:
 * to bytes in one piece; ours into a recycled writer, as {@code network/FrameBuffers} hands it out, theirs as kafka-clients serialises a
 * message, with the size computed first and a buffer for it. What their producer really sends is measured by {@code SendBench}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBench {
    @Param
    public Sample sample;

    private final WireWriter out = new WireWriter(1 << 10);
    private short version;
    private byte[] wire;
    private Sample.OursReader oursReader;
    private Sample.KafkaReader kafkaReader;
    private Message ours;
    private ApiMessage kafka;

    @Setup
    public void setup() {
        version = sample.version;
        oursReader = sample.ours();
        kafkaReader = sample.kafka();
        wire = bytes(MessageUtil.toByteBufferAccessor(sample.content(), version).buffer());
        ours = (Message) readOurs();
        kafka = (ApiMessage) readKafka();
        Same.bytes(sample.label + " written by us", wire, bytes(writeOurs()));
        Same.bytes(sample.label + " written by kafka-clients", wire, bytes(writeKafka()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return copy;
    }

    @Benchmark
    public Object readOurs() {
        WireReader in = new WireReader(wire, 0, wire.length);
        Message message = oursReader.read(in, version);
        in.expectEnd("message");
        return message;
    }

    @Benchmark
    public Object readKafka() {
        return kafkaReader.read(new ByteBufferAccessor(ByteBuffer.wrap(wire)), version);
    }

    @Benchmark
    public ByteBuffer writeOurs() {
        out.reset();
        ours.write(out, version);
        return out.toBuffer();
    }

    @Benchmark
    public ByteBuffer writeKafka() {
        return MessageUtil.toByteBufferAccessor(kafka, version).buffer();
    }
}
