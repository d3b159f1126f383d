package dev.kafkaloom.consumer;

import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * What one {@link Consumer#poll} returned: records of one partition or of several, in offset order for each. Immutable, safe to hand to
 * other threads and to go through more than once.
 */
public final class Records<K, V> implements Iterable<Received<K, V>> {
    private static final Records<Object, Object> NONE = new Records<>(List.of());

    private final List<Polled> parts;
    private final int count;

    Records(List<Polled> parts) {
        this.parts = parts;
        int sum = 0;
        for (Polled part : parts) {
            sum += part.records().size();
        }
        this.count = sum;
    }

    @SuppressWarnings("unchecked") // it has none of either
    static <K, V> Records<K, V> none() {
        return (Records<K, V>) NONE;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Of which partitions there are some. */
    public Set<TopicPartition> partitions() {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        parts.forEach(part -> partitions.add(part.partition()));
        return partitions;
    }

    /** Those of one partition, which can also be acknowledged apart. */
    public Records<K, V> of(TopicPartition partition) {
        return new Records<>(parts.stream()
                .filter(part -> part.partition().equals(partition))
                .toList());
    }

    /** The records as they were in the log, without the deserializers' work. */
    public List<ConsumedRecord> raw() {
        if (parts.size() == 1) {
            return parts.getFirst().records();
        }
        List<ConsumedRecord> all = new ArrayList<>(count);
        parts.forEach(part -> all.addAll(part.records()));
        return all;
    }

    @Override
    public Iterator<Received<K, V>> iterator() {
        return new Each<>(parts);
    }

    List<Polled> parts() {
        return parts;
    }

    void ack() {
        parts.forEach(Polled::ack);
    }

    @Override
    public String toString() {
        return count + " records of " + partitions();
    }

    private static final class Each<K, V> implements Iterator<Received<K, V>> {
        private final List<Polled> parts;
        private int part;
        private int record;

        Each(List<Polled> parts) {
            this.parts = parts;
        }

        @Override
        public boolean hasNext() {
            return part < parts.size();
        }

        @Override
        public Received<K, V> next() {
            if (part >= parts.size()) {
                throw new NoSuchElementException();
            }
            Polled now = parts.get(part);
            Received<K, V> next = now.get(record++);
            if (record == now.records().size()) {
                part++;
                record = 0;
            }
            return next;
        }
    }
}
