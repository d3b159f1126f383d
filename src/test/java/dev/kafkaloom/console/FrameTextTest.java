package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.console.FilledMessages.Filled;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Frame;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTextTest {
    private static final Instant NOON = LocalDate.of(2026, 11, 22)
            .atTime(LocalTime.of(12, 0, 0, 123_000_000))
            .atZone(ZoneId.systemDefault())
            .toInstant();

    static Frame frame(ApiKey api, boolean request, int version, String json) {
        try {
            WireWriter out = new WireWriter(64);
            ProtocolFrame.of(api, request, (short) version, true).encode((Map<?, ?>) Json.read(json), out);
            return frame(api, request, version, out.size(), out.toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Frame frame(ApiKey api, boolean request, int version, int length, byte[] bytes) {
        return new Frame(NOON, "broker-1/control", request, true, api, (short) version, 4, length, bytes);
    }

    private static Frame cut(Frame frame, int kept) {
        return frame(frame.api(), frame.sent(), frame.version(), frame.length(), Arrays.copyOf(frame.bytes(), kept));
    }

    private static Frame metadata() {
        return frame(
                ApiKey.METADATA,
                true,
                4,
                "{\"header\":{\"correlationId\":4,\"clientId\":\"me\"},\"topics\":[{\"name\":\"orders\"}],"
                        + "\"allowAutoTopicCreation\":false}");
    }

    @Test
    void aFrameIsAHeadLineThenJsonThenItsBytes() {
        assertThat(FrameText.of(metadata())).isEqualTo("""
                        12:00:00.123 broker-1/control > Metadata v4 #4 25 bytes
                          {"topics":[{"name":"orders"}],"allowAutoTopicCreation":false}
                          0000  00 03 00 04 00 00 00 04  00 02 6d 65 00 00 00 01  ..........me....
                          0010  00 06 6f 72 64 65 72 73  00                       ..orders.""");
    }

    @Test
    void theBytesCanBePastedIntoProtocolDecode() throws Exception {
        Object hex = FrameText.data(metadata()).get("hex");
        ProtocolRun run = ProtocolRun.of("decode", "--header", String.valueOf(hex));
        assertThat(run.json().getFirst()).contains("\"clientId\":\"me\"").contains("\"name\":\"orders\"");
    }

    @Test
    void aResponseIsReadInTheVersionOfItsRequest() {
        Frame frame = frame(ApiKey.LIST_GROUPS, false, 0, "{\"errorCode\":15,\"groups\":[]}");
        assertThat(FrameText.withoutBytes(frame))
                .isEqualTo(
                        "12:00:00.123 broker-1/control < ListGroups v0 #4 10 bytes\n  {\"errorCode\":15,\"groups\":[]}");
    }

    @Test
    void aRefusalOfApiVersionsIsReadInVersionZero() {
        byte[] refusal = {0, 0, 0, 4, 0, 35, 0, 0, 0, 0};
        Frame frame = frame(ApiKey.API_VERSIONS, false, 4, refusal.length, refusal);
        assertThat(FrameText.withoutBytes(frame)).contains("{\"errorCode\":35,\"apiKeys\":[]}");
    }

    @Test
    void ofACutFrameWhatIsThereIsReadAndItIsSaidWhereItWasCut() {
        Frame whole = frame(
                ApiKey.METADATA,
                true,
                4,
                "{\"topics\":[{\"name\":\"orders\"},{\"name\":\"payments\"}],\"allowAutoTopicCreation\":false}");
        Frame cut = cut(whole, whole.length() - 4);
        assertThat(FrameText.withoutBytes(cut))
                .contains("\n  {\"topics\":[{\"name\":\"orders\"},{}]}\n")
                .endsWith("\n  cut after " + (whole.length() - 4) + " of " + whole.length() + " bytes");
        assertThat(FrameText.of(cut)).contains("\n  0000  00 03 00 04");
    }

    @Test
    void aFrameCutInsideItsHeaderIsSaidToBe() {
        assertThat(FrameText.withoutBytes(cut(metadata(), 5)))
                .startsWith("12:00:00.123 broker-1/control > Metadata v4 #4 25 bytes\n  not readable: ");
    }

    @Test
    void bytesThatAreNoSuchMessageAreShownWithTheReason() {
        byte[] garbage = {0, 0, 0, 4, 1, 2, 3};
        assertThat(FrameText.of(frame(ApiKey.LIST_GROUPS, false, 0, garbage.length, garbage)))
                .contains("\n  not readable: ")
                .endsWith("\n  0000  00 00 00 04 01 02 03                              .......");
    }

    @Test
    void anAnswerToNothingIsShownAsWhatItIs() {
        byte[] bytes = {0, 0, 3, (byte) 0xe8, 7};
        Frame frame = new Frame(NOON, "broker-1/control", false, false, null, (short) 0, 1000, bytes.length, bytes);
        assertThat(FrameText.of(frame))
                .startsWith("12:00:00.123 broker-1/control < where nothing was due: #1000 5 bytes\n"
                        + "  nobody waits for an answer of this number\n  0000  00 00 03 e8 07");
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void theBeginningOfAnyMessageIsReadAsTheWholeIs(ApiKey api) throws IOException {
        for (boolean request : new boolean[] {true, false}) {
            ProtocolSpan versions = ProtocolMessage.of(api, request).versions();
            for (int version = versions.lowest(); version <= versions.highest(); version++) {
                Filled filled = FilledMessages.of(api, request, (short) version);
                byte[] bytes = filled.frame();
                Object whole = FrameText.data(frame(api, request, version, bytes.length, bytes))
                        .get("body");
                // longer than it is: all is there, and yet the reader for beginnings is used
                Object read = FrameText.data(frame(api, request, version, bytes.length + 1, bytes))
                        .get("body");
                assertThat(Json.read(Json.write(read)))
                        .as("%s v%d", api, version)
                        .isEqualTo(Json.read(Json.write(whole)));
            }
        }
    }

    @Test
    void asDataAFrameHasTheSameParts() {
        assertThat(FrameText.data(metadata()))
                .containsEntry("connection", "broker-1/control")
                .containsEntry("direction", "sent")
                .containsEntry("api", "Metadata")
                .containsEntry("length", 25)
                .containsEntry("at", NOON.toString())
                .containsEntry("hex", "000300040000000400026d650000000100066f726465727300")
                .containsKey("body")
                .doesNotContainKey("remark");
    }

    @Test
    void theHeadingSaysHowAConnectionStands() {
        BrokerAddress peer = new BrokerAddress(1, "kafka.example", 9092);
        KafkaException end = new KafkaException.ConnectionBroken(peer.toString(), "the broker hung up", null);
        assertThat(FrameText.of(new ConnectionFrames("broker-1/control", peer, NOON, Optional.empty(), List.of())))
                .isEqualTo("connection broker-1/control to broker 1 (kafka.example:9092), open; no frames");
        assertThat(FrameText.of(
                        new ConnectionFrames("broker-1/control", peer, NOON, Optional.of(end), List.of(metadata()))))
                .startsWith("connection broker-1/control to broker 1 (kafka.example:9092), over: ")
                .contains("the broker hung up; 1 frame\n12:00:00.123 broker-1/control > Metadata");
    }

    @Test
    void behindAFailureAreTheConnectionsThatItEndedElseAll() {
        BrokerAddress peer = new BrokerAddress(1, "kafka.example", 9092);
        KafkaException end = new KafkaException.ConnectionBroken(peer.toString(), "the broker hung up", null);
        var broken = new ConnectionFrames("broker-1/fetch", peer, NOON, Optional.of(end), List.of());
        var open = new ConnectionFrames("broker-1/control", peer, NOON, Optional.empty(), List.of());
        assertThat(FrameText.behind(new IllegalStateException(end), List.of(broken, open)))
                .containsExactly(broken);
        assertThat(FrameText.behind(new IllegalStateException("other"), List.of(broken, open)))
                .containsExactly(broken, open);
    }
}
