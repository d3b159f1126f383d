package dev.kafkaloom.consumer.assignor;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The sharing behind both sticky assignors. Whatever the subscriptions are, the result is the most balanced one there is: no chain of
 * moves, each to a member that is subscribed to the topic, could lead from a member to one that has at least two less. It begins with
 * what everybody had, hands out what nobody has, and then moves along such chains, the cheapest first: it costs nothing to move what its
 * holder had not had before. Members, topics and partitions are numbered. One use, one thread.
 */
final class FairShare {
    private static final int NOBODY = -1;

    private final List<Subscriber> members;
    private final List<String> topics;
    /** The members that are subscribed to a topic. */
    private final int[][] subscribers;
    /** The topics that a member is subscribed to. */
    private final BitSet[] subscriptions;
    /** The number of a topic's first partition; at the end how many partitions there are. */
    private final int[] firstOf;

    private final int[] topicOf;
    /** Who had a partition before and may have it again. */
    private final int[] home;

    private final int[] owner;
    private final Holding[] held;

    /** The partitions of a member, in no order; each knows its place, so that it is taken out at once. */
    private static final class Holding {
        private int[] partitions = new int[8];
        private int size;

        void add(int partition, int[] placeOf) {
            if (size == partitions.length) {
                partitions = Arrays.copyOf(partitions, size * 2);
            }
            placeOf[partition] = size;
            partitions[size++] = partition;
        }

        void remove(int partition, int[] placeOf) {
            int last = partitions[--size];
            partitions[placeOf[partition]] = last;
            placeOf[last] = placeOf[partition];
        }
    }

    private final int[] placeOf;

    private FairShare(Topics given, List<Subscriber> members) {
        this.members = members;
        TreeSet<String> names = new TreeSet<>();
        members.forEach(member -> names.addAll(member.topics()));
        topics = names.stream().filter(topic -> given.partitions(topic) > 0).toList();
        firstOf = new int[topics.size() + 1];
        for (int t = 0; t < topics.size(); t++) {
            firstOf[t + 1] = firstOf[t] + given.partitions(topics.get(t));
        }
        int partitions = firstOf[topics.size()];
        topicOf = new int[partitions];
        for (int t = 0; t < topics.size(); t++) {
            Arrays.fill(topicOf, firstOf[t], firstOf[t + 1], t);
        }
        owner = filled(partitions, NOBODY);
        home = filled(partitions, NOBODY);
        placeOf = new int[partitions];
        subscriptions = new BitSet[members.size()];
        held = new Holding[members.size()];
        subscribers = new int[topics.size()][];
        subscribe();
    }

    private void subscribe() {
        Map<String, Integer> numbers = new HashMap<>();
        topics.forEach(topic -> numbers.put(topic, numbers.size()));
        for (int m = 0; m < members.size(); m++) {
            held[m] = new Holding();
            subscriptions[m] = new BitSet(topics.size());
            for (String topic : members.get(m).topics()) {
                if (numbers.containsKey(topic)) {
                    subscriptions[m].set(numbers.get(topic));
                }
            }
        }
        for (int t = 0; t < topics.size(); t++) {
            int topic = t;
            subscribers[t] = IntStream.range(0, members.size())
                    .filter(m -> subscriptions[m].get(topic))
                    .toArray();
        }
    }

    /**
     * Shares the partitions out.
     *
     * @param owners who had a partition, by position in {@code members}; a claim to one that does not exist, or of a member that is not
     *     subscribed any more, is passed over
     * @return partitions by member id, an entry for every member, sorted, to be changed as one likes
     */
    static Map<String, List<TopicPartition>> of(
            Topics topics, List<Subscriber> members, Map<TopicPartition, Integer> owners) {
        FairShare share = new FairShare(topics, members);
        share.keep(owners);
        share.handOut();
        share.balance();
        return share.result();
    }

    private void keep(Map<TopicPartition, Integer> owners) {
        for (int p = 0; p < owner.length; p++) {
            Integer had = owners.get(partition(p));
            if (had != null && subscriptions[had].get(topicOf[p])) {
                home[p] = had;
                give(p, had);
            }
        }
        Map<BitSet, Boolean> different = new HashMap<>();
        for (BitSet subscription : subscriptions) {
            different.put(subscription, true);
        }
        if (different.size() == 1) {
            takeWhatIsTooMuch();
        }
    }

    /** Where all have the same topics it is known beforehand how much a member will have: at once, instead of move by move. */
    private void takeWhatIsTooMuch() {
        int each = owner.length / members.size();
        int withOneMore = owner.length % members.size();
        for (Holding mine : held) {
            int most = each;
            if (mine.size > each && withOneMore > 0) {
                most++;
                withOneMore--;
            }
            while (mine.size > most) {
                int partition = mine.partitions[mine.size - 1];
                mine.remove(partition, placeOf);
                owner[partition] = NOBODY;
            }
        }
    }

