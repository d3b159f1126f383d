package dev.kafkaloom.conformance;

import dev.kafkaloom.conformance.Sample.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Writes requests and responses made by Kafka's own classes alone, for {@code protocol decode --batch} and {@code encode --batch}: a line
 * {@code apiKey TAB version TAB request|response TAB hex TAB json} each, in Kafka's JSON with the names of 4.x and with the records. The
 * same seed gives the same lines. To be started in the project's folder: {@code CorpusMain new|old seed samplesPerPair file}.
 */
public final class CorpusMain {
    private CorpusMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4 || !arguments[0].matches("new|old")) {
            System.err.println("usage: CorpusMain new|old <seed> <samplesPerPair> <file>");
            System.exit(2);
        }
        KafkaRelease release = arguments[0].equals("new") ? KafkaRelease.NEW : KafkaRelease.OLD;
        Path file = Path.of(arguments[3]);
        long lines = write(release, Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]), file);
        System.err.println(lines + " messages of kafka-clients " + release + " in " + file);
    }

    /** Answers the number of lines. */
    static long write(KafkaRelease release, long seed, int samples, Path file) throws IOException {
        long lines = 0;
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            for (ApacheMessage message : release.messages()) {
                Definition definition = message.definition();
                if (!definition.isRpc()) {
                    continue;
                }
                for (int version : message.versions().toArray()) {
                    for (int i = 0; i < samples; i++) {
                        out.print(line(message, Sample.of(definition, version, kind(i), seed * 1_000_003 + i)) + "\n");
                        lines++;
                    }
                }
            }
            if (out.checkError()) {
                throw new IOException(file + " could not be written");
            }
        }
        return lines;
    }

    private static Kind kind(int index) {
        return switch (index) {
            case 0 -> Kind.FULL;
            case 1 -> Kind.SPARSE;
            default -> Kind.MIXED;
        };
    }

    private static String line(ApacheMessage message, Sample sample) {
        Object made = message.fill(sample.tree());
        return String.join(
                "\t",
                Integer.toString(sample.definition().apiKey()),
                Integer.toString(sample.version()),
                sample.definition().type(),
                HexFormat.of().formatHex(message.write(made, sample.version())),
                message.json(made, sample.version()).toString());
    }
}
