package dev.kafkaloom.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.kafkaloom.protocol.TopicPartition;
import java.util.List;

/** One line of a history. {@code at}: CLOCK_MONOTONIC in nanoseconds. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "e")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Send.class, name = "send"),
    @JsonSubTypes.Type(value = Event.Ok.class, name = "ok"),
    @JsonSubTypes.Type(value = Event.Fail.class, name = "fail"),
    @JsonSubTypes.Type(value = Event.Perhaps.class, name = "info"),
    @JsonSubTypes.Type(value = Event.Delivered.class, name = "delivered"),
    @JsonSubTypes.Type(value = Event.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Event.Committed.class, name = "committed"),
    @JsonSubTypes.Type(value = Event.Assigned.class, name = "assigned"),
    @JsonSubTypes.Type(value = Event.Revoked.class, name = "revoked"),
    @JsonSubTypes.Type(value = Event.Lost.class, name = "lost"),
    @JsonSubTypes.Type(value = Event.Killed.class, name = "killed"),
    @JsonSubTypes.Type(value = Event.Rest.class, name = "rest"),
    @JsonSubTypes.Type(value = Event.Owes.class, name = "owes"),
    @JsonSubTypes.Type(value = Event.Seek.class, name = "seek"),
    @JsonSubTypes.Type(value = Event.Deleted.class, name = "deleted"),
    @JsonSubTypes.Type(value = Event.Truncated.class, name = "truncated"),
    @JsonSubTypes.Type(value = Event.Note.class, name = "note")
})
sealed interface Event {
    long at();

    /** A producer is about to send a value, which nobody else sends. */
    record Send(long at, String producer, String topic, String value) implements Event {}

    /** The broker has acknowledged it. */
    record Ok(long at, String producer, String topic, int partition, long offset, String value) implements Event {}

    /** It is certainly not in the log, or its transaction was aborted. */
    record Fail(long at, String producer, String topic, String value) implements Event {}

    /** Nobody knows whether it was written. A send without any end means the same. */
    record Perhaps(long at, String producer, String topic, String value) implements Event {}

    /** A member got a record. The group of a reader that is in none is the reader. */
    record Delivered(
            long at, String group, String member, long epoch, String topic, int partition, long offset, String value)
            implements Event {}

    /** The member has done with all it was delivered of these offsets, both included. */
    record Done(long at, String group, String member, long epoch, String topic, int partition, long first, long last)
            implements Event {}

    /** Somebody asked the coordinator: this is committed, -1 for nothing. One asker for each group. */
    record Committed(long at, String group, String topic, int partition, long offset) implements Event {}

    /** A member was given these partitions; what it kept from before is not among them, or has the epoch it had. */
    record Assigned(long at, String group, String member, long epoch, List<TopicPartition> partitions)
            implements Event {}

    /** A member gives these back, in time. */
    record Revoked(long at, String group, String member, long epoch, List<TopicPartition> partitions)
            implements Event {}

    /** A member found out that these had not been its own any more. */
    record Lost(long at, String group, String member, long epoch, List<TopicPartition> partitions) implements Event {}

    /** The member's process is gone, with all it owned. */
    record Killed(long at, String group, String member) implements Event {}

    /** The group has settled: each of these has exactly one owner now. */
    record Rest(long at, String group, List<TopicPartition> partitions) implements Event {}

    /** The group has to see records from this offset on; all, where nothing is said. */
    record Owes(long at, String group, String topic, int partition, long offset) implements Event {}

    /** The group was told to go on elsewhere: its deliveries and its committed offset may jump. */
    record Seek(long at, String group, String topic, int partition, long offset) implements Event {}

    /** Records below this offset were deleted from the log, by request or retention. */
    record Deleted(long at, String topic, int partition, long offset) implements Event {}

    /** The brokers have thrown away what was written so far from this offset on (an unclean election), and give out the offsets again. */
    record Truncated(long at, String topic, int partition, long offset) implements Event {}

    /** For whoever reads it: a broker was killed, a member joined. */
    record Note(long at, String what) implements Event {}
}
