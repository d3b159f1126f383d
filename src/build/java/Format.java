import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks, or with {@code write} as the first argument mends, the format of every Java file below the given folders.
 * The build launches it from source on JDK 25, because inside Maven's own JDK 17 the formatter refuses newer syntax.
 */
public final class Format {
    private Format() {}

    public static void main(String[] args) throws IOException, FormatterException {
        boolean write = args[0].equals("write");
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        List<Path> unformatted = new ArrayList<>();
        for (Path file : javaFiles(args)) {
            String source = Files.readString(file);
            String formatted = ImportOrderer.reorderImports(
                    RemoveUnusedImports.removeUnusedImports(formatter.formatSource(source)),
                    JavaFormatterOptions.Style.PALANTIR);
            if (formatted.equals(source)) {
                continue;
            }
            unformatted.add(file);
            if (write) {
                Files.writeString(file, formatted);
            }
        }
        if (!write && !unformatted.isEmpty()) {
            System.err.println("not formatted (mvn -q process-test-sources -Dformat=write mends it):");
            unformatted.forEach(file -> System.err.println("  " + file));
            System.exit(1);
        }
    }

    private static List<Path> javaFiles(String[] args) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            try (var tree = Files.walk(Path.of(args[i]))) {
                tree.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
            }
        }
        return files;
    }
}
