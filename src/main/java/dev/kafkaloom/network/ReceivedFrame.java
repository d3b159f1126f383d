package dev.kafkaloom.network;

/**
 * A frame without its length prefix.
 *
 * @param bytes what is behind {@code length} in it is of no meaning
 */
record ReceivedFrame(byte[] bytes, int length) {}
