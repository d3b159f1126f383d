package dev.kafkaloom.storage.redis;

/** Redis is not there, or does not do what it was asked; the message says so in one line. Whether it was done may be unknown. */
final class RedisTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    RedisTrouble(String message, Throwable cause) {
        super(message, cause);
    }

    RedisTrouble(String message) {
        super(message);
    }
}
