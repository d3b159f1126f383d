/**
 * One group of ours, Java and librdkafka members, which come, go and are killed in random order while a producer runs. Every member is a
 * process of its own and writes its history; {@link dev.kafkaloom.history.Checker} judges it.
 */
package dev.kafkaloom.mixed;
