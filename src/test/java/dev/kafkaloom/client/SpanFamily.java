package dev.kafkaloom.client;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One API whose requests span brokers, in the words of a test: its items are texts ({@code t-0}: a partition, or a group or transactional
 * id of that name), an answer is an error code for each.
 *
 * @param elsewhere the error of a broker that is asked about what belongs to another
 * @param ask       a request about these items
 * @param asked     the items of a request
 * @param answer    a response with these error codes
 * @param read      the error codes of a response
 */
record SpanFamily(
        ApiKey api,
        int elsewhere,
        Function<List<String>, Request<?>> ask,
        Function<Request<?>, List<String>> asked,
        Function<Map<String, Short>, Response> answer,
        Function<Response, Map<String, Short>> read) {

    static final int NOT_LEADER = 6;
    static final int NOT_COORDINATOR = 16;

    boolean isAboutPartitions() {
        return elsewhere == NOT_LEADER;
    }

    @Override
    public String toString() {
        return api.apiName();
    }

    static TopicPartition partition(String item) {
        int dash = item.lastIndexOf('-');
        return new TopicPartition(item.substring(0, dash), Integer.parseInt(item.substring(dash + 1)));
    }

    /** The entries of topics that a request has for these partitions, in this order. */
    static <T> List<T> topics(List<String> items, BiFunction<String, List<Integer>, T> topic) {
        Map<String, List<Integer>> partitions = items.stream()
                .map(SpanFamily::partition)
                .collect(Collectors.groupingBy(
                        TopicPartition::topic,
                        LinkedHashMap::new,
                        Collectors.mapping(TopicPartition::partition, Collectors.toList())));
        return partitions.entrySet().stream()
                .map(each -> topic.apply(each.getKey(), each.getValue()))
                .toList();
    }

    static <T, P> List<String> items(
            List<T> topics, Function<T, String> name, Function<T, List<P>> partitions, Function<P, Integer> index) {
        return topics.stream()
                .flatMap(topic -> partitions.apply(topic).stream().map(p -> name.apply(topic) + "-" + index.apply(p)))
                .toList();
    }

    static <T, P> Map<String, Short> codes(
            List<T> topics,
            Function<T, String> name,
            Function<T, List<P>> partitions,
            Function<P, Integer> index,
            Function<P, Short> error) {
        Map<String, Short> codes = new LinkedHashMap<>();
        topics.forEach(topic -> partitions
                .apply(topic)
                .forEach(p -> codes.put(name.apply(topic) + "-" + index.apply(p), error.apply(p))));
        return codes;
    }

    static <E> Map<String, Short> codes(List<E> elements, Function<E, String> name, Function<E, Short> error) {
        Map<String, Short> codes = new LinkedHashMap<>();
        elements.forEach(each -> codes.put(name.apply(each), error.apply(each)));
        return codes;
    }

    static <E> List<E> each(Map<String, Short> codes, BiFunction<String, Short, E> element) {
        return codes.entrySet().stream()
                .map(code -> element.apply(code.getKey(), code.getValue()))
                .toList();
    }

    /** The topics of a response: the partitions' errors are looked up in {@code codes}. */
    static <T> List<T> answers(Map<String, Short> codes, BiFunction<String, List<Integer>, T> topic) {
        return topics(List.copyOf(codes.keySet()), topic);
    }
}
