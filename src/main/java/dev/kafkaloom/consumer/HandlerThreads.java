package dev.kafkaloom.consumer;

/** What handlers run on: {@code sinker.threads}. */
public enum HandlerThreads {
    /** Virtual threads, for handlers that wait: thousands of them cost next to nothing. */
    VIRTUAL,
    /** Threads of the operating system, for handlers that compute: only these are taken off a processor that others need. */
    PLATFORM
}
