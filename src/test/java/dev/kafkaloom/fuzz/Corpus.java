package dev.kafkaloom.fuzz;

import dev.kafkaloom.generator.schema.MessageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The inputs that are kept, as text under {@code src/test/resources/fuzz}: {@code messages.hex} with lines of message, version and bytes,
 * {@code records.hex} with lines of bytes, all separated by tabs; behind a further tab may stand what the line is about.
 */
final class Corpus {
    private static final HexFormat HEX = HexFormat.of();

    private Corpus() {}

    /** One of the kept messages. */
    record Kept(Subject subject, byte[] bytes) {}

    /**
     * Prepares a run and keeps what came of it: {@code seeds FOLDER} writes {@code FOLDER/messages} and {@code FOLDER/records},
     * {@code lines FOLDER} prints the inputs in the two as lines of the corpus.
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "seeds" -> {
                write(folder.resolve("messages"), messageSeeds());
                write(folder.resolve("records"), recordSeeds());
            }
            case "lines" -> {
                for (byte[] input : read(folder.resolve("messages"))) {
                    System.out.println(line(MessageFuzz.subject(input), MessageFuzz.content(input)));
                }
                for (byte[] input : read(folder.resolve("records"))) {
                    System.out.println(line(input));
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static String line(Subject subject, byte[] bytes) {
        return subject.spec().name() + "\t" + subject.version() + "\t" + HEX.formatHex(bytes);
    }

    static String line(byte[] records) {
        return HEX.formatHex(records);
    }

    static List<Kept> messages() {
        List<MessageSpec> specs = Subject.messages();
        Function<String, MessageSpec> byName =
                specs.stream().collect(Collectors.toMap(MessageSpec::name, Function.identity()))::get;
        return lines("messages.hex")
                .map(columns -> new Kept(
                        new Subject(byName.apply(columns[0]), Short.parseShort(columns[1])), HEX.parseHex(columns[2])))
                .toList();
    }

    static List<byte[]> records() {
        return lines("records.hex").map(columns -> HEX.parseHex(columns[0])).toList();
    }

    private static Stream<String[]> lines(String resource) {
        try (InputStream in = Corpus.class.getResourceAsStream("/fuzz/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A full sample of every message that is fuzzed, in every version, and what is kept. */
    private static List<byte[]> messageSeeds() {
        List<byte[]> seeds = new ArrayList<>();
        MessageFuzz.subjects()
                .forEach(subject ->
                        seeds.add(MessageFuzz.input(subject, Sample.of(subject).bytes())));
        messages().stream()
                .filter(kept -> MessageFuzz.subjects().contains(kept.subject()))
                .forEach(kept -> seeds.add(MessageFuzz.input(kept.subject(), kept.bytes())));
        return seeds;
    }

    private static List<byte[]> recordSeeds() {
        List<byte[]> seeds = new ArrayList<>(RecordSeeds.all());
        seeds.addAll(records());
        return seeds;
    }

    private static void write(Path folder, List<byte[]> inputs) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(folder.resolve("seed-" + i), inputs.get(i));
        }
    }

    private static List<byte[]> read(Path folder) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        return inputs;
    }
}
