package dev.kafkaloom.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

class ProcessNameTest {
    private final ProcessName me = ProcessName.create();

    @Test
    void theLivingAreNotHeldForDead() {
        assertThat(me.knowsDead(ProcessName.create().text())).isFalse();
    }

    @Test
    void aProcessThatIsGoneIsKnownToBeDead() throws Exception {
        assumeThat(me.place()).as("there is a /proc").isNotEmpty();
        Process other = new ProcessBuilder("sleep", "60").start();
        other.destroyForcibly().waitFor();
        ProcessName gone = new ProcessName(me.host(), me.place(), other.pid(), 12345, "x");

        assertThat(me.knowsDead(gone.text())).isTrue();
    }

    @Test
    void aProcessIdThatIsUsedAgainIsAnotherProcess() {
        assumeThat(me.place()).as("there is a /proc").isNotEmpty();
        ProcessName before = new ProcessName(me.host(), me.place(), me.pid(), me.start() - 1, "x");

        assertThat(me.knowsDead(before.text())).isTrue();
    }

    @Test
    void nothingIsKnownOfOtherPlaces() {
        ProcessName elsewhere = new ProcessName(me.host(), "elsewhere", Integer.MAX_VALUE, 1, "x");

        assertThat(me.knowsDead(elsewhere.text())).isFalse();
        assertThat(me.knowsDead("rubbish")).isFalse();
        assertThat(me.knowsDead("a/" + me.place() + "/b/c/d")).isFalse();
    }
}
