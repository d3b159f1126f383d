package dev.kafkaloom.coroutine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CoroutineRegistryTest {
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void snapshotTellsScopeKindStateAndTheMarkedWait() {
        try (Scope scope = Scope.open("runtime")) {
            scope.child("group-orders").go("registry/marked", () -> {
                Coroutine.waitingFor("mail of orders-3");
                never.await();
            });
            await().until(() -> find("registry/marked")
                    .filter(info -> info.state().equals("waiting"))
                    .isPresent());
            CoroutineInfo info = find("registry/marked").orElseThrow();
            assertThat(info.scope()).isEqualTo("runtime/group-orders");
            assertThat(info.virtual()).isTrue();
            assertThat(info.waitingFor()).isEqualTo("mail of orders-3");
            assertThat(info.restarts()).isZero();
            assertThat(info.age()).isPositive();
        }
        assertThat(find("registry/marked")).isEmpty();
    }

    @Test
    void aWaitWithoutMarkIsShownAsItsFrame() {
        try (Scope scope = Scope.open("t")) {
            scope.go("registry/unmarked", this::waitHere);
            await().untilAsserted(() -> assertThat(find("registry/unmarked"))
                    .get()
                    .extracting(CoroutineInfo::waitingFor)
                    .asString()
                    .contains("waitHere"));
        }
    }

    @Test
    void aSecondLivingOneOfTheSameNameGetsANumber() {
        try (Scope scope = Scope.open("t")) {
            scope.go("registry/twin", never::await);
            Coroutine second = scope.go("registry/twin", never::await);
            assertThat(second.name()).isEqualTo("registry/twin#2");
        }
    }

    @Test
    void aFailedSupervisedOneShowsThatItRestarts() {
        try (Scope scope = Scope.open("t")) {
            scope.supervise("registry/ill", Restart.onException(Duration.ofHours(1), Duration.ofHours(1)), () -> {
                throw new IllegalStateException("no storage");
            });
            await().untilAsserted(() -> assertThat(find("registry/ill")).get().satisfies(info -> {
                assertThat(info.state()).isEqualTo("restarting");
                assertThat(info.waitingFor()).contains("no storage");
            }));
        }
    }

    @Test
    void aCoroutineThatIsJustBeingMadeCanBeLookedAt() throws InterruptedException {
        try (Scope lookers = Scope.open("lookers");
                Scope scope = Scope.open("t")) {
            Coroutine looker = lookers.goPlatform("registry/looker", () -> {
                while (!Thread.currentThread().isInterrupted()) {
                    CoroutineRegistry.snapshot();
                    CoroutineRegistry.holdersOfCarriers();
                }
            });
            for (int i = 0; i < 20_000; i++) {
                scope.go("registry/brief", () -> {});
            }
            looker.interrupt();
            assertThat(looker.join(Duration.ofSeconds(20))).isTrue();
            assertThat(looker.failure()).isEmpty();
        }
    }

    private void waitHere() throws InterruptedException {
        never.await();
    }

    private static Optional<CoroutineInfo> find(String name) {
        List<CoroutineInfo> all = CoroutineRegistry.snapshot();
        return all.stream().filter(info -> info.name().equals(name)).findFirst();
    }
}
