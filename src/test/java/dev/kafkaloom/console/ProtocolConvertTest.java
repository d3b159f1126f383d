package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolConvertTest {
    private static final String METADATA_V9 = "02076f72646572730000000000";
    private static final String METADATA_JSON = "{\"topics\":[{\"name\":\"orders\"}],\"allowAutoTopicCreation\":false,"
            + "\"includeClusterAuthorizedOperations\":false,\"includeTopicAuthorizedOperations\":false}";
    private static final String FRAME = "0012 0003 00000007 0002 6d65 00 0278 0231 00";
    private static final String FRAME_JSON =
            "{\"header\":{\"requestApiKey\":18,\"requestApiVersion\":3,\"correlationId\":7,"
                    + "\"clientId\":\"me\"},\"clientSoftwareName\":\"x\",\"clientSoftwareVersion\":\"1\"}";

    @TempDir
    Path folder;

    private static ProtocolRun decode(String... words) throws Exception {
        return ProtocolRun.of(prefixed("decode", words));
    }

    private static String encode(String... words) throws Exception {
        return ProtocolRun.of(prefixed("encode", words)).text();
    }

    private static String[] prefixed(String action, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = action;
        System.arraycopy(words, 0, all, 1, words.length);
        return all;
    }

    @Test
    void bytesBecomeJsonAndJsonTheSameBytes() throws Exception {
        assertThat(decode("--api", "Metadata", "--version", "9", "--request", METADATA_V9)
                        .json())
                .containsExactly(METADATA_JSON);
        assertThat(encode("--api", "3", "--version", "9", "--request", METADATA_JSON))
                .isEqualTo(METADATA_V9);
    }

    @Test
    void peopleSeeTheJsonOverSeveralLines() throws Exception {
        assertThat(decode("--api", "metadata", "--version", "9", "--request", METADATA_V9)
                        .text()
                        .lines())
                .hasSizeGreaterThan(4)
                .contains("  \"allowAutoTopicCreation\": false,");
    }

    @Test
    void aRequestsHeaderNamesTheApiAndTheVersion() throws Exception {
        assertThat(decode("--header", FRAME).json()).containsExactly(FRAME_JSON);
        assertThat(encode("--header", FRAME_JSON)).isEqualTo(FRAME.replace(" ", ""));
        assertThat(encode("--header", "--request", "--api", "ApiVersions", "--version", "3", FRAME_JSON))
                .isEqualTo(FRAME.replace(" ", ""));
    }

    @Test
    void whatAHeaderLeavesOutComesFromTheOptions() throws Exception {
        String json = "{\"header\":{\"correlationId\":7,\"clientId\":\"me\"},\"clientSoftwareName\":\"x\","
                + "\"clientSoftwareVersion\":\"1\"}";
        assertThat(encode("--header", "--api", "18", "--version", "3", json)).isEqualTo(FRAME.replace(" ", ""));
        assertThatThrownBy(() -> encode("--header", json)).hasMessageContaining("--api");
    }

    @Test
    void aHeaderThatContradictsTheOptionsIsRefused() {
        assertThatThrownBy(() -> decode("--header", "--api", "Fetch", FRAME))
                .hasMessage("--api is Fetch, but the header says ApiVersions");
        assertThatThrownBy(() -> decode("--header", "--version", "2", FRAME))
                .hasMessage("--version is 2, but the header says 3");
        assertThatThrownBy(() -> decode("--header", "7fff 0000 00000000"))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("no API has key 32767");
    }

    @Test
    void aResponseWithItsHeaderNeedsBothNamed() throws Exception {
        String[] named = {"--header", "--response", "--api", "Heartbeat", "--version", "4"};
        String frame = "00000005" + "00" + "00000000" + "0019" + "00";
        String json = "{\"header\":{\"correlationId\":5},\"throttleTimeMs\":0,\"errorCode\":25}";
        assertThat(ProtocolRun.of(join("decode", named, frame)).json()).containsExactly(json);
        assertThat(ProtocolRun.of(join("encode", named, json)).text()).isEqualTo(frame);
        assertThatThrownBy(() -> decode("--header", "--response", frame)).hasMessageContaining("--api");
    }

    private static String[] join(String action, String[] options, String last) {
        return join(prefixed(action, options), last);
    }

    private static String[] join(String[] words, String last) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }

    @Test
    void bytesLeftOverAreRefused() {
        assertThatThrownBy(() -> decode("--api", "Metadata", "--version", "9", "--request", METADATA_V9 + "00"))
                .isInstanceOf(KafkaException.MalformedMessage.class)
                .hasMessageContaining("MetadataRequest v9")
                .hasMessageContaining("1 bytes are left over");
    }

    @Test
    void aFrameThatStillHasItsLengthIsExplained() {
        assertThatThrownBy(() -> decode("--header", "00000012 " + FRAME))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("look like the frame's length");
    }

    @Test
    void whatIsTooMuchOrTooLittleIsGuessed() {
        String[] named = {"decode", "--api", "Metadata", "--version", "9", "--request"};
        assertThatThrownBy(() -> ProtocolRun.of(join(named, "0000000d" + METADATA_V9)))
                .hasMessageContaining("look like the frame's length");
        assertThatThrownBy(() -> ProtocolRun.of(join(named, "00030009 00000001 ffff 00" + METADATA_V9)))
                .hasMessageContaining("add --header");
        assertThatThrownBy(() -> ProtocolRun.of(join(named, ""))).hasMessageContaining("there are no bytes at all");
    }

    @Test
    void theTextOfAWindowsEditorIsRead() throws Exception {
        ProtocolRun run = ProtocolRun.fed(
                "\ufeff" + METADATA_JSON + "\r\n", "encode", "--api", "3", "--version", "9", "--request", "-");
        assertThat(run.text()).isEqualTo(METADATA_V9);
    }

    @Test
    void aFileThatIsNoneIsNamedWhole() {
        assertThatThrownBy(() -> decode("--api", "3", "--version", "9", "--request", "@" + folder))
                .isInstanceOf(UsageException.class)
                .hasMessage(folder + " is a folder, not a file");
        assertThatThrownBy(() -> decode("--api", "3", "--version", "9", "--request", "@none"))
                .hasMessage(Path.of("none").toAbsolutePath().toString());
    }

    @Test
    void jsonThatEndsTooEarlyIsToldWithBothPlaces() {
        assertThatThrownBy(() -> encode("--api", "3", "--version", "9", "--request", "{\"topics\":[1"))
                .hasMessageContaining("start marker at line: 1, column: 11)")
                .hasMessageEndingWith("(line 1, column 13)");
        assertThatThrownBy(() -> encode("--api", "3", "--version", "9", "--request", ""))
                .hasMessage("the message is empty instead of a JSON object, {...}");
    }

    @Test
    void messagesThatAreNoRequestAreNamed() throws Exception {
        String hex = "0012000300000001ffff";
        assertThat(decode("--message", "requestheader", "--version", "1", hex).json())
                .containsExactly(
                        "{\"requestApiKey\":18,\"requestApiVersion\":3,\"correlationId\":1,\"clientId\":null}");
        assertThat(encode("--message", "EndTxnMarker", "{\"coordinatorEpoch\":7}"))
                .isEqualTo("00000007");
    }

    @Test
    void anApiVersionsAnswerThatRefusesTheVersionIsReadInVersionZero() throws Exception {
        String refusal = "0023 00000001 0012 0000 0003";
        assertThat(decode("--api", "ApiVersions", "--version", "4", "--response", refusal)
                        .json())
                .containsExactly("{\"errorCode\":35,\"apiKeys\":[{\"apiKey\":18,\"minVersion\":0,\"maxVersion\":3}]}");
    }

    @Test
    void filesAndTheStandardInputAreRawUnlessTheyAreHexText() throws Exception {
        Path raw = Files.write(folder.resolve("raw"), ProtocolHex.parse(METADATA_V9));
        Path text = Files.writeString(folder.resolve("hex"), METADATA_V9 + "\n");
        for (Path file : new Path[] {raw, text}) {
            assertThat(decode("--api", "Metadata", "--version", "9", "--request", "@" + file)
                            .json())
                    .containsExactly(METADATA_JSON);
            assertThat(ProtocolRun.run(
                                    Files.readAllBytes(file),
                                    "decode",
                                    "--api",
                                    "Metadata",
                                    "--version",
                                    "9",
                                    "--request",
                                    "-")
                            .json())
                    .containsExactly(METADATA_JSON);
        }
    }

    @Test
    void rawBytesAreWrittenAsTheyAre() throws Exception {
        assertThat(ProtocolRun.fed(METADATA_JSON, "encode", "--api", "3", "--version", "9", "--request", "--raw", "-")
                        .answers())
                .containsExactly(new Raw(ProtocolHex.parse(METADATA_V9)));
    }

    @Test
    void whatIsMissingIsToldInOneLine() {
        assertThatThrownBy(() -> decode("00")).hasMessageContaining("--api NAME|KEY");
        assertThatThrownBy(() -> decode("--api", "Metadata", "00")).hasMessage("say --request or --response");
        assertThatThrownBy(() -> decode("--api", "Metadata", "--request", "00"))
                .hasMessage("say which version: --version, MetadataRequest has 0-13");
        assertThatThrownBy(() -> decode("--api", "Metadata", "--request", "--version", "14", "00"))
                .hasMessage("MetadataRequest has no version 14, only 0-13");
        assertThatThrownBy(() -> decode("--api", "Metadata", "--request", "--version", "1"))
                .hasMessageContaining("@file");
        assertThatThrownBy(() -> decode("--api", "Metadata", "--request", "--version", "1", "-"))
                .hasMessageContaining("no standard input here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"topic\":[]}       | has no field topic, only",
                "{\"topics\":3}       | .topics: expected a list",
                "[]                   | the message must be a JSON object",
                "{\"topics\":[],}     | the message is not JSON: ",
                "{\"a\":1,\"a\":1}    | Duplicate field 'a'",
                "{} {}                | something follows the JSON document"
            })
    void jsonThatDoesNotFitIsToldInOneLine(String json, String told) {
        assertThatThrownBy(() -> encode("--api", "Metadata", "--version", "1", "--request", json))
                .hasMessageContaining(told)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({"Metadatas, Metadata", "97, protocol list", "joingrup, JoinGroup"})
    void anUnknownApiIsToldWithNearOnes(String name, String near) {
        assertThatThrownBy(() -> decode("--api", name, "--request", "00"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining(near);
    }
}
