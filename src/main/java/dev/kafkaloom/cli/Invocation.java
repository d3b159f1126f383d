package dev.kafkaloom.cli;

import dev.kafkaloom.console.Format;
import java.util.List;
import java.util.Map;

/**
 * A parsed command line.
 *
 * @param name      of the sub-command, aliases resolved
 * @param words     options and arguments of a console command, with the name of it in front
 * @param options   values of the sub-command's own options, by name without dashes
 * @param overrides settings given with -X and -b, by name
 * @param verbosity number of -v
 */
record Invocation(
        String name,
        List<String> words,
        Map<String, String> options,
        Map<String, String> overrides,
        Format format,
        int verbosity,
        boolean quiet) {
    /** The same with other settings. */
    Invocation with(Map<String, String> settings) {
        return new Invocation(name, words, options, settings, format, verbosity, quiet);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }
}
