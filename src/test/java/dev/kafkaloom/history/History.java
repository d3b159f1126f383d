package dev.kafkaloom.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All that was written by all processes, in the order in which it happened. */
record History(List<Event> events) {
    private static final ObjectReader JSON = JsonMapper.builder().build().readerFor(Event.class);

    History {
        List<Event> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.comparingLong(Event::at)); // stable: what a process wrote at one instant keeps its order
        events = List.copyOf(sorted);
    }

    /** Reads files, and folders of {@code *.jsonl}. */
    static History read(List<Path> places) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path file : files(places)) {
            read(file, events);
        }
        return new History(events);
    }

    private static List<Path> files(List<Path> places) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> inside = Files.list(place)) {
                    inside.filter(it -> it.toString().endsWith(".jsonl"))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(place);
            }
        }
        return files;
    }

    /** A last line without an end was cut off when its process was killed: it did not happen. */
    private static void read(Path file, List<Event> into) throws IOException {
        boolean whole = endsWithLineEnd(file);
        try (BufferedReader in = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = in.readLine(); line != null; ) {
                String next = in.readLine();
                number++;
                if (next != null || whole) {
                    into.add(parse(line, file, number));
                }
                line = next;
            }
        }
    }

    private static Event parse(String line, Path file, int number) throws IOException {
        try {
            return JSON.readValue(line);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "%s, line %d is no event: %s: %s".formatted(file, number, e.getOriginalMessage(), line), e);
        }
    }

    private static boolean endsWithLineEnd(Path file) throws IOException {
        try (var channel = Files.newByteChannel(file)) {
            if (channel.size() == 0) {
                return true;
            }
            var last = java.nio.ByteBuffer.allocate(1);
            channel.position(channel.size() - 1).read(last);
            return last.get(0) == '\n';
        }
    }

    /** Those of one kind, in order. */
    <E extends Event> Stream<E> of(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }
}
