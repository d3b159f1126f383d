package dev.kafkaloom.console;

import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.console.DeadLetterReading.Found;
import dev.kafkaloom.consumer.ConsumerConfig;
import dev.kafkaloom.producer.ProduceRecord;
import dev.kafkaloom.producer.Producer;
import dev.kafkaloom.producer.Receipt;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code dlq redrive}: sends dead letters to where they came from. What a letter says of that is checked before it is believed. At least
 * once: what was sent is kept after each poll, and what was sent and not kept when the process dies is sent again. Belongs to one thread.
 */
final class Redrive {
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /** What can be said of a record alone: others may well be taken. */
    private static final SortedSet<ErrorCode> OF_THE_RECORD = new TreeSet<>(List.of(
            ErrorCode.MESSAGE_TOO_LARGE,
            ErrorCode.INVALID_RECORD,
            ErrorCode.INVALID_TIMESTAMP,
            ErrorCode.CORRUPT_MESSAGE,
            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
            ErrorCode.RECORD_LIST_TOO_LARGE));

    /** What becomes of a letter, and where to or why not. */
    record Fate(String what, String where) implements Comparable<Fate> {
        @Override
        public int compareTo(Fate other) {
            int byWhat = what.compareTo(other.what);
            return byWhat != 0 ? byWhat : where.compareTo(other.where);
        }
    }

    private record Sent(Found found, String target, Receipt receipt) {}

    private final Session session;
    private final DeadLetterOrder order;
    private final DeadLetterReading reading;
    private final String to;
    private final Map<String, TopicInfo> topics;
    private final SortedMap<Fate, Long> fates = new TreeMap<>();
    private long left;
    private long refused;

