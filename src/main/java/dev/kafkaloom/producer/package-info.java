/**
 * HighLevel producing: {@link dev.kafkaloom.producer.Producer}. Records are encoded into their partition's batch when they are sent; one
 * coroutine per leader broker sends the batches, one request at a time, and one batch per partition, so that retries keep the order.
 */
package dev.kafkaloom.producer;
