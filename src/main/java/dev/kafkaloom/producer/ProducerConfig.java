package dev.kafkaloom.producer;

import dev.kafkaloom.record.Compression;
import java.time.Duration;
import java.util.Objects;

/**
 * How records are produced; names and defaults are those of Kafka's own producer. Records are always acknowledged by all in-sync
 * replicas ({@code acks=all}).
 *
 * @param compression {@code compression.type}
 * @param compressionLevels {@code compression.gzip.level}, {@code compression.lz4.level}, {@code compression.zstd.level}: of which that of
 *     the codec in use counts
 * @param batchSize {@code batch.size}: bytes of a batch before compression; a larger record travels in a batch of its own
 * @param linger {@code linger.ms}: how long a batch waits to fill
 * @param bufferMemory {@code buffer.memory}: bytes of batches that are not acknowledged yet; overshot by at most one growing batch
 * @param maxRequestSize {@code max.request.size}: bytes of one record, and of one request
 * @param deliveryTimeout {@code delivery.timeout.ms}: from {@code send} until the record is delivered or has failed, retries included; a
 *     request that is on its way then is still waited for
 * @param requestTimeout {@code request.timeout.ms}: how long one request may go unanswered
 * @param retries {@code retries}: further attempts of a batch
 * @param retryBackoff {@code retry.backoff.ms}: wait before the first retry, doubled up to a second
 * @param maxBlock {@code max.block.ms}: how long {@code send} may wait for buffer memory and metadata
 */
public record ProducerConfig(
        Compression compression,
        CompressionLevels compressionLevels,
        int batchSize,
        Duration linger,
        long bufferMemory,
        int maxRequestSize,
        Duration deliveryTimeout,
        Duration requestTimeout,
        int retries,
        Duration retryBackoff,
        Duration maxBlock) {

    /** Kafka's defaults. */
    public static final ProducerConfig DEFAULT = new ProducerConfig(
            Compression.NONE,
            CompressionLevels.DEFAULT,
            16_384,
            Duration.ofMillis(5),
            32L << 20,
            1 << 20,
            Duration.ofSeconds(120),
            Duration.ofSeconds(30),
            Integer.MAX_VALUE,
            Duration.ofMillis(100),
            Duration.ofSeconds(60));

    public ProducerConfig {
        Objects.requireNonNull(compression, "compression.type");
        Objects.requireNonNull(compressionLevels, "compression levels");
        atLeast("batch.size", batchSize, 1);
        atLeast("linger.ms", linger.toMillis(), 0);
        atLeast("buffer.memory", bufferMemory, 1);
        atLeast("max.request.size", maxRequestSize, 1);
        atLeast("request.timeout.ms", requestTimeout.toMillis(), 1);
        atLeast(
                "delivery.timeout.ms",
                deliveryTimeout.toMillis(),
                linger.plus(requestTimeout).toMillis());
        atLeast("retries", retries, 0);
        atLeast("retry.backoff.ms", retryBackoff.toMillis(), 0);
        atLeast("max.block.ms", maxBlock.toMillis(), 0);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            String why = name.startsWith("delivery") ? " (linger.ms + request.timeout.ms)" : "";
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least + why);
        }
    }

    /** The same with another codec. */
    public ProducerConfig compression(Compression value) {
        return new ProducerConfig(
                value,
                compressionLevels,
                batchSize,
                linger,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with other levels of compression. */
    public ProducerConfig compressionLevels(CompressionLevels value) {
        return new ProducerConfig(
                compression,
                value,
                batchSize,
                linger,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with another batch size, in bytes. */
    public ProducerConfig batchSize(int value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                value,
                linger,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with another wait for a batch to fill. */
    public ProducerConfig linger(Duration value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                value,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with another bound of memory, in bytes. */
    public ProducerConfig bufferMemory(long value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                linger,
                value,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with another bound of records and requests, in bytes. */
    public ProducerConfig maxRequestSize(int value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                linger,
                bufferMemory,
                value,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with other time-outs: of a delivery with its retries, and of one request. */
    public ProducerConfig timeouts(Duration delivery, Duration request) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                linger,
                bufferMemory,
                maxRequestSize,
                delivery,
                request,
                retries,
                retryBackoff,
                maxBlock);
    }

    /** The same with another number of retries. */
    public ProducerConfig retries(int value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                linger,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                value,
                retryBackoff,
                maxBlock);
    }

    /** The same with another first wait before a retry. */
    public ProducerConfig retryBackoff(Duration value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                linger,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                value,
                maxBlock);
    }

    /** The same with another limit on how long {@code send} may block. */
    public ProducerConfig maxBlock(Duration value) {
        return new ProducerConfig(
                compression,
                compressionLevels,
                batchSize,
                linger,
                bufferMemory,
                maxRequestSize,
                deliveryTimeout,
                requestTimeout,
                retries,
                retryBackoff,
                value);
    }
}
