package dev.kafkaloom.producer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the leaders of partitions that have batches and none, and keeps the snapshot young otherwise. Owned by the coroutine that runs it. */
final class LeaderLookup {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLookup.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final KafkaClient client;
    private final Accumulator accumulator;
    private final Destinations destinations;
    private final Duration firstPause;

    LeaderLookup(KafkaClient client, Accumulator accumulator, Destinations destinations, Duration firstPause) {
        this.client = client;
        this.accumulator = accumulator;
        this.destinations = destinations;
        this.firstPause = firstPause;
    }

    void run() throws InterruptedException {
        Duration pause = firstPause;
        while (true) {
            Optional<TopicPartition> leaderless =
                    accumulator.awaitLeaderless(client.config().metadataMaxAge());
            if (accumulator.isClosed()) {
                return;
            }
            if (refresh(leaderless) || leaderless.isEmpty()) {
                pause = firstPause;
            } else {
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /** Takes over a new snapshot, or one that is not too old; whether the partition has a leader in it. */
    private boolean refresh(Optional<TopicPartition> wanted) throws InterruptedException {
        try {
            Cluster cluster = wanted.isEmpty() ? client.cluster() : reload(wanted.get());
            destinations.observe(cluster);
            accumulator.observe(cluster);
            return wanted.flatMap(cluster::leader).isPresent();
        } catch (KafkaException e) {
            LOG.debug("no metadata for the producer: {}", e.oneLine());
            return false;
        }
    }

    private Cluster reload(TopicPartition wanted) throws InterruptedException {
        Cluster cluster = client.refreshCluster("no leader for " + wanted);
        TopicInfo topic = cluster.topics().get(wanted.topic());
        // a topic that was unknown for a moment is not loaded again unless it is asked for
        return topic != null && topic.exists() ? cluster : client.clusterWith(List.of(wanted.topic()));
    }
}
