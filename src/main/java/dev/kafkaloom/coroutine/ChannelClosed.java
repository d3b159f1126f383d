package dev.kafkaloom.coroutine;

/** The channel is closed: nothing can be put in, or nothing is left to take. */
public final class ChannelClosed extends RuntimeException {
    ChannelClosed() {
        super("channel closed");
    }
}
