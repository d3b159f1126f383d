package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts records. An answer of 2xx is done; a server that cannot be reached or is busy (429, 503) does not count as a try; 408, 425 and
 * 5xx do; other 4xx reject. An array that is refused is sent again record by record, so that only the bad ones are rejected. Redirects are not
 * followed: they are tried again, since nobody has refused the record.
 */
final class HttpSink implements Sink {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /**
     * Where to, and how.
     *
     * @param array whether a request has a batch
     * @param value whether a body is the value alone
     * @param connections most requests at a time
     * @param retried answers below 500 that are tried again
     */
    record Target(
            URI url,
            boolean array,
            boolean value,
            Map<String, String> headers,
            Duration timeout,
            Duration connectTimeout,
            int connections,
            Set<Integer> retried) {
        Target {
            headers = Map.copyOf(headers);
            retried = Set.copyOf(retried);
        }

        /** Without the headers, which may be secrets. */
        @Override
        public String toString() {
            return "POST " + shown();
        }

        /** Without the query, which may have a secret. */
        String shown() {
            return url.getScheme() + "://" + url.getRawAuthority() + (url.getRawPath() == null ? "" : url.getRawPath());
        }
    }

    private final Target target;
    private final HttpClient client;
    private final Semaphore permits;

    HttpSink(Target target) {
        this.target = target;
        this.permits = new Semaphore(target.connections(), true);
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(target.connectTimeout())
                .version(HttpClient.Version.HTTP_1_1) // so that no proxy is asked to upgrade a plain connection
                .build();
    }

    @Override
    public Outcome accept(List<ConsumedRecord> batch) throws InterruptedException {
        if (!target.array() || batch.size() == 1) {
            return InOrder.each(batch, this::one);
        }
        Outcome outcome = post(request(RecordJson.array(batch)).build(), batch);
        return outcome instanceof Outcome.Reject ? InOrder.each(batch, this::one) : outcome;
    }

    private Outcome one(ConsumedRecord record) throws InterruptedException {
        HttpRequest.Builder request = request(body(record))
                .setHeader("Kafka-Topic", record.partition().topic())
                .setHeader(
                        "Kafka-Partition", Integer.toString(record.partition().partition()))
                .setHeader("Kafka-Offset", Long.toString(record.offset()));
        return post(request.build(), List.of(record));
    }

    private byte[] body(ConsumedRecord record) {
        if (target.array()) {
            return RecordJson.array(List.of(record));
        }
        if (target.value()) {
            return record.value() == null ? new byte[0] : record.value();
        }
        return RecordJson.object(record);
    }

    private HttpRequest.Builder request(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.url())
                .timeout(target.timeout())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        target.headers().forEach(request::setHeader);
        return request;
    }

    private Outcome post(HttpRequest request, List<ConsumedRecord> records) throws InterruptedException {
        permits.acquire();
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, _ -> new FirstBytes());
        try {
            return outcome(answer.get(target.timeout().toMillis(), TimeUnit.MILLISECONDS), records);
        } catch (TimeoutException _) {
            return failed("no answer within " + target.timeout().toMillis() + " ms", true);
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } finally {
            answer.cancel(true); // of no effect when it is there
            permits.release();
        }
    }

    private Outcome failed(Throwable cause) {
        if (!(cause instanceof IOException)) {
            throw new IllegalStateException("POST " + target.shown() + ": " + cause, cause);
        }
        boolean unreached = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return failed(unreached ? "cannot be reached: " + text : text, !unreached);
    }

    private Outcome failed(String why, boolean tried) {
        return new Outcome.Retry(Duration.ZERO, "POST " + target.shown() + ": " + why, tried);
    }

    private Outcome outcome(HttpResponse<String> response, List<ConsumedRecord> records) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return Outcome.DONE;
        }
        String why = "POST " + target.shown() + " answered " + status
                + (response.body().isEmpty() ? "" : ": " + response.body());
        boolean refused = status >= 400
                && status < 500
                && status != 408
                && status != 425
                && status != 429
                && !target.retried().contains(status);
        if (refused) {
            return new Outcome.Reject(records, why);
        }
        boolean busy = status == 429 || status == 503;
        return new Outcome.Retry(
                response.headers()
                        .firstValue("Retry-After")
                        .map(HttpSink::pause)
                        .orElse(Duration.ZERO),
                why,
                !busy);
    }

    /** Seconds, or a date; zero for what is neither. */
    private static Duration pause(String given) {
        Duration wanted;
        try {
            wanted = given.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(given))
                    : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(given, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeParseException _) {
            return Duration.ZERO;
        }
        if (wanted.isNegative()) {
            return Duration.ZERO;
        }
        return wanted.compareTo(LONGEST_PAUSE) < 0 ? wanted : LONGEST_PAUSE;
    }

    @Override
    public void close() {
        client.shutdownNow();
        try {
            client.awaitTermination(FAREWELL);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
