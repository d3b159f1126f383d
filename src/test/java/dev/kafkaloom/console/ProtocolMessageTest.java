package dev.kafkaloom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolMessageTest {
    static Stream<Class<?>> everyType() {
        return Stream.of(Message.class, Request.class, Response.class)
                .flatMap(type -> Stream.of(type.getPermittedSubclasses()))
                .filter(Class::isRecord);
    }

    @ParameterizedTest
    @MethodSource("everyType")
    void everyMessageIsFoundByItsName(Class<?> type) {
        ProtocolMessage message = ProtocolMessage.of(type.getSimpleName());
        assertThat(message.name()).isEqualTo(type.getSimpleName());
        assertThat(message.versions().isEmpty()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("everyType")
    void noMessageHasAFieldThatTheHeaderWouldHide(Class<?> type) {
        assertThat(type.getRecordComponents())
                .extracting(RecordComponent::getName)
                .doesNotContain(ProtocolFrame.HEADER);
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void anEmptyRequestIsWrittenAndReadInEveryVersion(ApiKey api) {
        ProtocolMessage message = ProtocolMessage.of(api, true);
        for (short version = api.lowestVersion(); version <= api.highestVersion(); version++) {
            WireWriter out = new WireWriter(64);
            message.write(Map.of(), version, out);
            WireReader in = new WireReader(out.array(), 0, out.size());
            assertThat(message.read(in, version)).isEqualTo(message.fromMap(Map.of(), version));
            assertThat(in.remaining()).isZero();
        }
    }
}
