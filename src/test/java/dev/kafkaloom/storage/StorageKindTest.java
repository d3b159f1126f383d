package dev.kafkaloom.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StorageKindTest {

    @Test
    void directlyIsBuilt() {
        assertThat(StorageKind.parse(" directly ")).isEqualTo(StorageKind.DIRECTLY);
    }

    @Test
    void whatIsNotBuiltSaysSoByItsKey() {
        assertThatThrownBy(() -> StorageKind.parse("REDIS"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("KAFKA_MESSAGE_STORAGE: REDIS is not built yet; built: DIRECTLY");
        assertThatThrownBy(() -> StorageKind.parse("tape")).hasMessageContaining("'tape' is not a storage");
    }
}
