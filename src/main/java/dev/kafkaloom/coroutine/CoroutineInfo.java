package dev.kafkaloom.coroutine;

import java.time.Duration;

/**
 * One living coroutine as the console shows it.
 *
 * @param name       its identity, also the name of its thread
 * @param scope      the path of the scope that owns it
 * @param virtual    false for a platform thread
 * @param state      running, waiting, blocked, restarting (in the back-off of a supervised one), or resting (no thread until there is work)
 * @param age        since it was started
 * @param restarts   how often it was started again after a failure
 * @param waitingFor what it waits for, in words or as the top frame of the program; empty while it runs
 */
public record CoroutineInfo(
        String name, String scope, boolean virtual, String state, Duration age, int restarts, String waitingFor) {}