    /** @param to where all of them go; null: each to its source, which must be one of the group's topics */
    Redrive(Session session, DeadLetterOrder order, String to) throws InterruptedException {
        this.session = session;
        this.order = order;
        this.reading = new DeadLetterReading(session, order);
        this.to = to;
        this.left = order.count();
        this.topics = session.loom().client().allTopics().topics(); // by name an old broker would make them
        if (to != null && !exists(to)) {
            throw new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + to);
        }
    }

    /** Sends them; whether every letter that was meant could be. */
    boolean run() throws IOException, InterruptedException {
        try (Producer producer = Producer.open(
                session.loom().client(),
                session.loom().producerConfig(),
                session.loom().scope())) {
            reading.run(found -> send(producer, found));
        } finally {
            showFates();
        }
        return refused == 0;
    }

    /** The same without sending anything. */
    boolean rehearse() throws IOException, InterruptedException {
        reading.run(found -> {
            for (Found each : chosen(found)) {
                String refusal = refusal(each.letter());
                count(refusal == null ? new Fate("would be redriven", target(each.letter())) : refused(refusal));
            }
            return left > 0;
        });
        showFates();
        return refused == 0;
    }

    private void showFates() throws IOException {
        var table = new Table.Builder("what", "to or why", "records");
        fates.forEach((fate, records) -> table.row(fate.what(), fate.where(), records));
        session.out().show(table.build());
    }

    private void count(Fate fate) {
        fates.merge(fate, 1L, Long::sum);
    }

    private Fate refused(String why) {
        refused++;
        return new Fate("refused", why);
    }

    // ---- which

    /** Those that are to be sent, or refused; what is left out is counted. */
    private List<Found> chosen(List<Found> found) {
        List<Found> chosen = new ArrayList<>();
        for (Found each : found) {
            if (left == 0) {
                break;
            }
            if (reading.wasRedriven(each)) {
                count(new Fate("redriven before", ""));
                pass(each);
            } else if (order.isOfAnotherGroup(each.letter())) {
                count(new Fate("of another group", ""));
                pass(each);
            } else if (order.matches(each.letter())) {
                chosen.add(each);
                left--;
            } else {
                count(new Fate("left out", "by the filter"));
            }
        }
        return chosen;
    }

    /** Nothing is to be done with it, and nothing ever will be. */
    private void pass(Found found) {
        reading.redriven(found.partition()).add(found.after(), found.offset() + 1);
    }

    // ---- where to

    /** Why it is not sent; null when it may be. */
    private String refusal(DeadLetter letter) {
        if (!(letter instanceof DeadLetter.Sound sound)) {
            return ((DeadLetter.Foreign) letter).why();
        }
        if (to != null) {
            return null;
        }
        String topic = sound.source().partition().topic();
        if (topic.equals(order.topic())) {
            return "its source is the dead-letter topic itself: --to sends it elsewhere";
        }
        if (!isOurs(topic)) {
            return "topic " + topic + " is none that group " + order.group()
                    + " is configured to consume (topic.names, topic.pattern): --to sends it to a topic";
        }
        return exists(topic) ? null : "topic " + topic + " does not exist: --to sends it to another one";
    }

    private boolean isOurs(String topic) {
        ConsumerConfig consumer = session.loom().consumerConfig();
        return consumer.topics().contains(topic)
                || (consumer.topicPattern() != null
                        && consumer.topicPattern().matcher(topic).matches());
    }

    private boolean exists(String topic) {
        TopicInfo found = topics.get(topic);
        return found != null && found.exists();
    }

    private String target(DeadLetter letter) {
        return to != null
                ? to
                : ((DeadLetter.Sound) letter).source().partition().topic();
    }

    /** Its own partition where there is one; its time is now, because the log of a topic forgets what is old. */
    private ProduceRecord again(DeadLetter.Sound letter) {
        ConsumedRecord source = letter.source();
        String target = target(letter);
        boolean home = target.equals(source.partition().topic())
                && source.partition().partition()
                        < topics.get(target).partitions().size();
        return new ProduceRecord(
                target,
                home ? source.partition().partition() : null,
                null,
                source.key(),
                source.value(),
                source.headers());
    }

    // ---- sending

    private boolean send(Producer producer, List<Found> found) throws IOException, InterruptedException {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        found.forEach(each -> partitions.add(each.partition()));
        reading.refuseIfOthersRedrive(partitions);
        List<Found> chosen = chosen(found);
        refuseIfTooScattered(chosen);
        List<Sent> sent = new ArrayList<>();
        try {
            for (Found each : chosen) {
                hand(producer, each, sent);
            }
            producer.flush(session.loom().producerConfig().deliveryTimeout());
        } finally {
            settle(sent, partitions);
        }
        return left > 0;
    }

    private void hand(Producer producer, Found each, List<Sent> sent) throws InterruptedException {
        String refusal = refusal(each.letter());
        if (refusal != null) {
            count(refused(refusal));
            return;
        }
        try {
            Receipt receipt = producer.send(again((DeadLetter.Sound) each.letter()));
            sent.add(new Sent(each, target(each.letter()), receipt));
        } catch (KafkaException.InvalidRequest e) {
            count(refused(e.oneLine()));
        }
    }

    /** What was handed over is waited for, also when somebody lost patience: what arrived must be kept. */
    private void settle(List<Sent> sent, SortedSet<TopicPartition> partitions) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        KafkaException first = null;
        long deadline = System.nanoTime() + SETTLE.toNanos();
        for (Sent each : sent) {
            try {
                each.receipt().await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                reading.redriven(each.found().partition())
                        .add(each.found().after(), each.found().offset() + 1);
                count(new Fate("redriven", each.target()));
            } catch (KafkaException e) {
                if (e instanceof KafkaException.BrokerError error && OF_THE_RECORD.contains(error.code())) {
                    count(refused(e.oneLine()));
                } else {
                    count(new Fate("not delivered", e.oneLine()));
                    first = first == null ? e : first;
                }
            } catch (InterruptedException _) {
                interrupted = true;
                deadline = System.nanoTime();
            }
        }
        reading.keep(partitions);
        if (interrupted) {
            throw new InterruptedException();
        }
        if (first != null) {
            throw first;
        }
    }

    /** Before anything is sent that could not be kept account of. */
    private void refuseIfTooScattered(List<Found> chosen) {
        SortedMap<TopicPartition, Redriven> after = new TreeMap<>();
        for (Found each : chosen) {
            if (refusal(each.letter()) == null) {
                after.computeIfAbsent(
                                each.partition(),
                                partition -> reading.redriven(partition).copy())
                        .add(each.after(), each.offset() + 1);
            }
        }
        after.forEach((partition, redriven) -> {
            if (!redriven.fits()) {
                throw new KafkaException.InvalidRequest("what was redriven of " + partition
                        + " lies in more separate stretches than Kafka keeps beside an offset (offset.metadata.max.bytes):"
                        + " redrive what the filter left out in between, from offset " + redriven.below() + " on");
            }
        });
    }
}
