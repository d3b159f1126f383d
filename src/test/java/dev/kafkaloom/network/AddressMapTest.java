package dev.kafkaloom.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.protocol.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressMapTest {
    @ParameterizedTest
    @CsvSource({
        "a:2, b:3", // the rule for one port goes first
        "a:1, b:2",
        "a:9, c:9", // any port of that host, which is kept
        "b:1, b:1", // named by no rule
        "D.Example:7, '[::1]:8'",
        "'[::1]:5', e:6",
    })
    void anAddressIsReplacedByTheRuleThatFitsItBest(String address, String dialled) {
        AddressMap map = AddressMap.parse("a=c, a:1=b:2, a:2=b:3, d.EXAMPLE=[::1]:8, [::1]:5=e:6,");
        assertThat(map.apply(HostAndPort.parse(address))).hasToString(dialled);
    }

    @Test
    void aMapIsShownAsItIsWritten() {
        String text = "a=c,a:1=b:2,[::1]=d:3";
        assertThat(AddressMap.parse(text)).hasToString(text).isEqualTo(AddressMap.parse("A=c, a:1=b:2, ::1=d:3"));
        assertThat(AddressMap.parse(" , ")).isEqualTo(AddressMap.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "a:1, 'address rule ''a:1'': expected from=to[,from=to], each side host:port or host'",
        "a=b=c, 'address rule ''a=b=c'': expected from=to'",
        "a=b:x, 'broker address ''b:x'': the port is not a number from 1 to 65535'",
        "=b, 'broker address '''': expected host:port'",
        "'a:1=b,a:1=c:2', 'address rules: a:1 leads to both b and c:2'",
    })
    void whatIsNoMapIsRefusedWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> AddressMap.parse(text))
                .isInstanceOf(KafkaException.InvalidRequest.class)
                .hasMessageContaining(message);
    }
}
