package dev.kafkaloom.console;

import dev.kafkaloom.config.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code config}: every setting with the value in force and where it came from; asks no broker. */
final class ConfigCommand implements Command {
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.toggle("-g --given", "only what was given, not the defaults"),
                    Flag.toggle("-d --doc", "what each means and allows, too")),
            "SETTING",
            100);

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String summary() {
        return "the settings in force, and where each comes from";
    }

    @Override
    public Usage usage() {
        return USAGE;
    }

    @Override
    public int run(Session session, List<String> args) throws IOException {
        Arguments arguments = USAGE.parse(args);
        List<Setting> settings = session.loom().config().settings();
        for (String part : arguments.plain()) {
            if (settings.stream().noneMatch(setting -> setting.name().contains(part))) {
                throw new UsageException("no setting's name contains '" + part + "'");
            }
        }
        boolean doc = arguments.has("doc");
        var table = doc
                ? new Table.Builder("name", "value", "source", "doc")
                : new Table.Builder("name", "value", "source");
        for (Setting setting : settings) {
            if (isAskedFor(setting, arguments)) {
                List<Object> row = new ArrayList<>(List.of(setting.name(), setting.value(), setting.source()));
                if (doc) {
                    row.add(setting.doc());
                }
                table.row(row.toArray());
            }
        }
        session.out().show(table.build());
        return 0;
    }

    private static boolean isAskedFor(Setting setting, Arguments arguments) {
        List<String> parts = arguments.plain();
        return (parts.isEmpty() || parts.stream().anyMatch(setting.name()::contains))
                && !(arguments.has("given") && setting.source().equals("default"));
    }
}
