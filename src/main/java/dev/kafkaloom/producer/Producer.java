package dev.kafkaloom.producer;

import dev.kafkaloom.client.Cluster;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.coroutine.Body;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.record.Header;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Produces records with {@code acks=all}: at least once, and in the order of {@code send} per partition. Thread-safe; one per process is
 * enough. {@link #send} encodes and returns; {@link Receipt} tells what became of it, for who asks.
 *
 * <p>Each batch is retried, with new metadata where the leader has moved, until {@link ProducerConfig#deliveryTimeout()}.
 */
public final class Producer implements AutoCloseable {
    /** Batch header, and the fields of a record that are no key, value or header, at their largest. */
    private static final int RECORD_OVERHEAD = 61 + 35;

    private static final int HEADER_OVERHEAD = 10;

    private final KafkaClient client;
    private final ProducerConfig config;
    private final Scope scope;
    private final Destinations destinations;
    private final Accumulator accumulator;
    private volatile boolean closing;

    private Producer(KafkaClient client, ProducerConfig config, Scope scope) {
        this.client = client;
        this.config = config;
        this.scope = scope;
        this.destinations = new Destinations(client);
        this.accumulator = new Accumulator(config, System::nanoTime, this::startSender);
    }

    /** A producer on a client that others may use as well; its coroutines live in a child of {@code parent}. No I/O yet. */
    public static Producer open(KafkaClient client, ProducerConfig config, Scope parent) {
        Producer producer = new Producer(client, config, parent.child("producer"));
        producer.start();
        return producer;
    }

    private void start() {
        scope.go("producer/expiry", guarded(accumulator::expireUntilClosed));
        scope.go(
                "producer/leaders",
                guarded(() -> new LeaderLookup(client, accumulator, destinations, config.retryBackoff()).run()));
    }

    /** Called under the accumulator's lock. */
    private void startSender(int leader) {
        LeaderSender sender = new LeaderSender(leader, client, accumulator, destinations, config.requestTimeout());
        try {
            scope.go("producer/broker-" + leader, guarded(sender::run));
        } catch (CancellationException _) {
            accumulator.close(new KafkaException.Closed("the producer was stopped before this was delivered"));
        }
    }

    /** Whatever ends one of the coroutines too early ends the producer: nobody waits for a batch that nobody sends. */
    private Body guarded(Body body) {
        return () -> {
            try {
                body.run();
            } catch (InterruptedException e) {
                accumulator.close(new KafkaException.Closed("the producer was stopped before this was delivered"));
                throw e;
            } catch (RuntimeException e) {
                accumulator.close(new KafkaException.Closed("the producer has failed: " + e));
                throw e;
            }
        };
    }

    /**
     * Encodes a record into the batch of its partition. Blocks only for the first metadata of its topic and for buffer memory, at most
     * {@link ProducerConfig#maxBlock()} each.
     *
     * @throws KafkaException.InvalidRequest a record that can never be sent: too large, for a partition that does not exist, with headers
     *     or a codec that the broker is too old for
     * @throws KafkaException.RequestTimedOut the buffer stayed full, or the topic is not known in time
     * @throws KafkaException.BrokerError a topic that does not exist
     * @throws KafkaException.Closed the producer is closed
     */
    public Receipt send(ProduceRecord record) throws InterruptedException {
        check(record);
        long deadline = System.nanoTime() + config.maxBlock().toNanos();
        Cluster cluster = destinations.clusterWith(record.topic(), deadline);
        if (record.partition() != null) {
            cluster = withPartition(cluster, record);
        }
        TopicInfo info = cluster.topics().get(record.topic());
        TopicQueues topic = accumulator.topic(info, cluster.generation());
        if (record.partition() != null || record.key() != null) {
            int count = info.partitions().size();
            int partition = record.partition() != null ? record.partition() : Murmur2.partition(record.key(), count);
            return append(cluster, topic, partition, false, record, deadline);
        }
        Receipt receipt = append(cluster, topic, topic.sticky(), true, record, deadline);
        return receipt != null ? receipt : append(cluster, topic, topic.sticky(), false, record, deadline);
    }

    private Receipt append(
            Cluster cluster, TopicQueues topic, int partition, boolean mayMove, ProduceRecord record, long deadline)
            throws InterruptedException {
        MessageFormat format =
                destinations.format(cluster, topic.partition(partition).partition(), deadline);
        format.check(config.compression());
        return accumulator.append(topic, partition, mayMove, format, record, deadline);
    }

    private Cluster withPartition(Cluster known, ProduceRecord record) throws InterruptedException {
        Cluster cluster = known;
        int wanted = record.partition();
        if (wanted >= partitions(cluster, record)) {
            cluster = destinations.reload(record.topic()); // the topic may have grown
        }
        int count = partitions(cluster, record);
        if (wanted < 0 || wanted >= count) {
            throw new KafkaException.InvalidRequest("topic " + record.topic() + " has " + count + " partitions, 0 to "
                    + (count - 1) + ": there is no partition " + wanted);
        }
        return cluster;
    }

    private static int partitions(Cluster cluster, ProduceRecord record) {
        TopicInfo info = cluster.topics().get(record.topic());
        return info == null ? 0 : info.partitions().size();
    }

    private void check(ProduceRecord record) {
        if (closing) {
            throw new KafkaException.Closed("the producer is closed");
        }
        if (record.timestamp() != null && record.timestamp() < 0) {
            throw new KafkaException.InvalidRequest("timestamp " + record.timestamp() + " is before 1970");
        }
        long size = RECORD_OVERHEAD + (long) lengthOf(record.key()) + lengthOf(record.value());
        for (Header header : record.headers()) {
            size += HEADER_OVERHEAD
                    + (long) header.key().getBytes(StandardCharsets.UTF_8).length
                    + lengthOf(header.value());
        }
        if (size > config.maxRequestSize()) {
            throw tooLarge(record, size, config.maxRequestSize(), "max.request.size");
        }
        if (size > config.bufferMemory()) {
            throw tooLarge(record, size, config.bufferMemory(), "buffer.memory");
        }
    }

    private static KafkaException tooLarge(ProduceRecord record, long size, long limit, String setting) {
        return new KafkaException.InvalidRequest("a record of " + size + " bytes for " + record.topic()
                + ": the limit is " + limit + " bytes (" + setting + ")");
    }

    private static int lengthOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Heap of the batches that are not done, in bytes. */
    public long bufferedBytes() {
        return accumulator.usedMemory();
    }

    /**
     * Sends without lingering what was sent before this call, and waits until it is done, delivered or failed: the receipts say which.
     *
     * @throws KafkaException.RequestTimedOut when some of it is not done by then; it is still tried
     */
    public void flush(Duration timeout) throws InterruptedException {
        if (!accumulator.flush(timeout)) {
            throw new KafkaException.RequestTimedOut("flushing the producer", timeout);
        }
    }

    /** {@link #close(Duration)} with the delivery time-out: what was sent is delivered or has failed. */
    @Override
    public void close() {
        close(config.deliveryTimeout());
    }

    /** Takes no more records, waits until those sent are done, and fails what is not done by then. An interrupt cuts the wait short. */
    public void close(Duration timeout) {
        closing = true;
        try {
            accumulator.flush(timeout);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            accumulator.close(new KafkaException.Closed("the producer was closed before this was delivered"));
            scope.close();
        }
    }
}
