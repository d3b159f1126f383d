package dev.kafkaloom.console;

import dev.kafkaloom.message.ApiKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code protocol fields}: the schema of a message as a tree, whole or as one version has it. */
final class ProtocolFields {
    private static final String INDENT = "  ";

    private final Map<?, ?> message;
    private final Integer version;
    private final List<String[]> rows = new ArrayList<>();

    /** @param version null for all */
    private ProtocolFields(Map<?, ?> message, Integer version) {
        this.message = message;
        this.version = version;
    }

    static Document of(Map<?, ?> message, Integer version) {
        return new ProtocolFields(message, version).document();
    }

    private Document document() {
        ProtocolSpan versions = span(message, "validVersions");
        if (version != null && !versions.contains(version)) {
            throw new UsageException(message.get("name") + " has no version " + version + ", only " + versions);
        }
        Map<String, Object> data = data(message);
        if (version != null) {
            data.put("version", version);
        }
        rows.add(new String[] {"field", "type", version == null ? "versions" : "", "", "meaning"});
        ((List<?>) data.get("fields")).forEach(field -> row((Map<?, ?>) field, ""));
        return new Document(data, heading(versions) + "\n" + text());
    }

    private String heading(ProtocolSpan versions) {
        StringBuilder heading = new StringBuilder().append(message.get("name"));
        ProtocolSpan flexible = span(message, "flexibleVersions");
        if (version != null) {
            heading.append(" v").append(version).append(flexible.contains(version) ? ", flexible" : "");
        } else {
            heading.append(", versions ").append(versions).append(", flexible ").append(flexible);
        }
        Object key = message.get("apiKey");
        heading.append(key == null ? "" : ", API key " + key);
        if (Boolean.TRUE.equals(message.get("latestVersionUnstable"))
                && (version == null || version == versions.highest())) {
            heading.append(", v").append(versions.highest()).append(" unstable");
        }
        Object about = message.get("about");
        if (about == null && key instanceof Number number) {
            about = ProtocolDefinitions.all().about(ApiKey.of(number.intValue()));
        }
        return heading.append(about == null ? "" : "\n" + about).toString();
    }

    /** The definition, without the fields that the version lacks. */
    private Map<String, Object> data(Map<?, ?> of) {
        Map<String, Object> data = new LinkedHashMap<>();
        of.forEach((key, value) -> {
            if (!key.equals("fields")) {
                data.put((String) key, value);
            }
        });
        List<Object> fields = new ArrayList<>();
        for (Object field : fieldsOf(of)) {
            if (version == null || span((Map<?, ?>) field, "versions").contains(version)) {
                fields.add(data((Map<?, ?>) field));
            }
        }
        data.put("fields", fields);
        return data;
    }

    private void row(Map<?, ?> field, String indent) {
        Object about = field.get("about");
        rows.add(new String[] {
            indent + field.get("name"),
            String.valueOf(field.get("type")),
            version == null ? String.valueOf(field.get("versions")) : "",
            String.join(", ", remarks(field)),
            about == null ? "" : about.toString()
        });
        fieldsOf(field).forEach(each -> row((Map<?, ?>) each, indent + INDENT));
    }

    private List<String> remarks(Map<?, ?> field) {
        List<String> remarks = new ArrayList<>();
        ProtocolSpan versions = span(field, "versions");
        ProtocolSpan nullable = span(field, "nullableVersions");
        ProtocolSpan tagged = span(field, "taggedVersions");
        if (version == null ? !nullable.isEmpty() : nullable.contains(version)) {
            remarks.add(version != null || nullable.covers(versions) ? "nullable" : "nullable " + nullable);
        }
        if (version == null ? !tagged.isEmpty() : tagged.contains(version)) {
            String tag = "tag " + field.get("tag");
            remarks.add(version != null || tagged.covers(versions) ? tag : tag + " in " + tagged);
        }
        Object otherwise = field.get("default");
        if (otherwise != null) {
            remarks.add("default " + (otherwise.equals("") ? "\"\"" : otherwise));
        }
        if (Boolean.TRUE.equals(field.get("mapKey"))) {
            remarks.add("key");
        }
        if (Boolean.TRUE.equals(field.get("ignorable")) && version == null) {
            remarks.add("ignorable");
        }
        if (field.get("flexibleVersions") != null) { // its own, other than the message's
            remarks.add("flexible " + field.get("flexibleVersions"));
        }
        if (field.get("entityType") != null) {
            remarks.add((String) field.get("entityType"));
        }
        return remarks;
    }

    private String text() {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
    }

    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder(INDENT);
        for (int i = 0; i < row.length; i++) {
            if (widths[i] > 0) {
                line.append(row[i]).repeat(' ', widths[i] - row[i].length() + 2);
            }
        }
        return line.toString().stripTrailing();
    }

    private static List<?> fieldsOf(Map<?, ?> of) {
        return of.get("fields") instanceof List<?> fields ? fields : List.of();
    }

    private static ProtocolSpan span(Map<?, ?> of, String key) {
        return of.get(key) instanceof String text ? ProtocolSpan.parse(text) : ProtocolSpan.NONE;
    }
}
