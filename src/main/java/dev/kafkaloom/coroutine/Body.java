package dev.kafkaloom.coroutine;

/** What a coroutine runs. An {@link InterruptedException} that leaves it means "cancelled", any other exception "failed". */
@FunctionalInterface
public interface Body {
    void run() throws Exception;
}
