package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.console.FilledMessages.Filled;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No secret that may be in any message of the protocol gets into what is shown of frames. */
class FrameSecretsTest {
    private static final byte[] SECRET = FilledMessages.SECRET.getBytes(StandardCharsets.UTF_8);
    private static final Pattern BLANKS_AND_TEXT = Pattern.compile("(?m)^  [0-9a-f]{4} | {2}[^ ]{1,16}$|\\s");

    private static Stream<Filled> messages(ApiKey api) {
        return Stream.of(true, false).flatMap(request -> {
            ProtocolSpan versions = ProtocolMessage.of(api, request).versions();
            return Stream.iterate(versions.lowest(), version -> version + 1)
                    .limit(versions.highest() - versions.lowest() + 1L)
                    .map(version -> FilledMessages.of(api, request, version.shortValue()));
        });
    }

    private static Frame frame(Filled filled, boolean expected, int length, byte[] bytes) {
        return new Frame(
                Instant.EPOCH,
                "broker-1/control",
                filled.request(),
                expected,
                filled.api(),
                filled.version(),
                0,
                length,
                bytes);
    }

    /** As it was, with its end cut off at many places, with bytes that do not belong to it, and in the place of another. */
    private static List<Frame> forms(Filled filled) {
        byte[] whole = filled.frame();
        List<Frame> forms = new ArrayList<>();
        forms.add(frame(filled, true, whole.length, whole));
        forms.add(frame(filled, true, whole.length + 1, Arrays.copyOf(whole, whole.length + 1)));
        forms.add(frame(filled, true, whole.length - 1, Arrays.copyOf(whole, whole.length - 1)));
        forms.add(frame(filled, false, whole.length, whole));
        for (int kept = 4; kept < whole.length; kept += 7) {
            forms.add(frame(filled, true, whole.length, Arrays.copyOf(whole, kept)));
        }
        return forms;
    }

