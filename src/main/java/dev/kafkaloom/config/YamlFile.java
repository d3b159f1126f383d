package dev.kafkaloom.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a flat YAML file into keys, texts and line numbers. Nothing is ever constructed from it: the file is read as a tree of nodes,
 * so that every complaint has its line, and a tag that names a class is refused.
 */
final class YamlFile {
    private static final Set<Tag> PLAIN =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP);

    private final String label;

    /** A key with its value; {@code text} is empty when the file gives none. */
    record Entry(String key, String text, String where) {}

    private YamlFile(String label) {
        this.label = label;
    }

    /** The file's entries in order; none when there is no such file. */
    static List<Entry> read(Path file, String label) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (CharacterCodingException e) {
            throw new ConfigException(label, "", Phrase.of("config.file.not-utf8"), e);
        } catch (IOException e) {
            throw new ConfigException(label, "", Phrase.of("config.file.unreadable", e.getMessage()), e);
        }
        return new YamlFile(label).parse(text);
    }

    private List<Entry> parse(String text) {
        Node root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw new ConfigException(where(e.getProblemMark()), "", Phrase.of("config.yaml.bad", problem(e)), e);
        } catch (YAMLException e) {
            throw new ConfigException(label, "", Phrase.of("config.yaml.bad", e.getMessage()), e);
        }
        if (root == null || root.getTag().equals(Tag.NULL)) {
            return List.of();
        }
        if (!(root instanceof MappingNode map)) {
            throw new ConfigException(where(root), "", Phrase.of("config.yaml.lines"));
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Entry entry = entry(tuple);
            Entry twin = entries.putIfAbsent(entry.key, entry);
            if (twin != null) {
                throw new ConfigException(entry.where, entry.key, Phrase.of("config.twice", twin.where));
            }
        }
        return List.copyOf(entries.values());
    }

    private Entry entry(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            throw new ConfigException(where(tuple.getKeyNode()), "", Phrase.of("config.yaml.name"));
        }
        Node value = tuple.getValueNode();
        refuseTag(key.getValue(), value);
        return new Entry(key.getValue(), text(key.getValue(), value), where(key));
    }

    private String text(String key, Node value) {
        return switch (value) {
            case ScalarNode scalar ->
                scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue().strip();
            case SequenceNode list -> list(key, list);
            default -> throw new ConfigException(where(value), key, Phrase.of("config.yaml.value"));
        };
    }

    private String list(String key, SequenceNode list) {
        List<String> parts = new ArrayList<>();
        for (Node element : list.getValue()) {
            refuseTag(key, element);
            if (!(element instanceof ScalarNode scalar)) {
                throw new ConfigException(where(element), key, Phrase.of("config.yaml.list"));
            }
            parts.add(scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue().strip());
        }
        return String.join(",", parts);
    }

    private void refuseTag(String key, Node node) {
        if (!PLAIN.contains(node.getTag())) {
            throw new ConfigException(
                    where(node), key, Phrase.of("config.yaml.tag", node.getTag().getValue()));
        }
    }

    private static String problem(MarkedYAMLException e) {
        String context = e.getContext() == null ? "" : e.getContext() + ", ";
        return context + e.getProblem() + " (column "
                + (e.getProblemMark() == null ? 1 : e.getProblemMark().getColumn() + 1) + ")";
    }

    private String where(Node node) {
        return where(node.getStartMark());
    }

    private String where(Mark mark) {
        return mark == null ? label : label + ":" + (mark.getLine() + 1);
    }
}
