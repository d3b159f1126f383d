package dev.kafkaloom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.config.Language;
import dev.kafkaloom.config.Messages;
import dev.kafkaloom.console.Commands;
import dev.kafkaloom.console.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The help in another language: that none of its texts is lost behind a misspelled name, and how much of it there is. */
class TranslatedHelpTest {
    private static final Messages CHINESE = Messages.in(Locale.SIMPLIFIED_CHINESE);

    /** Every sub-command, rpc's not again. */
    private static List<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        CommandLine root = Grammar.of(StandardCommands.create());
        all.add(root);
        all.addAll(new HashSet<>(root.getSubcommands().values()));
        return all;
    }

    private static Set<String> translated() throws IOException {
        Properties texts = new Properties();
        try (Reader reader = new InputStreamReader(
                Messages.class.getResourceAsStream("/messages_zh_CN.properties"), StandardCharsets.UTF_8)) {
            texts.load(reader);
        }
        Set<String> keys = new TreeSet<>();
        texts.stringPropertyNames().stream()
                .filter(key -> key.startsWith("command.") || key.startsWith("option."))
                .forEach(keys::add);
        return keys;
    }

    private static String help(String... args) {
        Commands commands = StandardCommands.create(CHINESE);
        StringWriter text = new StringWriter();
        new Parser(commands, CHINESE).parse(List.of(args), new PrintWriter(text));
        return text.toString();
    }

    @Test
    void everyTranslationIsOfACommandOrOptionThatThereIs() throws IOException {
        Set<String> known = new TreeSet<>(Set.of("option.format"));
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().name();
            known.add("command." + name);
            for (OptionSpec option : command.getCommandSpec().options()) {
                known.add("option." + name + "." + TranslatedHelp.key(option));
                if (name.equals(Grammar.PROGRAM)) {
                    known.add("option." + TranslatedHelp.key(option));
                }
            }
        }
        StandardCommands.create()
                .all()
                .forEach(command -> command.usage().flags().stream()
                        .map(flag -> "option." + command.name() + "." + flag.key())
                        .forEach(known::add));
        Set<String> unknown = translated();
        unknown.removeAll(known);
        assertThat(unknown).isEmpty();
    }

    @Test
    void nearlyEveryCommandAndOptionIsTranslated() {
        Set<String> english = new TreeSet<>();
        int all = 0;
        CommandLine chinese = Grammar.of(StandardCommands.create(CHINESE));
        TranslatedHelp.into(CHINESE, chinese);
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().name();
            CommandLine theirs = name.equals(Grammar.PROGRAM)
                    ? chinese
                    : chinese.getSubcommands().get(name);
            if (same(
                    command.getCommandSpec().usageMessage().description(),
                    theirs.getCommandSpec().usageMessage().description())) {
                english.add(name);
            }
            for (OptionSpec option : command.getCommandSpec().options()) {
                OptionSpec other = theirs.getCommandSpec().findOption(option.longestName());
                all++;
                if (same(option.description(), other.description())) {
                    english.add(name + " " + option.longestName());
                }
            }
        }
        assertThat(english).as("of %d, still in English", all).hasSizeLessThan(all / 10);
    }

    private static boolean same(String[] text, String[] other) {
        return List.of(text).equals(List.of(other));
    }

    @Test
    void theHelpOfTheProgramIsSaidInTheLanguageThatWasAskedFor() {
        assertThat(help("--help")).startsWith("用法：").contains("kafka_lag").contains("消费组尚未消费的消息数");
        assertThat(help("stop", "--help")).contains("立即结束").contains("使用这些 broker");
        assertThat(help("rpc", "retran", "--help")).contains("也包括仍在工作的接收器").contains("结果的呈现方式");
    }

    @Test
    void anOptionOfACommandsOwnIsNotTakenForTheOneThatAllHave() {
        assertThat(help("protocol", "--help")).contains("fields：按该版本显示").doesNotContain("  版本\n");
    }

    @Test
    void whatACommandUnderstandsIsTheSameInEveryLanguage() {
        Commands chinese = StandardCommands.create(CHINESE);
        var given = new Parser(chinese, CHINESE)
                .parse(List.of("rpc", "kafka_lag", "-g", "x", "--format", "json"), new PrintWriter(new StringWriter()))
                .orElseThrow();
        assertThat(given.words()).containsExactly("kafka_lag", "--group", "x");
    }

    @Test
    void theLanguageOfTheHelpMayBeGivenOnTheCommandLine(@TempDir Path home) {
        assertThat(Language.of(home, Map.of(), Parser.settings(List.of("-X", "APP_LANGUAGE=zh_CN", "help"))))
                .isEqualTo(Locale.SIMPLIFIED_CHINESE);
        assertThat(Parser.settings(List.of("-XAPP_LANGUGE=zh", "produce", "-X", "a=b=c", "-X")))
                .isEqualTo(Map.of("APP_LANGUGE", "zh", "a", "b=c"));
        var out = new ByteArrayOutputStream();
        int code = new Cli(
                        home,
                        Map.of("APP_LANGUAGE", "zh_CN"),
                        new Terminals(
                                new java.io.ByteArrayInputStream(new byte[0]),
                                out,
                                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)))
                .run("help");
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("消费组的领导者和成员").contains("清屏");
    }

    /** Lists what is still said in English where somebody asked for Chinese. */
    public static void main(String[] args) throws IOException {
        Set<String> done = translated();
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().name();
            for (OptionSpec option : command.getCommandSpec().options()) {
                String key = "option." + name + "." + TranslatedHelp.key(option);
                if (!done.contains(key) && !done.contains("option." + TranslatedHelp.key(option))) {
                    System.out.println(key + "=" + String.join("", option.description()));
                }
            }
        }
    }
}
