package dev.kafkaloom.ordeal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code OutageMain disk-full|redis-gone [SECONDS]}: prints {@code LINE: figure} and ends with 1 when something was not as it must be. A full
 * disk is a tmpfs, for which one must be root, or in a namespace of one's own ({@code unshare -rm}).
 */
final class OutageMain {
    private OutageMain() {}

    @SuppressWarnings("CatchAndPrintStackTrace") // this is a report
    public static void main(String[] args) {
        String line = args[0];
        Duration howLong = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 60);
        boolean ok = true;
        String storage = line.equals("disk-full") ? "file" : "redis";
        long records = 1_000 * (howLong.toSeconds() + 20);
        OrdealPlan plan =
                OrdealPlan.of("storage=" + storage, "ordering=key", "records=" + records, "rate=1000", "fail=0.001");
        try (OrdealLab lab = new OrdealLab(plan, Path.of("target", "ordeal", line))) {
            String figure = line.equals("disk-full") ? diskFull(lab, howLong) : redisGone(lab, howLong);
            System.out.println(line + ": " + figure);
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.out.println(
                    line + ": " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
            ok = false;
        }
        System.exit(ok ? 0 : 1);
    }

    private static String redisGone(OrdealLab lab, Duration howLong) throws Exception {
        return new Outage(lab).run(lab.redis()::kill, lab.redis()::restart, howLong);
    }

    private static String diskFull(OrdealLab lab, Duration howLong) throws Exception {
        Path disk = Files.createDirectories(lab.folder().resolve("disk")).toAbsolutePath();
        command("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.toString());
        try {
            lab.settings(
                    List.of("KAFKA_STORAGE_FILE_DIR=" + disk.resolve("storage"), "KAFKA_STORAGE_FILE_SEGMENT=1048576"));
            Path filler = disk.resolve("filler");
            return new Outage(lab).run(() -> fill(filler), () -> Files.delete(filler), howLong);
        } finally {
            lab.daemons().forEach(Daemon::close);
            command("umount", "-l", disk.toString());
        }
    }

    /** Until nothing more goes onto the disk. */
    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] much = new byte[1 << 16];
            byte[] little = new byte[1];
            for (byte[] part : List.of(much, little)) {
                fill(out, part);
            }
        }
    }

    private static void fill(OutputStream out, byte[] part) {
        try {
            while (true) {
                out.write(part);
            }
        } catch (IOException _) {
            // full
        }
    }

    private static void command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + said.strip());
        }
    }
}
