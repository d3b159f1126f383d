package dev.kafkaloom.client;

/** Who leads a partition since when, as a broker's error said (KIP-951). */
public record PartitionLeader(int nodeId, int leaderEpoch) {}