    private void handOut() {
        for (int p = 0; p < owner.length; p++) {
            if (owner[p] == NOBODY) {
                give(p, leastLoaded(subscribers[topicOf[p]]));
            }
        }
    }

    private int leastLoaded(int[] among) {
        int best = among[0];
        for (int m : among) {
            if (held[m].size < held[best].size) {
                best = m;
            }
        }
        return best;
    }

    /**
     * From the member that has most down. One from which no chain leads to a member with two less is done with: all that can be reached from
     * it has almost as much, and what is moved later, among members that have less, does not touch it.
     */
    private void balance() {
        BitSet done = new BitSet();
        for (int from = mostLoaded(done); from != NOBODY; from = mostLoaded(done)) {
            if (!relieve(from)) {
                done.set(from);
            }
        }
    }

    private int mostLoaded(BitSet done) {
        int most = NOBODY;
        int least = Integer.MAX_VALUE;
        for (int m = 0; m < held.length; m++) {
            least = Math.min(least, held[m].size);
            if (!done.get(m) && (most == NOBODY || held[m].size > held[most].size)) {
                most = m;
            }
        }
        return most != NOBODY && held[most].size - least >= 2 ? most : NOBODY;
    }

    /** Takes one partition from this member, along the cheapest chain to the member that has least. */
    private boolean relieve(int from) {
        Search search = new Search(from);
        int best = search.run();
        if (best == NOBODY) {
            return false;
        }
        for (int to = best; to != from; ) {
            int partition = search.brings[to];
            int giver = owner[partition];
            held[giver].remove(partition, placeOf);
            give(partition, to);
            to = giver;
        }
        return true;
    }

    /** For the way from one member to another that has at least two less; members come up by what the way to them costs. */
    private final class Search {
        private final int from;
        private final int least;
        private final int[] cost = filled(members.size(), Integer.MAX_VALUE);
        private final int[] topicCost = filled(topics.size(), Integer.MAX_VALUE);
        /** The partition that the chain brings to a member. */
        private final int[] brings = filled(members.size(), NOBODY);

        private final ArrayDeque<Integer> open = new ArrayDeque<>();
        private int best = NOBODY;

        Search(int from) {
            this.from = from;
            this.least = leastOfAll();
            cost[from] = 0;
            open.add(from);
        }

        /** The end of the chain: of those that have least the cheapest. */
        int run() {
            BitSet settled = new BitSet();
            while (!open.isEmpty()) {
                int at = open.poll();
                if (best != NOBODY && held[best].size == least && cost[best] <= cost[at]) {
                    break;
                }
                if (!settled.get(at)) {
                    settled.set(at);
                    spread(at);
                }
            }
            return best;
        }

        /** Looks at whom this member could give something to. */
        private void spread(int at) {
            Holding mine = held[at];
            for (int i = 0; i < mine.size; i++) {
                int partition = mine.partitions[i];
                int topic = topicOf[partition];
                int price = home[partition] == at ? 1 : 0;
                if (cost[at] + price < topicCost[topic]) {
                    topicCost[topic] = cost[at] + price;
                    for (int to : subscribers[topic]) {
                        reach(to, partition, price, topicCost[topic]);
                    }
                }
            }
        }

        private void reach(int to, int partition, int price, int total) {
            if (total >= cost[to]) {
                return;
            }
            cost[to] = total;
            brings[to] = partition;
            if (price == 0) {
                open.addFirst(to);
            } else {
                open.addLast(to);
            }
            boolean lessThanBest = best == NOBODY
                    || held[to].size < held[best].size
                    || (held[to].size == held[best].size && cost[to] < cost[best]);
            if (held[to].size <= held[from].size - 2 && lessThanBest) {
                best = to;
            }
        }
    }

    private int leastOfAll() {
        int least = Integer.MAX_VALUE;
        for (Holding mine : held) {
            least = Math.min(least, mine.size);
        }
        return least;
    }

    private void give(int partition, int member) {
        owner[partition] = member;
        held[member].add(partition, placeOf);
    }

    private TopicPartition partition(int number) {
        int topic = topicOf[number];
        return new TopicPartition(topics.get(topic), number - firstOf[topic]);
    }

    private Map<String, List<TopicPartition>> result() {
        Map<String, List<TopicPartition>> result = new TreeMap<>();
        members.forEach(member -> result.put(member.memberId(), new ArrayList<>()));
        for (int p = 0; p < owner.length; p++) {
            if (owner[p] != NOBODY) {
                result.get(members.get(owner[p]).memberId()).add(partition(p));
            }
        }
        return result;
    }

    private static int[] filled(int size, int value) {
        int[] filled = new int[size];
        Arrays.fill(filled, value);
        return filled;
    }
}
