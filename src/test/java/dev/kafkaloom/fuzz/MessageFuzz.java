package dev.kafkaloom.fuzz;

import dev.kafkaloom.fuzz.Guard.Finding;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The readers of messages, for a fuzzer: the first byte of an input chooses the message, the second its version, the rest is read.
 * Whatever is not refused must survive being written and read again, and some of it the way through its map form.
 */
public final class MessageFuzz {
    /** Those that decide about what a client does, and of each way to build a message some; a fuzzer learns little about two hundred. */
    private static final List<String> NAMES = List.of(
            "ApiVersionsRequest",
            "ApiVersionsResponse",
            "ConsumerGroupHeartbeatResponse",
            "ConsumerProtocolAssignment",
            "ConsumerProtocolSubscription",
            "CreateTopicsRequest",
            "DescribeConfigsResponse",
            "DescribeGroupsResponse",
            "DescribeTopicPartitionsResponse",
            "FetchRequest",
            "FetchResponse",
            "FindCoordinatorResponse",
            "JoinGroupRequest",
            "JoinGroupResponse",
            "ListOffsetsResponse",
            "MetadataRequest",
            "MetadataResponse",
            "OffsetCommitRequest",
            "OffsetFetchRequest",
            "OffsetFetchResponse",
            "ProduceRequest",
            "ProduceResponse",
            "RequestHeader",
            "ResponseHeader",
            "ShareFetchResponse",
            "StreamsGroupHeartbeatRequest",
            "SyncGroupRequest",
            "SyncGroupResponse");

    private static final int HEADER = 2;
    private static final List<MessageSpec> MESSAGES = Subject.messages().stream()
            .filter(spec -> NAMES.contains(spec.name()))
            .toList();
    private static final Guard GUARD = new Guard();

    private MessageFuzz() {}

    /** Called by Jazzer, once an input. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length >= HEADER) {
            check(subject(input), content(input), GUARD);
        }
    }

    /** Called by Jazzer at the end. */
    public static void fuzzerTearDown() {
        System.out.println("messages: " + GUARD.summary());
    }

    static void check(Subject subject, byte[] bytes, Guard guard) {
        try {
            guard.run(subject.label(), bytes.length, () -> outcome(subject, bytes));
        } catch (Throwable e) {
            throw new Finding(e + "\nfor the corpus: " + Corpus.line(subject, bytes), e);
        }
    }

    private static String outcome(Subject subject, byte[] bytes) {
        Message message;
        try {
            message = subject.read(bytes);
        } catch (MalformedMessage e) {
            if (!e.where().startsWith(subject.label())) {
                throw new Finding("does not say where: " + e.oneLine(), e);
            }
            return e.oneLine();
        }
        return survives(subject, message);
    }

    private static String survives(Subject subject, Message message) {
        byte[] written;
        try {
            written = subject.write(message);
        } catch (InvalidRequest e) {
            if (message.toString().contains("\uFFFD")) {
                return "not valid UTF-8, and too long to be written with what stands for that";
            }
            throw e;
        }
        Message again = subject.read(written);
        if (!again.equals(message)) {
            throw new Finding("reads differently when written again: " + message + " and " + again, null);
        }
        if (!Arrays.equals(subject.write(again), written)) {
            throw new Finding("is written differently the second time: " + message, null);
        }
        if (Arrays.hashCode(written) % 8 == 0) { // the costliest part
            Map<String, Object> map = message.toMap(subject.version());
            if (!subject.fromMap(map).equals(message)) {
                throw new Finding("the map form says something else: " + map, null);
            }
        }
        return "read";
    }

    /** Those that are fuzzed, in every version. */
    static List<Subject> subjects() {
        return Subject.all().stream()
                .filter(subject -> MESSAGES.contains(subject.spec()))
                .toList();
    }

    static byte[] input(Subject subject, byte[] bytes) {
        byte[] input = new byte[HEADER + bytes.length];
        input[0] = (byte) MESSAGES.indexOf(subject.spec());
        input[1] = (byte) (subject.version() - subject.spec().valid().lowest());
        System.arraycopy(bytes, 0, input, HEADER, bytes.length);
        return input;
    }

    static byte[] content(byte[] input) {
        return Arrays.copyOfRange(input, HEADER, input.length);
    }

    static Subject subject(byte[] input) {
        MessageSpec spec = MESSAGES.get((input[0] & 0xff) % MESSAGES.size());
        int versions = spec.valid().highest() - spec.valid().lowest() + 1;
        return new Subject(spec, (short) (spec.valid().lowest() + (input[1] & 0xff) % versions));
    }
}
