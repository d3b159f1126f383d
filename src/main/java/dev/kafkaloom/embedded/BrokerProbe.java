package dev.kafkaloom.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Asks whether a broker serves. Runs on the thread that starts the broker. */
final class BrokerProbe {
    private static final Pattern STARTED = Pattern.compile("Kafka(Raft)?Server.* started|started \\(kafka\\.server");

    private BrokerProbe() {
    }

    static boolean answers(int port, Path log) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            try (Stream<String> lines = Files.lines(log)) {
                return lines.anyMatch(line -> STARTED.matcher(line).find());
            }
        } catch (IOException e) {
            return false;
        }
    }
}
