package dev.kafkaloom.sink;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sinks that there are: those built in, and those that {@link ServiceLoader} finds on the class path. */
public final class Sinks {
    private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final int MOST_BROKEN = 100;
    private static final List<SinkProvider> BUILT_IN = List.of(
            new StdoutProvider(),
            new JsonFileProvider(),
            new ForwardProvider(),
            new HttpProvider(),
            new ExecProvider());

    private final Map<String, SinkProvider> providers = new LinkedHashMap<>();
    private final List<String> broken = new ArrayList<>();

    private Sinks(ClassLoader loader) {
        BUILT_IN.forEach(provider -> providers.put(provider.name(), provider));
        Iterator<SinkProvider> found =
                ServiceLoader.load(SinkProvider.class, loader).iterator();
        while (broken.size() < MOST_BROKEN && addNext(found)) {
            // one after the other
        }
    }

    /**
     * Makes the configured sink.
     *
     * @param name {@code sinker}
     * @param script {@code sinker.script}: a .jsh file that is the sink instead; null without
     * @throws IllegalArgumentException naming the setting that is wrong and what is allowed
     * @throws Exception what the sink's provider throws
     */
    public static Sink open(String name, Path script, SinkContext context) throws Exception {
        return open(name, script, context, Sinks.class.getClassLoader());
    }

    static Sink open(String name, Path script, SinkContext context, ClassLoader loader) throws Exception {
        return script != null
                ? ScriptFile.open(context.home().resolve(script), context)
                : new Sinks(loader).provider(name, context).open(context);
    }

    /** All sinks that {@code sinker} can name, by name; none is opened. */
    public static List<SinkInfo> known() {
        return known(Sinks.class.getClassLoader());
    }

    static List<SinkInfo> known(ClassLoader loader) {
        return new Sinks(loader)
                .providers.values().stream()
                        .map(each -> new SinkInfo(each.name(), each.summary(), each.options(), BUILT_IN.contains(each)))
                        .sorted(Comparator.comparing(SinkInfo::name))
                        .toList();
    }

    /** What cannot be loaded is told when a sink is not found, and does not keep the others from working; false when there is no more. */
    private boolean addNext(Iterator<SinkProvider> found) {
        try {
            if (!found.hasNext()) {
                return false;
            }
            add(found.next());
        } catch (ServiceConfigurationError e) {
            broken.add(e.getMessage() + (e.getCause() == null ? "" : " (" + e.getCause() + ")"));
            LOG.warn("a sink on the class path cannot be used: {}", broken.getLast());
        }
        return true;
    }

    private void add(SinkProvider provider) {
        String name = provider.name();
        String owner = provider.getClass().getName();
        if (name == null || !NAME.matcher(name).matches()) {
            throw new ServiceConfigurationError(
                    owner + " names its sink \"" + name + "\"; a name is lower case letters, digits and dashes");
        }
        SinkProvider other = providers.putIfAbsent(name, provider);
        if (other != null) {
            throw new ServiceConfigurationError(owner + " names its sink " + name + " like "
                    + (BUILT_IN.contains(other)
                            ? "one that is built in"
                            : other.getClass().getName()));
        }
    }

    private SinkProvider provider(String name, SinkContext context) {
        SinkProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException("sinker: there is no sink \"" + name + "\", only "
                    + providers.keySet().stream().sorted().collect(Collectors.joining(", "))
                    + (broken.isEmpty() ? "" : "; not usable: " + String.join("; ", broken)));
        }
        checkOptions(provider, context.options());
        return provider;
    }

    private static void checkOptions(SinkProvider provider, Map<String, String> given) {
        List<SinkOption> options = provider.options();
        for (String name : given.keySet().stream().sorted().toList()) {
            if (options.stream().noneMatch(option -> option.matches(name))) {
                throw new IllegalArgumentException("sinker.option." + name + ": the sink " + provider.name()
                        + (options.isEmpty()
                                ? " has no options"
                                : " has no such option, only "
                                        + options.stream().map(SinkOption::name).collect(Collectors.joining(", "))));
            }
        }
        for (SinkOption option : options) {
            if (option.defaultValue() == null
                    && given.getOrDefault(option.name(), "").isBlank()) {
                throw new IllegalArgumentException(
                        "sinker.option." + option.name() + " must be given: " + option.about());
            }
        }
    }
}
