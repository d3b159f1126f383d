/**
 * How the partitions of a classic group are shared out. {@link dev.kafkaloom.consumer.assignor.Assignor} is the seam for one's own;
 * {@link dev.kafkaloom.consumer.assignor.Assignors} has Kafka's four. Nothing here does I/O or knows a connection: whoever leads the
 * group collects what the members said and calls {@code assign} once a generation.
 */
package dev.kafkaloom.consumer.assignor;
