package dev.kafkaloom.generator.emit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The folder generated sources go to: a file is touched only when its text changed, so that nothing is compiled again without need. */
public final class OutputFolder {
    private final Path folder;

    /** {@code root} is the source root; the files go to the package's folder below it. */
    public OutputFolder(Path root) {
        this.folder = root.resolve(MessageEmitter.PACKAGE.replace('.', '/'));
    }

    /** Makes the folder hold exactly these files; answers how many were written or deleted. */
    public int replaceWith(Map<String, String> files) throws IOException {
        Files.createDirectories(folder);
        int changed = 0;
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (!Files.exists(path) || !Files.readString(path).equals(file.getValue())) {
                Files.writeString(path, file.getValue());
                changed++;
            }
        }
        Set<String> names = new HashSet<>(files.keySet());
        for (Path stale : listed()) {
            if (!names.contains(stale.getFileName().toString())) {
                Files.delete(stale);
                changed++;
            }
        }
        return changed;
    }

    private List<Path> listed() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }
}
