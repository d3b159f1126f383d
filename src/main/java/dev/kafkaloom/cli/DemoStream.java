package dev.kafkaloom.cli;

import dev.kafkaloom.coroutine.Coroutine;
import dev.kafkaloom.coroutine.Scope;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.Receipt;
import dev.kafkaloom.protocol.KafkaException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders of a small shop, about fifty a second, as long as it is not stopped. Its coroutine sends, and counts what was delivered. */
final class DemoStream {
    private static final Logger LOG = LoggerFactory.getLogger(DemoStream.class);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String[] GOODS = {"coffee", "tea", "bagels", "oranges", "candles", "postcards", "umbrellas"};

    private final Producer producer;
    private final String topic;
    private final Coroutine coroutine;
    private final ArrayDeque<Receipt> open = new ArrayDeque<>(); // only its coroutine's
    private volatile boolean stopping;
    private final AtomicLong delivered = new AtomicLong();

    private DemoStream(Producer producer, String topic, Scope scope) {
        this.producer = producer;
        this.topic = topic;
        this.coroutine = scope.go("demo/stream", this::run);
    }

    static DemoStream start(Producer producer, String topic, Scope scope) {
        return new DemoStream(producer, topic, scope);
    }

    /** Ends sending and waits until everything sent is delivered; how many records were. */
    long stop(Duration deadline) throws InterruptedException {
        stopping = true;
        if (!coroutine.join(deadline)) {
            LOG.warn("the demo's stream did not end within {}", deadline);
        }
        return delivered.get();
    }

    private void run() throws InterruptedException {
        for (int n = 1; !stopping; n++) {
            send(n);
            settle(false);
            Thread.sleep(PAUSE);
        }
        settle(true);
    }

    private void send(int n) throws InterruptedException {
        String key = "customer-" + (n * 7919L) % 40;
        String value = "order " + n + ": " + (n % 5 + 1) + " x " + GOODS[n % GOODS.length];
        try {
            open.add(producer.send(ProduceRecord.of(
                    topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8))));
        } catch (KafkaException e) {
            LOG.warn("demo record {} was not sent: {}", n, e.oneLine());
        }
    }

    private void settle(boolean all) throws InterruptedException {
        while (!open.isEmpty() && (all || open.peek().isDone())) {
            try {
                long offset = open.remove().await(Duration.ofMinutes(2)).offset();
                LOG.trace("delivered at {}", offset);
                delivered.incrementAndGet();
            } catch (KafkaException e) {
                LOG.warn("a demo record was not delivered: {}", e.oneLine());
            }
        }
    }
}
