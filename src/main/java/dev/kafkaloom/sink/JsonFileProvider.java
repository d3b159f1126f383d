package dev.kafkaloom.sink;

import java.io.IOException;
import java.util.List;

/** {@code json}. */
final class JsonFileProvider implements SinkProvider {
    private static final List<SinkOption> OPTIONS = List.of(
            SinkOption.required("file", "where the lines go"),
            SinkOption.of("max.bytes", "the file is set aside as FILE.000001 and so on before it grows larger", "256m"),
            SinkOption.of("max.files", "how many files are kept, this one included; 0: all", "0"),
            SinkOption.of("fsync", "true: a record is done when it survives a loss of power", "false"));

    @Override
    public String name() {
        return "json";
    }

    @Override
    public String summary() {
        return "a line of JSON for each record, appended to a file that is set aside when it is large";
    }

    @Override
    public List<SinkOption> options() {
        return OPTIONS;
    }

    @Override
    public Sink open(SinkContext context) throws IOException {
        Options options = new Options(context, OPTIONS);
        return new JsonFileSink(new LineFile(
                options.path("file"),
                options.size("max.bytes"),
                options.number("max.files", 0, Integer.MAX_VALUE),
                options.flag("fsync")));
    }
}
