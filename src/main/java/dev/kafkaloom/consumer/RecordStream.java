package dev.kafkaloom.consumer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * A consumer's records one after the other, waiting for more. Belongs to one thread. What it has handed out is done when more is fetched;
 * what it holds and has not handed out goes to the next poll of that thread.
 */
final class RecordStream<K, V> implements Iterator<Received<K, V>>, ThreadAccounts.Held {
    /** The next records for the calling thread; null when there will be none. */
    private final Supplier<Records<K, V>> source;

    private final ThreadAccounts accounts;
    private final boolean settles;
    private volatile List<Polled> parts = List.of(); // volatile: others ask whose they are
    private int part;
    private int record;
    private int settled; // of the part that is being handed out

    /** {@code settles}: what was handed out is done when more is fetched; else only when it is acknowledged. */
    RecordStream(Supplier<Records<K, V>> source, ThreadAccounts accounts, boolean settles) {
        this.source = source;
        this.accounts = accounts;
        this.settles = settles;
    }

    @Override
    public boolean hasNext() {
        while (part < parts.size() && record == parts.get(part).records().size()) {
            settle();
            part++;
            record = 0;
            settled = 0;
        }
        return part < parts.size() || fetch();
    }

    private boolean fetch() {
        Records<K, V> more = source.get();
        parts = more == null ? List.of() : more.parts();
        part = 0;
        record = 0;
        settled = 0;
        if (more != null) {
            accounts.hold(this);
        }
        return more != null;
    }

    @Override
    public Received<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the consumer is closed");
        }
        return parts.get(part).get(record++);
    }

    @Override
    public void settle() {
        if (settles && part < parts.size()) {
            parts.get(part).ackBetween(settled, record);
            settled = record;
        }
    }

    @Override
    public boolean isOf(PolledPartition partition) {
        return Polled.anyOf(partition, parts);
    }

    @Override
    public List<Polled> rest() {
        List<Polled> rest = new ArrayList<>();
        if (part < parts.size()) {
            Polled left = parts.get(part).from(record);
            if (left != null) {
                rest.add(left);
            }
            rest.addAll(parts.subList(part + 1, parts.size()));
        }
        parts = List.of();
        part = 0;
        return rest;
    }
}
