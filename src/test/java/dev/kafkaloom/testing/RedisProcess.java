package dev.kafkaloom.testing;

import dev.kafkaloom.storage.StorageConfig.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server in a process of its own: the binary comes out of a jar, its data (appendonly) is in a folder of the test's. It can be
 * killed, suspended and started again on the same port with the same data. Thread-safe.
 */
public final class RedisProcess implements AutoCloseable {
    private static final long PATIENCE_MS = 20_000;
    private static Path binary; // guarded by the class

    private final Path dir;
    private final int port;
    private final List<String> settings;
    private Process process; // guarded by this

    private RedisProcess(Path dir, int port, List<String> settings) {
        this.dir = dir;
        this.port = port;
        this.settings = List.copyOf(settings);
    }

    /** Starts one with appendonly on a free port, and waits until it answers; {@code settings} are further ones, {@code --name}, {@code value}... */
    public static RedisProcess start(Path dir, String... settings) throws IOException, InterruptedException {
        Files.createDirectories(dir);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        RedisProcess redis = new RedisProcess(dir, port, List.of(settings));
        redis.restart();
        return redis;
    }

    private static synchronized Path binary() throws IOException {
        if (binary == null) {
            Path copy = Path.of("target", "redis-server").toAbsolutePath();
            Files.createDirectories(copy.getParent());
            Path fresh = Files.createTempFile(copy.getParent(), "redis-server", "");
            Files.copy(
                    ExecutableProvider.newJarResourceProvider().get().toPath(),
                    fresh,
                    StandardCopyOption.REPLACE_EXISTING);
            if (!fresh.toFile().setExecutable(true)) {
                throw new IOException(fresh + " cannot be made executable");
            }
            Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            binary = copy;
        }
        return binary;
    }

    /** Starts it again with the data it has; waits until it answers. */
    public synchronized void restart() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("it runs");
        }
        List<String> line = new ArrayList<>(List.of(
                binary().toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dir",
                dir.toAbsolutePath().toString(),
                "--appendonly",
                "yes",
                "--save",
                ""));
        line.addAll(settings);
        process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException("redis ended with " + process.exitValue() + ": " + Files.readString(log()));
            }
            try {
                String said = ask("PING");
                if (said.startsWith("+PONG") || said.startsWith("-NOAUTH")) {
                    return;
                }
            } catch (IOException _) { // it does not listen yet
            }
            Thread.sleep(20);
        }
        throw new IOException("redis does not answer: " + Files.readString(log()));
    }

    /** The first line of what an inline command is answered with; not by the client that is tested. */
    public String ask(String command) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(2000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c >= 0 && c != '\n';
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
            return line.toString().strip();
        }
    }

    /** {@code kill -9}, and waits until it is gone. */
    public synchronized void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** It stands still, connections stay open. */
    public void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Ends {@link #suspend()}. */
    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private synchronized void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    public int port() {
        return port;
    }

    /** What it says. */
    public Path log() {
        return dir.resolve("redis.log");
    }

    /** How it is connected to; its pool is named {@code POOL_REDIS_0}. */
    public RedisServer server() {
        return new RedisServer("POOL_REDIS_0", "127.0.0.1", port, "", "", 0, false, 8, 8, 0);
    }

    /** Kills it. */
    @Override
    public synchronized void close() {
        process.destroyForcibly();
    }
}
