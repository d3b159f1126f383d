/**
 * What whole daemons go through and lose nothing: killed every 20 seconds, with brokers and Redis, under each storage and ordering, with sinks
 * that fail ({@code Ordeal}). Their sink ({@link dev.kafkaloom.ordeal.HistorySink}) writes down what it gets and is done
 * with; the topic is read by Kafka's own client in the end; {@link dev.kafkaloom.ordeal.WorkChecker} compares.
 */
package dev.kafkaloom.ordeal;
