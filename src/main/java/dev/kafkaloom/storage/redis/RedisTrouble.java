package dev.kafkaloom.storage.redis;

import io.lettuce.core.RedisCommandExecutionException;

/** Redis is not there, or does not do what it was asked; the message says so in one line. Whether it was done may be unknown. */
final class RedisTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    RedisTrouble(String message, Throwable cause) {
        super(message, cause);
    }

    RedisTrouble(String message) {
        super(message);
    }

    /** Whether the server is there and does not want to do it. */
    boolean isRefusal() {
        return getCause() instanceof RedisCommandExecutionException;
    }
}
