package dev.kafkaloom.consumer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.protocol.KafkaException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topics of a group every now and then, and shows what it has seen. A topic that seems to be gone is looked for again before
 * anybody hears of it: a broker that has just started may not know it yet. {@link #run} is the body of the coroutine {@code
 * group-<id>/watch}.
 */
final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ConsumerConfig config;
    private final Subscription subscription;
    private final Consumer<Cluster> seen;
    private Set<String> existed = Set.of();

    TopicWatch(ConsumerConfig config, Subscription subscription, Consumer<Cluster> seen) {
        this.config = config;
        this.subscription = subscription;
        this.seen = seen;
    }

    void run() throws InterruptedException {
        Duration pause = shorter(config.metadataRefresh(), SOON);
        while (true) {
            Thread.sleep(pause);
            pause = config.metadataRefresh();
            try {
                Cluster now = look();
                seen.accept(now);
                if (subscription.waitsForSomething(now)) {
                    pause = shorter(pause, SOON);
                }
            } catch (KafkaException e) {
                LOG.debug("group {}: metadata could not be refreshed: {}", config.groupId(), e.oneLine());
            }
        }
    }

    private Cluster look() throws InterruptedException {
        Cluster now = subscription.look();
        if (!existing(now).containsAll(existed)) {
            Thread.sleep(AGAIN);
            now = subscription.look();
        }
        existed = existing(now);
        return now;
    }

    private static Set<String> existing(Cluster cluster) {
        Set<String> names = new TreeSet<>();
        cluster.topics().values().stream().filter(it -> it.exists()).forEach(it -> names.add(it.name()));
        return names;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
