package dev.kafkaloom.runtime;

import dev.kafkaloom.consumer.PartitionSnapshot;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.runtime.MeterKinds.Kind;
import dev.kafkaloom.storage.StorageStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A consumer runtime as Micrometer meters, named {@code kafka.loom...} and tagged with the group. What they show is at most a second old. Those of
 * partitions come and go with the assignment, at each {@link #refresh()}. Whoever binds it has to hold on to it: registries do not. Thread-safe.
 */
public final class Meters implements MeterBinder {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final List<String> STATES =
            List.of("joining", "syncing", "starting", "stable", "draining", "leaving", "left", "failed");

    /** What the runtime was like at a moment, so that all meters of a scrape tell of the same. */
    private record Moment(
            long nanos,
            RuntimeSnapshot runtime,
            Map<TopicPartition, PartitionSnapshot> partitions,
            Map<TopicPartition, StorageStats.PartitionStats> stored) {}

    private final Supplier<RuntimeSnapshot> runtime;
    private final Map<TopicPartition, List<Meter>> ofPartitions = new HashMap<>(); // guarded by this
    private final Map<TopicPartition, List<Meter>> ofStored = new HashMap<>(); // likewise
    private MeterRegistry registry; // likewise
    private Tags tags; // likewise
    private volatile Moment moment;

    /** @param runtime asked at most once a second, and at each {@link #refresh()} */
    public Meters(Supplier<RuntimeSnapshot> runtime) {
        this.runtime = runtime;
    }

    /** Once, to one registry. */
    @Override
    public synchronized void bindTo(MeterRegistry to) {
        if (registry != null) {
            throw new IllegalStateException("these meters are bound to a registry already");
        }
        registry = to;
        tags = Tags.of("group", look().runtime().group().groupId());
        register(MeterKinds.RUNTIME, tags, Moment::runtime);
        register(MeterKinds.SINK, tags, it -> it.runtime().sink());
        register(MeterKinds.STORAGE, tags, it -> it.runtime().storage());
        MeterKinds.LATENCY.forEach((quantile, of) -> register(
                List.of(new Kind<>("sink.latency.seconds", false, "how long calls of the sink took of late", of)),
                tags.and("quantile", quantile),
                it -> it.runtime().sink()));
        STATES.forEach(state -> register(
                List.of(new Kind<RuntimeSnapshot>("members", false, "members by state", it -> members(it, state))),
                tags.and("state", state),
                Moment::runtime));
        refresh();
    }

    private static long members(RuntimeSnapshot runtime, String state) {
        return runtime.group().members().stream()
                .filter(member -> member.state().equals(state))
                .count();
    }

    /** Looks anew, and adds and removes meters of partitions. For whoever is about to read them all. */
    public synchronized void refresh() {
        Moment now = look();
        follow(
                ofPartitions,
                now.partitions().keySet(),
                MeterKinds.PARTITION,
                tp -> it -> it.partitions().get(tp));
        follow(
                ofStored,
                now.stored().keySet(),
                MeterKinds.STORED,
                tp -> it -> it.stored().get(tp));
    }

    private <T> void follow(
            Map<TopicPartition, List<Meter>> known,
            Collection<TopicPartition> now,
            List<Kind<T>> kinds,
            Function<TopicPartition, Function<Moment, T>> part) {
        known.entrySet().removeIf(each -> {
            boolean gone = !now.contains(each.getKey());
            if (gone) {
                each.getValue().forEach(registry::remove);
            }
            return gone;
        });
        for (TopicPartition tp : now) {
            known.computeIfAbsent(
                    tp,
                    _ -> register(
                            kinds,
                            tags.and("topic", tp.topic(), "partition", Integer.toString(tp.partition())),
                            part.apply(tp)));
        }
    }

    private <T> List<Meter> register(List<Kind<T>> kinds, Tags with, Function<Moment, T> part) {
        List<Meter> made = new ArrayList<>();
        for (Kind<T> kind : kinds) {
            String name = "kafka.loom." + kind.name();
            ToDoubleFunction<Meters> value = self -> {
                T of = part.apply(self.now());
                return of == null ? Double.NaN : kind.of().applyAsDouble(of);
            };
            made.add(
                    kind.grows()
                            ? FunctionCounter.builder(name, this, value)
                                    .description(kind.about())
                                    .tags(with)
                                    .register(registry)
                            : Gauge.builder(name, this, value)
                                    .description(kind.about())
                                    .tags(with)
                                    .register(registry));
        }
        return made;
    }

    private Moment now() {
        Moment last = moment;
        return System.nanoTime() - last.nanos() < FRESH_NANOS ? last : look();
    }

    private Moment look() {
        RuntimeSnapshot now = runtime.get();
        Map<TopicPartition, PartitionSnapshot> partitions = now.group().members().stream()
                .flatMap(member -> member.partitions().stream())
                .collect(Collectors.toMap(PartitionSnapshot::partition, it -> it, (before, after) -> after));
        Map<TopicPartition, StorageStats.PartitionStats> stored = now.storage().partitions().stream()
                .collect(Collectors.toMap(StorageStats.PartitionStats::partition, it -> it, (before, after) -> after));
        Moment made = new Moment(System.nanoTime(), now, partitions, stored);
        moment = made;
        return made;
    }
}
