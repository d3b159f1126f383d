package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.config.ConfigLoader;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.fake.FakeBroker;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.ListGroupsResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectionCommandsTest {
    private static final Route BROKER = new Route.Broker(FakeBroker.NODE_ID);

    @TempDir
    Path home;

    private final RecordedOutput out = new RecordedOutput();
    private final Commands commands = new Commands(ConnectionCommands.all());
    private FakeBroker broker;
    private Scope scope;
    private Loom loom;

    @BeforeEach
    void start() throws Exception {
        broker = FakeBroker.start();
        broker.on(ApiKey.LIST_GROUPS, _ -> ListGroupsResponse.builder().build());
        scope = Scope.open("test");
        loom = new Loom(ConfigLoader.load(home, Map.of(), Map.of("bootstrap.servers", broker.bootstrap())), scope);
    }

    @AfterEach
    void stop() throws Exception {
        loom.close();
        scope.close();
        broker.close();
    }

    private void listGroups() throws InterruptedException {
        loom.client().callOnce(BROKER, ListGroupsRequest.builder().build(), CallOptions.DEFAULT);
    }

    private String text(String... words) throws Exception {
        assertThat(commands.run(new Session(loom, out, null), List.of(words))).isZero();
        return Format.TABLE.render(out.answers.getLast());
    }

    private List<?> json(String... words) throws Exception {
        assertThat(commands.run(new Session(loom, out, null), List.of(words))).isZero();
        return (List<?>) Json.read(Format.JSON.render(out.answers.getLast()));
    }

    @Test
    void connectionsAreListedWithWhatTheyAreForAndHowTheyStand() throws Exception {
        listGroups();

        List<?> rows = json("connections");

        assertThat(rows)
                .anySatisfy(row -> assertThat((Map<?, ?>) row)
                        .isEqualTo(Map.of(
                                "name",
                                "broker-1/control",
                                "broker",
                                broker.bootstrap(),
                                "lane",
                                "control",
                                "state",
                                "open",
                                "in flight",
                                0L,
                                "since",
                                ((Map<?, ?>) row).get("since"),
                                "release",
                                "4.3",
                                "throttled",
                                "")));
    }

    @Test
    void framesAreShownDecodedAndInHexUnderTheirConnection() throws Exception {
        listGroups();

        assertThat(text("frames", "broker-1/control"))
                .startsWith("connection broker-1/control to broker 1 (" + broker.bootstrap() + "), open; ")
                .containsPattern("broker-1/control > ListGroups v5 #\\d+ \\d+ bytes\n  \\{\"statesFilter\":\\[\\],")
                .containsPattern("broker-1/control < ListGroups v5 #\\d+ \\d+ bytes\n  \\{\"throttleTimeMs\":0,")
                .containsPattern("\n  0000  00 10 00 05 ");
    }

    @Test
    void withoutHexOnlyTheBytesAreMissing() throws Exception {
        listGroups();

        assertThat(text("frames", "--no-hex"))
                .contains("ListGroups v5", "{\"statesFilter\"")
                .doesNotContain("  0000  ");
        assertThat(String.valueOf(json("frames", "--no-hex")))
                .contains("statesFilter")
                .doesNotContain("hex");
    }

    @Test
    void soManyOfEachConnectionAsAreWanted() throws Exception {
        for (int i = 0; i < 5; i++) {
            listGroups();
        }
        assertThat(frames("-n", "3"))
                .<Object>extracting(frame -> frame.get("direction"))
                .containsExactly("received", "sent", "received");
        assertThat(frames()).hasSize(8);
        assertThat(frames("-n", "64")).hasSizeGreaterThan(10);
    }

    private List<Map<?, ?>> frames(String... more) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("frames", "broker-1/control"));
        words.addAll(List.of(more));
        Map<?, ?> connection = (Map<?, ?>) json(words.toArray(String[]::new)).getFirst();
        assertThat(connection.get("connection")).isEqualTo("broker-1/control");
        return ((List<?>) connection.get("frames"))
                .stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
    }

    @Test
    void aConnectionThatBrokeIsShownWithItsEnd() throws Exception {
        listGroups();
        broker.hangUp(ApiKey.LIST_GROUPS);
        assertThat(catchThrowable(this::listGroups)).isNotNull();

        assertThat(text("frames", "broker-1"))
                .containsPattern("^connection broker-1/control to .*, over: .*ListGroups");
    }

    @Test
    void aConnectionThatIsNoneIsToldWithThoseThatThereAre() throws Exception {
        listGroups();

        assertThatThrownBy(() -> text("frames", "broker-7"))
                .isInstanceOf(UsageException.class)
                .hasMessageMatching("no connection 'broker-7', only .*broker-1/control.*");
    }

    @Test
    void aProcessThatLostAllItsConnectionsIsSentToTheirFrames() throws Exception {
        listGroups();
        broker.close();

        await().until(() -> json("connections").isEmpty());

        assertThat(out.notes.getLast()).startsWith("no connection is open now: frames");
        assertThat(text("frames")).contains("broker-1/control");
    }

    @Test
    void aProcessThatNeedsNoClientOpensNoneForThis() throws Exception {
        assertThat(json("connections")).isEmpty();
        assertThat(json("frames")).isEmpty();
        assertThat(out.notes).hasSize(2).allMatch(note -> note.startsWith("this process has no connections"));
        assertThat(broker.accepted()).isZero();
    }
}
