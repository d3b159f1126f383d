package dev.kafkaloom.consumer;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Collects what a {@link Consumer} is made of; ends with {@link #subscribe()} or one of the {@code assign}s. Not thread-safe.
 *
 * @param <K> what keys are deserialized to
 * @param <V> what values are deserialized to
 */
public final class ConsumerBuilder<K, V> {
    private final KafkaClient client;
    private final ConsumerConfig config;
    private Function<byte[], ?> keys;
    private Function<byte[], ?> values;
    private BiConsumer<ConsumedRecord, Exception> onRejected;
    private RebalanceListener listener = RebalanceListener.NONE;
    private MemberCount members = new MemberCount.Fixed(1);
    private boolean explicitAcks;
    private Scope scope;

    ConsumerBuilder(KafkaClient client, ConsumerConfig config) {
        this.client = Objects.requireNonNull(client);
        this.config = Objects.requireNonNull(config);
    }

    /**
     * What makes keys and values of bytes. Called by the threads that poll, for several partitions at the same time; not called for a null
     * key or value, which stays null. What they throw rejects the record.
     */
    @SuppressWarnings("unchecked") // the same builder, of other types from here on
    public <A, B> ConsumerBuilder<A, B> deserializers(Function<byte[], A> keysTo, Function<byte[], B> valuesTo) {
        this.keys = Objects.requireNonNull(keysTo);
        this.values = Objects.requireNonNull(valuesTo);
        return (ConsumerBuilder<A, B>) this;
    }

    /**
     * Takes a record whose key or value cannot be deserialized; when this has returned the record counts as done. Without it the partition
     * stops before that record, and poll throws why. Called by the thread that polls, or by the partition's.
     */
    public ConsumerBuilder<K, V> onRejected(BiConsumer<ConsumedRecord, Exception> handler) {
        this.onRejected = Objects.requireNonNull(handler);
        return this;
    }

    /** Is told of partitions that come and go; only with {@link #subscribe()}. */
    public ConsumerBuilder<K, V> rebalanceListener(RebalanceListener rebalanceListener) {
        this.listener = Objects.requireNonNull(rebalanceListener);
        return this;
    }

    /** How many members of the group this consumer is; one unless told otherwise. */
    public ConsumerBuilder<K, V> members(MemberCount count) {
        this.members = Objects.requireNonNull(count);
        return this;
    }

    /** Records are done when they are {@linkplain Consumer#ack(Records) acknowledged}, and not because the thread that got them polls again. */
    public ConsumerBuilder<K, V> explicitAcks() {
        this.explicitAcks = true;
        return this;
    }

    /** Everything runs inside of this scope; without it in one of the consumer's own. */
    public ConsumerBuilder<K, V> scope(Scope parent) {
        this.scope = Objects.requireNonNull(parent);
        return this;
    }

    /**
     * A consumer that shares the configured topics with the other members of the configured group. It joins when it is polled or run for
     * the first time.
     */
    public Consumer<K, V> subscribe() {
        return consumer((work, in, name, onFailure) ->
                new GroupSource(ConsumerGroup.start(client, config, members, work, listener, in)));
    }

    /** A consumer of these partitions from these offsets on, without a group: nothing can be committed. */
    public Consumer<K, V> assign(Map<TopicPartition, StartAt> starts) {
        Map<TopicPartition, StartAt> copy = Map.copyOf(starts);
        refuseListener();
        return consumer((work, in, name, onFailure) ->
                ManualSource.fromOffsets(client, config, copy, work, in, name, onFailure));
    }

    /**
     * A consumer of these partitions that goes on where the configured group has committed, else where {@code auto.offset.reset} says, and
     * commits in the group's name without being a member of it: only while the group has none.
     */
    public Consumer<K, V> assign(Collection<TopicPartition> partitions) {
        List<TopicPartition> copy = partitions.stream().distinct().sorted().toList();
        refuseListener();
        return consumer((work, in, name, onFailure) ->
                ManualSource.fromCommitted(client, config, copy, work, in, name, onFailure));
    }

    private void refuseListener() {
        if (!listener.equals(RebalanceListener.NONE)) {
            throw new IllegalStateException(
                    "a rebalance listener hears nothing of assign(): subscribe, or leave it out");
        }
    }

    private Consumer<K, V> consumer(Consumer.Origin origin) {
        return Consumer.of(client, config, origin, new Deserializing(keys, values, onRejected), explicitAcks, scope);
    }
}
