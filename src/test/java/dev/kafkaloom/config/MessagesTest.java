package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The bundles: what they say, and that no translation is lost behind a misspelled key. */
class MessagesTest {
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");
    private final Map<String, String> english = bundle("messages.properties");
    private final Map<String, String> chinese = bundle("messages_zh_CN.properties");

    private static Map<String, String> bundle(String name) {
        Properties all = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(Messages.class.getResourceAsStream("/" + name)), StandardCharsets.UTF_8)) {
            all.load(reader);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Map<String, String> texts = new TreeMap<>();
        all.forEach((key, text) -> texts.put(key.toString(), text.toString()));
        return texts;
    }

    private static Set<String> places(String text) {
        Matcher all = PLACE.matcher(text);
        return all.results().map(each -> each.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyTranslationIsOfAKnownText() {
        Set<String> known = new TreeSet<>(english.keySet());
        for (Spec spec : KnownSettings.all()) {
            known.add("setting." + spec.name());
            if (!spec.idle().isEmpty()) {
                known.add("setting." + spec.name() + ".idle");
            }
        }
        assertThat(chinese.keySet())
                .filteredOn(key -> !key.startsWith("command.") && !key.startsWith("option.")) // see TranslationTest
                .isSubsetOf(known);
    }

    @Test
    void everyTextOfAFailedStartIsTranslated() {
        Set<String> open = new TreeSet<>(english.keySet());
        open.removeAll(chinese.keySet());
        assertThat(open).containsExactly("plain");
    }

    @Test
    void aTranslationFillsInTheSameAsTheEnglish() {
        chinese.forEach((key, text) -> {
            if (english.containsKey(key)) {
                assertThat(places(text)).as(key).isEqualTo(places(english.get(key)));
            }
        });
    }

    @Test
    void everyTextCanBeSaid() {
        for (String key : english.keySet()) {
            assertThat(Messages.ENGLISH.text(key, "a", "b", "c", "d")).as(key).isNotBlank();
            assertThat(Messages.in(Locale.SIMPLIFIED_CHINESE).text(key, "a", "b", "c", "d"))
                    .as(key)
                    .isNotBlank()
                    .doesNotContainPattern(PLACE);
        }
    }

    @Test
    void numbersAreWrittenAsTheyAreGiven() {
        assertThat(Messages.ENGLISH.text("config.rule.session", 45_000, 3_000))
                .isEqualTo("45000 ms must be longer than heartbeat.interval.ms, 3000 ms; three times that is usual");
    }

    @Test
    void aLanguageWithoutTextsFallsBackToEnglishWhateverTheMachineSpeaks() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.SIMPLIFIED_CHINESE);
            assertThat(Messages.in(Locale.GERMANY).text("config.unknown")).isEqualTo("is no known setting");
        } finally {
            Locale.setDefault(before);
        }
        assertThat(Messages.in(Locale.SIMPLIFIED_CHINESE).text("plain", "x")).isEqualTo("x");
        assertThat(Messages.in(Locale.SIMPLIFIED_CHINESE).textOr("setting.none", "english"))
                .isEqualTo("english");
    }

    /** Lists what is still said in English where somebody asked for Chinese. */
    public static void main(String[] args) {
        MessagesTest all = new MessagesTest();
        for (Spec spec : KnownSettings.all()) {
            if (!all.chinese.containsKey("setting." + spec.name())) {
                System.out.println("setting." + spec.name() + "=" + spec.doc());
            }
        }
    }
}
