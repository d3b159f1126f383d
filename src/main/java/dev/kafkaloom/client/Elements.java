package dev.kafkaloom.client;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The list in a message that is split or joined: how its elements are taken out of the message and put back, and what they are called.
 *
 * @param in    the elements, in order
 * @param with  the same message with these elements instead
 * @param names what an element is known by, the best name first; a request's element and its answer share at least one
 * @param <M>   the message
 * @param <E>   an element
 */
record Elements<M, E>(Function<M, List<E>> in, BiFunction<M, List<E>, M> with, Function<E, List<Object>> names) {
    /** A partition within its topic's entry: what messages nest, laid out flat. */
    record InTopic<T, P>(T topic, P partition) {}

    /** A partition known by its topic's id. */
    record IdPartition(Uuid topicId, int partition) {
        @Override
        public String toString() {
            return topicId + "-" + partition;
        }
    }

    private record TopicName(String name, Uuid id) {}

    /** A list whose elements have one name each. */
    static <M, E> Elements<M, E> of(Function<M, List<E>> in, BiFunction<M, List<E>, M> with, Function<E, Object> name) {
        return new Elements<>(in, with, element -> List.of(name.apply(element)));
    }

    /** Partitions of topics that have a name and no id. */
    static <M, T, P> Elements<M, InTopic<T, P>> partitions(
            Function<M, List<T>> topics,
            BiFunction<M, List<T>, M> withTopics,
            Function<T, String> name,
            Function<T, List<P>> partitions,
            BiFunction<T, List<P>, T> withPartitions,
            ToIntFunction<P> index) {
        return partitions(topics, withTopics, name, _ -> Uuid.ZERO, partitions, withPartitions, index);
    }

    /** Partitions of topics; a topic without a name has the empty one, one without an id {@link Uuid#ZERO}. */
    static <M, T, P> Elements<M, InTopic<T, P>> partitions(
            Function<M, List<T>> topics,
            BiFunction<M, List<T>, M> withTopics,
            Function<T, String> name,
            Function<T, Uuid> id,
            Function<T, List<P>> partitions,
            BiFunction<T, List<P>, T> withPartitions,
            ToIntFunction<P> index) {
        return new Elements<>(
                message -> flat(topics.apply(message), partitions),
                (message, elements) -> withTopics.apply(
                        message,
                        nested(elements, topic -> new TopicName(name.apply(topic), id.apply(topic)), withPartitions)),
                each -> partitionNames(
                        name.apply(each.topic()), id.apply(each.topic()), index.applyAsInt(each.partition())));
    }

    private static <T, P> List<InTopic<T, P>> flat(List<T> topics, Function<T, List<P>> partitions) {
        return topics.stream()
                .flatMap(topic -> partitions.apply(topic).stream().map(partition -> new InTopic<>(topic, partition)))
                .toList();
    }

    private static <T, P> List<T> nested(
            List<InTopic<T, P>> elements, Function<T, TopicName> name, BiFunction<T, List<P>, T> withPartitions) {
        Map<TopicName, T> topics = new LinkedHashMap<>();
        Map<TopicName, List<P>> partitions = new LinkedHashMap<>();
        for (InTopic<T, P> each : elements) {
            TopicName topic = name.apply(each.topic());
            topics.putIfAbsent(topic, each.topic());
            partitions.computeIfAbsent(topic, _ -> new ArrayList<>()).add(each.partition());
        }
        return topics.entrySet().stream()
                .map(topic -> withPartitions.apply(topic.getValue(), partitions.get(topic.getKey())))
                .toList();
    }

    /** Both names where a topic has both: the broker answers with the one that the version it was asked in has. */
    private static List<Object> partitionNames(String topic, Uuid id, int partition) {
        List<Object> names = new ArrayList<>(2);
        if (!topic.isEmpty()) {
            names.add(new TopicPartition(topic, partition));
        }
        if (!id.equals(Uuid.ZERO) || names.isEmpty()) {
            names.add(new IdPartition(id, partition));
        }
        return names;
    }
}
