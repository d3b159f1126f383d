/**
 * HighLevel consuming, in two halves. Fetching: {@link dev.kafkaloom.consumer.Fetchers} reads from the leaders for the whole process, a
 * {@link dev.kafkaloom.consumer.PartitionLoop} hands one partition's records to a handler. Groups:
 * {@link dev.kafkaloom.consumer.ConsumerGroup} runs members, which own partitions and commit. Between them stands
 * {@link dev.kafkaloom.consumer.Progress}: the loop says what is done, the member commits the contiguous prefix.
 */
package dev.kafkaloom.consumer;