    private static List<String> shown(Frame frame) {
        String withBytes = FrameText.of(frame);
        ConnectionFrames connection = new ConnectionFrames(
                "broker-1/control",
                new BrokerAddress(1, "localhost", 9092),
                Instant.EPOCH,
                Optional.empty(),
                List.of(frame));
        return List.of(
                withBytes,
                BLANKS_AND_TEXT.matcher(withBytes).replaceAll(""),
                FrameText.withoutBytes(frame),
                FrameText.of(connection),
                Json.write(FrameText.data(frame)),
                frame.toString());
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void noSecretIsShownOfAnyMessage(ApiKey api) {
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(SECRET);
        messages(api)
                .filter(Filled::secret)
                .flatMap(filled -> forms(filled).stream())
                .forEach(frame -> assertThat(shown(frame))
                        .allSatisfy(text -> assertThat(text)
                                .doesNotContain("hunter2")
                                .doesNotContain(base64.substring(0, 12))
                                .doesNotContain(HexFormat.of().formatHex(SECRET).substring(0, 16))));
    }

    @Test
    void theseMessagesMayHoldSecrets() {
        Set<String> holders = Stream.of(ApiKey.values())
                .flatMap(FrameSecretsTest::messages)
                .filter(Filled::secret)
                .filter(filled -> FrameText.of(frame(filled, true, filled.frame().length, filled.frame()))
                        .contains("bytes withheld"))
                .map(filled -> filled.api().apiName() + (filled.request() ? "Request" : "Response"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(holders)
                .contains(
                        "AlterConfigsRequest",
                        "AlterUserScramCredentialsRequest",
                        "CreateDelegationTokenResponse",
                        "CreateTopicsRequest",
                        "CreateTopicsResponse",
                        "DescribeConfigsResponse",
                        "DescribeDelegationTokenResponse",
                        "EnvelopeRequest",
                        "EnvelopeResponse",
                        "ExpireDelegationTokenRequest",
                        "FetchSnapshotResponse",
                        "IncrementalAlterConfigsRequest",
                        "RenewDelegationTokenRequest",
                        "SaslAuthenticateRequest",
                        "SaslAuthenticateResponse",
                        "StreamsGroupDescribeResponse",
                        "StreamsGroupHeartbeatRequest");
    }

    /** A newer protocol's field of this kind has to be thought about: either {@link FrameSecrets} knows it, or it stands here. */
    @Test
    void everyFieldOfBytesIsKnownToBeASecretOrNot() {
        Set<String> known = Set.of(
                "assignment",
                "clientHostAddress",
                "memberAssignment",
                "memberMetadata",
                "metadata",
                "metrics",
                "records",
                "requestPrincipal");
        Set<String> fields = new TreeSet<>();
        for (String api : ProtocolDefinitions.apiNames()) {
            ProtocolDefinitions.all().find(api).forEach(message -> bytesOf((List<?>) message.get("fields"), fields));
        }
        fields.removeAll(known);
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "authBytes",
                        "hmac",
                        "salt",
                        "saltedPassword",
                        "requestData",
                        "responseData",
                        "unalignedRecords");
    }

    private static void bytesOf(List<?> fields, Set<String> names) {
        for (Object each : fields) {
            java.util.Map<?, ?> field = (java.util.Map<?, ?>) each;
            if (Set.of("bytes", "records").contains(field.get("type"))) {
                names.add((String) field.get("name"));
            }
            if (field.get("fields") instanceof List<?> inner) {
                bytesOf(inner, names);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.truststore.password",
                "SSL.TRUSTSTORE.PASSWORD",
                "ssl.passphrase",
                "sasl.oauthbearer.client.credentials.client.secret",
                "sasl.oauthbearer.client.credential",
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                "delegation.token.master",
                "ssl.keystore.key"
            })
    void valuesOfSettingsWithSuchNamesAreNotShownNorWhatTheyWereBefore(String name) {
        Frame frame = FrameTextTest.frame(
                ApiKey.DESCRIBE_CONFIGS,
                false,
                4,
                "{\"results\":[{\"resourceType\":4,\"resourceName\":\"1\",\"configs\":[{\"name\":\"" + name
                        + "\",\"value\":\"hunter2\",\"synonyms\":[{\"name\":\"other\",\"value\":\"hunter1\"}]}]}]}");
        assertThat(FrameText.of(frame))
                .contains("\"name\":\"" + name + "\"", "<redacted>", "bytes withheld")
                .doesNotContain("hunter");
    }

    @Test
    void aSettingThatTheBrokerCallsSensitiveIsNotShown() {
        Frame frame = FrameTextTest.frame(
                ApiKey.DESCRIBE_CONFIGS,
                false,
                4,
                "{\"results\":[{\"resourceType\":4,\"resourceName\":\"1\",\"configs\":[{\"name\":\"my.plugin.pin\","
                        + "\"value\":\"hunter2\",\"isSensitive\":true}]}]}");
        assertThat(FrameText.of(frame)).contains("my.plugin.pin").doesNotContain("hunter");
    }

    @Test
    void harmlessSettingsAreShownWithTheirBytes() {
        Frame frame = FrameTextTest.frame(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                true,
                1,
                "{\"resources\":[{\"resourceType\":2,\"resourceName\":\"orders\",\"configs\":"
                        + "[{\"name\":\"retention.ms\",\"configOperation\":0,\"value\":\"60000\"}]}]}");
        assertThat(FrameText.of(frame)).contains("\"value\":\"60000\"").contains("  0000  ");
    }

    @Test
    void whatIsNotSecretBesideASecretIsShown() {
        Frame frame = FrameTextTest.frame(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                true,
                1,
                "{\"resources\":[{\"resourceType\":4,\"resourceName\":\"1\",\"configs\":["
                        + "{\"name\":\"ssl.key.password\",\"configOperation\":0,\"value\":\"hunter2\"},"
                        + "{\"name\":\"log.cleaner.threads\",\"configOperation\":0,\"value\":\"2\"}]}]}");
        assertThat(FrameText.of(frame))
                .contains("{\"name\":\"ssl.key.password\",\"configOperation\":0,\"value\":\"<redacted>\"}")
                .contains("{\"name\":\"log.cleaner.threads\",\"configOperation\":0,\"value\":\"2\"}")
                .contains("bytes withheld: there are secrets among them")
                .doesNotContain("hunter2");
    }
}
