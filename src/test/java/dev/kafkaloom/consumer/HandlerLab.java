package dev.kafkaloom.consumer;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Partition loops of one {@link HandlerWork} on the fake brokers of a test. */
final class HandlerLab {
    final AtomicInteger failures = new AtomicInteger();
    Fetchers fetchers;
    HandlerWork work;
    private final FakeFetching fake;

    HandlerLab(FakeFetching fake) {
        this.fake = fake;
    }

    PartitionLoop start(Handling handling, Progress progress, RecordHandler handler) {
        return start(config(handling), progress, handler);
    }

    PartitionLoop start(ConsumerConfig config, Progress progress, RecordHandler handler) {
        open(config, HandlerWork.of(handler));
        return begin(progress);
    }

    void open(ConsumerConfig config, HandlerWork of) {
        fetchers = Fetchers.open(fake.client, FetchConfig.DEFAULT, fake.scope);
        work = of;
        work.open(fake.scope, config);
    }

    PartitionLoop begin(Progress progress) {
        return PartitionLoop.start(
                work,
                fake.scope,
                fetchers,
                StartAt.offset(progress.committable()),
                progress,
                FakeFetching.policy(),
                failures::incrementAndGet);
    }

    static ConsumerConfig config(Handling handling) {
        return ConsumerConfig.builder("g", List.of("t")).handling(handling).build();
    }
}
