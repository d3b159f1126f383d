package dev.kafkaloom.sink;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The start of an answer's body as one line, for a message. A body that does not end soon is cut off. */
final class FirstBytes implements HttpResponse.BodySubscriber<String> {
    private static final int SHOWN = 200;
    private static final int READ = 1 << 16;

    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private Flow.Subscription subscription;
    private long seen;

    @Override
    public CompletionStage<String> getBody() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            seen += buffer.remaining();
            byte[] wanted = new byte[Math.min(buffer.remaining(), SHOWN - first.size())];
            buffer.get(wanted);
            first.writeBytes(wanted);
        }
        if (seen > READ) {
            subscription.cancel();
            onComplete();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        text.complete(first.toString(StandardCharsets.UTF_8)
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip());
    }
}
