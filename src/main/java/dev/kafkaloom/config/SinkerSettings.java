package dev.kafkaloom.config;

import dev.kafkaloom.config.Kind.Choice;
import dev.kafkaloom.config.Kind.Text;
import dev.kafkaloom.config.Kind.Whole;
import dev.kafkaloom.config.Spec.Part;
import dev.kafkaloom.storage.StorageKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What happens to the records once they are here: settings of sinks and their threads, in config/common.yaml and config/consumer.yaml. */
final class SinkerSettings {
    /** How the names of a sink's own settings begin: which there are is the sink's affair. */
    static final String OPTION = "sinker.option.";

    private static final Pattern OPTION_NAME = Pattern.compile("sinker\\.option\\.[A-Za-z0-9._-]+");
    private static final Pattern SECRET =
            Pattern.compile("password|passwd|secret|token|auth|credential|api.?key|cookie", Pattern.CASE_INSENSITIVE);

    static final List<Spec> ALL = List.of(
            sinker(
                    "sinker",
                    new Text(Pattern.compile("[A-Za-z0-9._-]{1,100}"), Phrase.of("config.allowed.word")),
                    "stdout",
                    "name of the sink that gets the records; sinkers lists what there is"),
            sinker("sinker.script", Text.ANY, "", "a .jsh file of the project that is the sink instead"),
            sinker(
                    "sinker.ordering",
                    Choice.of("partition", "key", "unordered"),
                    "partition",
                    "which records wait for each other: those of a partition, of a key, or none"),
            sinker(
                    "sinker.max.in.flight",
                    YamlSettings.COUNT,
                    "1000",
                    "with sinker.ordering key or unordered: most records that handlers of this process have in hand; when it is not"
                            + " given and sinker.threads is platform, four for each processor"),
            sinker(
                    "sinker.threads",
                    Choice.of("virtual", "platform"),
                    "virtual",
                    "what handlers run on; platform for those that compute rather than wait"),
            sinker(
                    "handler.deadline.ms",
                    YamlSettings.MILLIS,
                    "300000",
                    "a handler that takes longer is reported, and goes on"),
            sinker(
                            "sink.retry.backoff.ms",
                            YamlSettings.MILLIS,
                            "100",
                            "pause before a record goes to a failed sink again; doubled each time")
                    .aka("sinker.retry.backoff.ms"),
            sinker("sink.retry.backoff.max.ms", YamlSettings.MILLIS, "10000", "longest such pause")
                    .aka("sinker.retry.backoff.max.ms"),
            sinker(
                    "sinker.max.attempts",
                    new Whole(0, Integer.MAX_VALUE, ""),
                    "0",
                    "tries of a record before it goes to dead.letter.topic; 0: it is tried for ever"),
            sinker(
                    "sinker.rate.limit",
                    new Whole(0, Long.MAX_VALUE, "rate"),
                    "0",
                    "most records that all sinkers of this process begin; 0: no limit; sinker rate changes it live"),
            sinker(
                    "dead.letter.topic",
                    ConsumerSettings.TOPIC,
                    "",
                    "where records go that the sink rejects; without one a rejected record stops its partition"),
            sinker(
                            "shutdown.timeout.ms",
                            YamlSettings.MILLIS,
                            "30000",
                            "how long an end may take in which what was begun is finished and committed")
                    .aka("shutdown.timeout"),
            sinker(
                            "storage.drain.timeout.ms",
                            YamlSettings.MILLIS_OR_ZERO,
                            "30000",
                            "how long a partition that is given back waits for what is stored of it, and a start for what it finds")
                    .with(StorageKind.FILE),
            sinker(
                            "storage.lease.timeout.ms",
                            new Whole(1000, Integer.MAX_VALUE, "ms"),
                            "30000",
                            "after which what a daemon held that was not heard of is handed to another")
                    .with(StorageKind.REDIS),
            sinker(
                    "starvation.alarm.ms",
                    YamlSettings.MILLIS,
                    "2000",
                    "it is logged when virtual threads get no processor for so long"));

    private SinkerSettings() {}

    private static Spec sinker(String name, Kind kind, String fallback, String doc) {
        return Spec.of(name, kind, fallback, doc, Part.CONSUMER);
    }

    /** The setting of an option of the sink, by its name. */
    static Optional<Spec> option(String name) {
        if (!OPTION_NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Spec spec = sinker(name, Text.ANY, "", "option of the sink");
        return Optional.of(SECRET.matcher(name).find() ? spec.secretly() : spec);
    }

    /** The same by a variable, which has neither small letters nor dots. */
    static Optional<Spec> optionOfVariable(String variable) {
        String prefix = KnownSettings.VARIABLE_PREFIX + "SINKER_OPTION_";
        return variable.startsWith(prefix)
                ? option(OPTION
                        + variable.substring(prefix.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'))
                : Optional.empty();
    }
}
