package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What {@code protocol list} and the README's checklist say of the APIs. */
final class ProtocolList {
    private ProtocolList() {}

    /** The APIs whose key is, or whose name contains, one of the words; all when there is none. */
    static List<ApiKey> matching(List<String> words) {
        if (words.isEmpty()) {
            return List.of(ApiKey.values());
        }
        List<ApiKey> apis = new ArrayList<>();
        for (String word : words) {
            List<ApiKey> found = Stream.of(ApiKey.values())
                    .filter(api -> word.equals(String.valueOf(api.id()))
                            || api.apiName().toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT)))
                    .toList();
            apis.addAll(found.isEmpty() ? List.of(ProtocolDefinitions.api(word)) : found);
        }
        return apis.stream().distinct().sorted().toList();
    }

    static Table apis(List<ApiKey> apis) {
        var table = new Table.Builder("key", "name", "versions", "flexible", "brokers", "for", "about");
        for (ApiKey api : apis) {
            table.row(
                    (int) api.id(),
                    api.apiName(),
                    versions(api),
                    flexible(api),
                    ProtocolReleases.all().of(api),
                    ProtocolDefinitions.all().use(api),
                    ProtocolDefinitions.all().about(api));
        }
        return table.build();
    }

    /** Each version of each API with the releases that speak it. */
    static Table eachVersion(List<ApiKey> apis) {
        var table = new Table.Builder("key", "name", "version", "flexible", "brokers");
        for (ApiKey api : apis) {
            for (short version = api.lowestVersion(); version <= api.highestVersion(); version++) {
                table.row(
                        (int) api.id(),
                        api.apiName(),
                        (int) version,
                        api.isFlexible(version),
                        ProtocolReleases.all().of(api, version));
            }
        }
        return table.build();
    }

    /** The README's checklist: a Markdown table with a row for each API. */
    static List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| key | API | versions | flexible | brokers | request | response |");
        lines.add("| --: | --- | --- | --- | --- | :-: | :-: |");
        for (ApiKey api : ApiKey.values()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %d | %s | %s | %s | %s | %s | %s |",
                    api.id(),
                    api.apiName(),
                    versions(api),
                    flexible(api),
                    ProtocolReleases.all().of(api),
                    ticked(api.apiName() + "Request"),
                    ticked(api.apiName() + "Response")));
        }
        return lines;
    }

    private static String ticked(String message) {
        return ProtocolMessage.exists(message) ? "✓" : "";
    }

    static String versions(ApiKey api) {
        return new ProtocolSpan(api.lowestVersion(), api.highestVersion()).toString();
    }

    /** {@code 9+}, or {@code none}. */
    private static String flexible(ApiKey api) {
        for (short version = api.lowestVersion(); version <= api.highestVersion(); version++) {
            if (api.isFlexible(version)) {
                return version + "+";
            }
        }
        return "none";
    }
}
