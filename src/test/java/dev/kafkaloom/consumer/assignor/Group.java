package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A group that lives on from generation to generation while, at random, members come and go, subscriptions change and topics grow. */
final class Group {
    private final Random random;
    private final boolean alike;
    private final Map<String, Integer> topics = new TreeMap<>();
    private final Map<String, List<String>> subscriptions = new TreeMap<>();
    private Map<String, Owned> had = new TreeMap<>();
    private int generation;
    private int born;

    /** {@code alike}: all are subscribed to all topics. */
    Group(long seed, boolean alike) {
        this.random = new Random(seed);
        this.alike = alike;
        for (int t = 0; t < 1 + random.nextInt(5); t++) {
            topics.put("topic-" + t, 1 + random.nextInt(12));
        }
        for (int m = 0; m < 1 + random.nextInt(6); m++) {
            join();
        }
    }

    /** What changes before the next generation. */
    void change() {
        switch (random.nextInt(5)) {
            case 0 -> join();
            case 1 -> leave();
            case 2 -> topics.merge("topic-" + random.nextInt(6), 1 + random.nextInt(15), Math::max);
            case 3 -> {
                leave();
                join();
            }
            default -> {
                if (!alike) {
                    List<String> members = new ArrayList<>(subscriptions.keySet());
                    subscriptions.put(members.get(random.nextInt(members.size())), someTopics());
                }
            }
        }
        if (alike) {
            subscriptions.replaceAll((_, _) -> List.copyOf(topics.keySet()));
        }
    }

    private void join() {
        subscriptions.put("member-" + Integer.toString(random.nextInt(1 << 20), 36) + "-" + born++, someTopics());
    }

    private void leave() {
        if (subscriptions.size() > 1) {
            List<String> members = new ArrayList<>(subscriptions.keySet());
            subscriptions.remove(members.get(random.nextInt(members.size())));
        }
    }

    private List<String> someTopics() {
        List<String> some = new ArrayList<>(topics.keySet());
        if (!alike) {
            Collections.shuffle(some, random);
            some = some.subList(0, 1 + random.nextInt(some.size()));
        }
        return List.copyOf(some);
    }

    Topics topics() {
        return Topics.of(topics);
    }

    /** The members as their leader sees them: with what {@code sticky} writes, or with what they own if it is cooperative. */
    List<Subscriber> members(Assignor assignor) {
        List<Subscriber> members = new ArrayList<>();
        boolean cooperative = assignor.protocols().contains(RebalanceProtocol.COOPERATIVE);
        subscriptions.forEach((id, wanted) -> {
            Owned owned = had.getOrDefault(id, Owned.NOTHING);
            List<TopicPartition> kept = cooperative ? owned.partitions() : List.of();
            members.add(new Subscriber(id, null, wanted, kept, owned.generation(), null, assignor.userData(owned)));
        });
        Collections.shuffle(members, random);
        return members;
    }

    /** The members take what they are given; now and then one of them misses it and has its old one still. */
    void take(Map<String, List<TopicPartition>> assignment, boolean mayMiss) {
        generation++;
        Map<String, Owned> now = new TreeMap<>();
        assignment.forEach((member, partitions) -> {
            boolean misses = mayMiss && had.containsKey(member) && random.nextInt(8) == 0;
            now.put(member, misses ? had.get(member) : new Owned(partitions, generation));
        });
        had = now;
    }

    /** Fails unless everything that somebody is subscribed to is given once, and only to who is subscribed. */
    void check(Map<String, List<TopicPartition>> assignment) {
        Set<TopicPartition> given = new HashSet<>();
        assignment.forEach((member, partitions) -> partitions.forEach(tp -> {
            if (!subscriptions.get(member).contains(tp.topic())
                    || tp.partition() >= topics.getOrDefault(tp.topic(), 0)) {
                throw new AssertionError(tp + " is not for " + member);
            }
            if (!given.add(tp)) {
                throw new AssertionError(tp + " is given twice");
            }
        }));
        Set<String> wanted = new HashSet<>();
        subscriptions.values().forEach(wanted::addAll);
        int all =
                wanted.stream().mapToInt(topic -> topics.getOrDefault(topic, 0)).sum();
        if (given.size() != all || !assignment.keySet().equals(subscriptions.keySet())) {
            throw new AssertionError("given are " + given.size() + " of " + all + " to " + assignment.keySet());
        }
    }

    /** How many partitions are with a member that had them before. */
    int kept(Map<String, List<TopicPartition>> assignment) {
        int kept = 0;
        for (var each : assignment.entrySet()) {
            Set<TopicPartition> before =
                    new HashSet<>(had.getOrDefault(each.getKey(), Owned.NOTHING).partitions());
            kept += (int) each.getValue().stream().filter(before::contains).count();
        }
        return kept;
    }

    /** Kafka's own measure: the sum of all differences between two members; the less, the better. */
    static int imbalance(Map<String, List<TopicPartition>> assignment) {
        int[] sizes = assignment.values().stream().mapToInt(List::size).toArray();
        int sum = 0;
        for (int a = 0; a < sizes.length; a++) {
            for (int b = a + 1; b < sizes.length; b++) {
                sum += Math.abs(sizes[a] - sizes[b]);
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return "generation " + generation + ", " + topics + ", " + subscriptions + ", had " + had;
    }
}
