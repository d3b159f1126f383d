package dev.kafkaloom.ordeal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaloom.history.CommitWatch;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;

/**
 * What a storage needs is gone for a while: the daemon says that it is not ready, and why, lives, keeps its members in the group, commits no
 * more than it has stored, and goes on by itself when it is there again. One thread.
 */
final class Outage {
    /** Takes something away, or brings it back. */
    interface Step {
        void take() throws Exception;
    }

    private static final Duration SOON = Duration.ofSeconds(30);

    private final OrdealLab lab;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();

    Outage(OrdealLab lab) throws IOException {
        this.lab = lab;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private record Answer(int code, String text) {}

    private Answer ask(String what) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/" + what))
                .timeout(Duration.ofSeconds(5))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body().strip());
    }

    private void awaitReady(int code) {
        await("/health/ready says " + code)
                .atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(ask("ready").code()).isEqualTo(code));
    }

    /** Answers what was seen, in one line; throws when it is not as it must be. */
    String run(Step begin, Step end, Duration howLong) throws Exception {
        lab.daemon("daemon-0", "SERVER_PORT=" + port);
        String seen;
        try (CommitWatch commits = lab.commits();
                WorkLoad load = lab.load();
                Admin admin =
                        Admin.create(Map.of("bootstrap.servers", lab.broker().bootstrap()))) {
            awaitReady(200);
            await().atMost(SOON).until(() -> lab.done() > lab.plan().rate());
            Set<String> members = members(admin);
            long begun = System.nanoTime();
            lab.killed("what the storage needs");
            begin.take();
            awaitReady(503);
            long notReady = System.nanoTime();
            String why = ask("ready").text();
            assertThat(ask("live").code()).as("alive").isEqualTo(200);
            TimeUnit.NANOSECONDS.sleep(howLong.toNanos() - (System.nanoTime() - begun));
            assertThat(members(admin)).as("members all the time").isEqualTo(members);
            lab.mustLive();
            assertThat(ask("ready").code()).as("ready without it").isEqualTo(503);
            end.take();
            lab.killed("what the storage needs, which is back");
            long back = System.nanoTime();
            awaitReady(200);
            long ready = System.nanoTime();
            assertThat(members(admin)).as("members in the end").isEqualTo(members);
            await().atMost(Duration.ofMinutes(5)).until(load::isOver);
            lab.awaitAll(commits);
            seen = "not ready after %d ms (%s), the same %d members for %d s, ready again after %d ms"
                    .formatted(
                            (notReady - begun) / 1_000_000,
                            why.replaceAll("\\s+", " "),
                            members.size(),
                            howLong.toSeconds(),
                            (ready - back) / 1_000_000);
        }
        lab.endDaemons();
        WorkVerdict verdict = lab.judge();
        assertThat(verdict.isOk()).as(verdict.toString()).isTrue();
        return seen + "; " + verdict.line();
    }

    /** Those that the coordinator knows and has not dropped. */
    private static Set<String> members(Admin admin) throws Exception {
        ConsumerGroupDescription group = admin.describeConsumerGroups(Set.of(OrdealLab.GROUP))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(OrdealLab.GROUP);
        Set<String> members = new TreeSet<>();
        for (MemberDescription member : group.members()) {
            members.add(member.consumerId());
        }
        return members;
    }
}
