/**
 * Named threads in scopes: the only place of the program that creates threads. Knows nothing of Kafka.
 *
 * <p>{@link dev.kafkaloom.coroutine.Scope#go} starts a named virtual thread inside a scope; the scope owns it. What Swoole calls
 * {@code go}, {@code defer}, {@code Channel} and {@code WaitGroup} is here {@code go}, try-with-resources,
 * {@link dev.kafkaloom.coroutine.BoundedChannel} and {@link dev.kafkaloom.coroutine.Scope#join()}.
 */
package dev.kafkaloom.coroutine;
