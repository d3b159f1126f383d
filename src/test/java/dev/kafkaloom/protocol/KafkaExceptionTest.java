package dev.kafkaloom.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.protocol.KafkaException.BrokerError;
import dev.kafkaloom.protocol.KafkaException.ConnectionBroken;
import dev.kafkaloom.protocol.KafkaException.MalformedMessage;
import dev.kafkaloom.protocol.KafkaException.Recovery;
import dev.kafkaloom.protocol.KafkaException.RequestTimedOut;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KafkaExceptionTest {
    @Test
    void aBrokersErrorIsToldInOneLine() {
        assertThat(new BrokerError(ErrorCode.MESSAGE_TOO_LARGE, "produce to orders-3").oneLine())
                .isEqualTo(
                        "produce to orders-3: MESSAGE_TOO_LARGE (a record batch is larger than the broker or the topic allows)");
    }

    @Test
    void theCauseIsToldWhereItAddsSomething() {
        assertThat(new ConnectionBroken("localhost:9092", "connect failed", new IOException("Connection\nrefused"))
                        .oneLine())
                .isEqualTo("localhost:9092: connect failed (Connection refused)");
        assertThat(new ConnectionBroken("localhost:9092", "Connection refused", new IOException("Connection refused"))
                        .oneLine())
                .isEqualTo("localhost:9092: Connection refused");
        assertThat(new ConnectionBroken("localhost:9092", "closed", new IOException()).oneLine())
                .isEqualTo("localhost:9092: closed (IOException)");
    }

    @Test
    void networkFailuresAreRetriedAfterARefresh() {
        assertThat(new ConnectionBroken("a:1", "closed", null).recovery()).isEqualTo(Recovery.REFRESH_METADATA);
        assertThat(new RequestTimedOut("Metadata v9", Duration.ofSeconds(3)).recovery())
                .isEqualTo(Recovery.REFRESH_METADATA);
        assertThat(new RequestTimedOut("Metadata v9", Duration.ofSeconds(3)))
                .hasMessage("Metadata v9: no answer within 3000 ms");
        assertThat(new KafkaException.Closed("closed").recovery()).isEqualTo(Recovery.GIVE_UP);
        assertThat(new BrokerError(ErrorCode.NOT_COORDINATOR, "commit").recovery())
                .isEqualTo(Recovery.FIND_COORDINATOR);
    }

    @Test
    void aMalformedMessageCollectsItsPath() {
        MalformedMessage inner = new MalformedMessage("", "a length of -5 at byte 12");
        assertThat(inner).hasMessage("malformed message: a length of -5 at byte 12");
        assertThat(inner.within("name").within("topics").within("MetadataResponse v9"))
                .hasMessage("malformed MetadataResponse v9.topics.name: a length of -5 at byte 12");
        assertThat(inner.within("name").within("[3]").within("topics").where()).isEqualTo("topics[3].name");
        assertThat(inner.within("").getStackTrace()).isEqualTo(inner.getStackTrace());
    }

    @Test
    void whatTheBytesWereDoesNotRunTogetherWithThePath() {
        MalformedMessage inner = new MalformedMessage("MetadataResponse v9.topics", "a length of -5 at byte 12");
        assertThat(inner.in("response of a:9092"))
                .hasMessage("malformed response of a:9092: MetadataResponse v9.topics: a length of -5 at byte 12");
        assertThat(inner.in("response of a:9092").where()).isEqualTo("MetadataResponse v9.topics");
    }

    @Test
    void whatCannotBeWrittenCollectsItsPathToo() {
        assertThat(new KafkaException.UnsupportedVersion("id", "is set")
                        .within("[0]")
                        .within("topics"))
                .hasMessage("topics[0].id: is set");
        assertThat(new KafkaException.InvalidRequest("a string of 40000 bytes").within("name"))
                .hasMessage("name: a string of 40000 bytes");
        KafkaException closed = new KafkaException.Closed("closed");
        assertThat(closed.within("name")).isSameAs(closed);
    }
}
