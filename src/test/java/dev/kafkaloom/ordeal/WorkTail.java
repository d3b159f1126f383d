package dev.kafkaloom.ordeal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How far sinks have come, while they write. For one thread. */
final class WorkTail {
    private static final Pattern DONE = Pattern.compile("\"p\":(\\d+),\"o\":(\\d+),\"r\":\"done\"");

    private final Path folder;
    private final Map<Path, Long> read = new HashMap<>();
    private final Map<Integer, BitSet> done = new HashMap<>();
    private long count;

    WorkTail(Path folder) {
        this.folder = folder;
    }

    /** How many different records some sink was done with by now. */
    long done() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(each -> each.getFileName().toString().startsWith("work"))
                    .toList();
        }
        for (Path file : files) {
            readOn(file);
        }
        return count;
    }

    private void readOn(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = read.getOrDefault(file, 0L);
            byte[] more = new byte[(int) Math.min(in.length() - from, 64 << 20)];
            in.seek(from);
            in.readFully(more);
            String text = new String(more, StandardCharsets.ISO_8859_1);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            read.put(file, from + whole.length());
            Matcher matcher = DONE.matcher(whole);
            while (matcher.find()) {
                BitSet offsets = done.computeIfAbsent(Integer.valueOf(matcher.group(1)), _ -> new BitSet());
                int offset = Integer.parseInt(matcher.group(2));
                count += offsets.get(offset) ? 0 : 1;
                offsets.set(offset);
            }
        }
    }
}
