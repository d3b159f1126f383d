package dev.kafkaloom.storage.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Who holds a shard: {@code host/place/pid/start/random}. Place is this start of this kernel and this namespace of process ids, so that
 * two with the same place see each other's processes and know for certain when one is dead; then nobody need wait for a timeout.
 */
record ProcessName(String host, String place, long pid, long start, String instance) {
    private static final Path PROC = Path.of("/proc");

    /** A new one of this process; each storage has its own. */
    static ProcessName create() {
        long pid = ProcessHandle.current().pid();
        long start = stat(pid).map(Stat::start).orElse(0L);
        return new ProcessName(
                hostName(), here(), pid, start, UUID.randomUUID().toString().substring(0, 8));
    }

    String text() {
        return host + "/" + place + "/" + pid + "/" + start + "/" + instance;
    }

    /** Whether the process of that text can be seen to be gone from here. */
    boolean knowsDead(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 5 || place.isEmpty() || !parts[1].equals(place) || start == 0) {
            return false;
        }
        try {
            long otherPid = Long.parseLong(parts[2]);
            long otherStart = Long.parseLong(parts[3]);
            return otherStart != 0
                    && stat(otherPid)
                            .map(now -> now.start() != otherStart || now.ended())
                            .orElse(true);
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private record Stat(long start, boolean ended) {}

    /** Of /proc/PID/stat: the state is the first field behind the name in parentheses, the start time the 20th. */
    private static Optional<Stat> stat(long pid) {
        try {
            String line = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new Stat(Long.parseLong(fields[19]), "ZX".contains(fields[0])));
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    /** Empty where there is no /proc, or one that hides the processes of others. */
    private static String here() {
        try {
            if (stat(1).isEmpty()) {
                return "";
            }
            String boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            String namespace =
                    Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
            return Integer.toHexString((boot + namespace).hashCode()) + boot.substring(0, 8);
        } catch (IOException | RuntimeException _) {
            return "";
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "_");
        } catch (UnknownHostException _) {
            return "unknown";
        }
    }
}
