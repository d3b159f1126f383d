package dev.kafkaloom.storage.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a Redis server says of itself. */
final class ServerFacts {
    private static final int OLDEST = 5; // scripts that ask for the time and write, ZPOPMIN, effects replicated

    private ServerFacts() {}

    /**
     * Names this run of the server: another one after a restart or a failover. Empty when INFO is not allowed; then what a restart
     * forgot is only noticed in the middle of an assignment.
     */
    static String run(StatefulRedisConnection<byte[], byte[]> connection, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        String info = connection.async().info("server").get(patience.toMillis(), TimeUnit.MILLISECONDS);
        return field(info, "run_id");
    }

    /** What about the server may lose records, for a warning at start. Empty when it says nothing. */
    static List<String> doubts(StatefulRedisConnection<byte[], byte[]> connection, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        String info = connection.async().info().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        List<String> doubts = new ArrayList<>();
        String version = field(info, "redis_version");
        if (version.matches("\\d+\\..*") && Integer.parseInt(version.substring(0, version.indexOf('.'))) < OLDEST) {
            doubts.add("it is version " + version + ", at least " + OLDEST + " is needed");
        }
        if (field(info, "aof_enabled").equals("0")) {
            doubts.add("appendonly is off: what was stored since its last snapshot is lost when it ends");
        }
        String eviction = field(info, "maxmemory_policy");
        if (!eviction.isEmpty()
                && !eviction.equals("noeviction")
                && !field(info, "maxmemory").equals("0")) {
            doubts.add("maxmemory-policy is " + eviction + ": it may throw records away, noeviction would not");
        }
        return doubts;
    }

    private static String field(String info, String name) {
        for (String line : info.split("\r?\n", -1)) {
            if (line.startsWith(name + ":")) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "";
    }
}
