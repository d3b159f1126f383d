package dev.kafkaloom.client;

import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What metadata said at one moment: an immutable snapshot.
 *
 * @param clusterId null on brokers before 0.10.1
 * @param controllerId -1 on brokers before 0.10; on KRaft clusters some broker, which forwards
 * @param racks of the brokers that name one, by node id
 * @param topics those asked for so far, by name
 * @param generation rises with each load
 */
public record Cluster(
        String clusterId,
        int controllerId,
        Map<Integer, BrokerAddress> brokers,
        Map<Integer, String> racks,
        Map<String, TopicInfo> topics,
        long generation,
        Instant loadedAt) {

    public Cluster {
        brokers = Collections.unmodifiableMap(new TreeMap<>(brokers));
        racks = Map.copyOf(racks);
        topics = Collections.unmodifiableMap(new TreeMap<>(topics));
    }

    /** The partition, if this snapshot knows it. */
    public Optional<PartitionInfo> partition(TopicPartition wanted) {
        TopicInfo topic = topics.get(wanted.topic());
        if (topic == null) {
            return Optional.empty();
        }
        List<PartitionInfo> partitions = topic.partitions();
        int number = wanted.partition();
        if (number >= 0 && number < partitions.size() && partitions.get(number).partition() == number) {
            return Optional.of(partitions.get(number));
        }
        return partitions.stream().filter(each -> each.partition() == number).findFirst(); // metadata with a hole
    }

    /** Whether it has all these topics, and they exist. */
    boolean covers(Collection<String> wanted) {
        return wanted.stream()
                .allMatch(name -> topics.containsKey(name) && topics.get(name).exists());
    }

    /** The same with what errors told of leaders (KIP-951); what is older than this, or names a broker without an address, is left out. */
    Cluster with(Map<TopicPartition, PartitionLeader> leaders, Collection<BrokerAddress> addresses) {
        Map<Integer, BrokerAddress> reachable = new TreeMap<>(brokers);
        addresses.forEach(each -> reachable.put(each.nodeId(), each));
        Map<String, TopicInfo> changed = new TreeMap<>(topics);
        for (String name : leaders.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet())) {
            changed.computeIfPresent(
                    name,
                    (_, topic) -> topic.with(partition -> {
                        PartitionLeader leader = leaders.get(new TopicPartition(name, partition.partition()));
                        boolean newer = leader != null
                                && leader.leaderEpoch() > partition.leaderEpoch()
                                && reachable.containsKey(leader.nodeId());
                        return newer ? partition.leader(leader) : partition;
                    }));
        }
        return new Cluster(clusterId, controllerId, reachable, racks, changed, generation, loadedAt);
    }

    /** The broker that leads the partition, if there is one. */
    public Optional<BrokerAddress> leader(TopicPartition partition) {
        return partition(partition).map(info -> brokers.get(info.leaderId()));
    }

    /** The name of the topic with this id, if this snapshot has it. {@link Uuid#ZERO} is no id: a topic without one has it. */
    public Optional<String> topicName(Uuid id) {
        if (id.equals(Uuid.ZERO)) {
            return Optional.empty();
        }
        return topics.values().stream()
                .filter(topic -> topic.id().equals(id))
                .map(TopicInfo::name)
                .findFirst();
    }
}
