package dev.kafkaloom.generator.merge;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.Versions;
import java.util.ArrayList;
import java.util.List;

/** The proof of a merge: in every version the merged definition lays out the very fields that its source does. */
public final class LayoutCheck {
    private LayoutCheck() {}

    static void sameBytes(MessageSpec merged, MessageSpec source, Versions versions) {
        for (int version = versions.lowest(); version <= versions.highest(); version++) {
            sameBytes(merged, source, version);
        }
    }

    static void sameBytes(MessageSpec merged, MessageSpec source, int version) {
        List<String> expected = layout(source, version);
        List<String> actual = layout(merged, version);
        if (!expected.equals(actual)) {
            throw new DefinitionException(
                    merged.name() + " v" + version + ": merged to " + actual + ", the source has " + expected);
        }
    }

    /** The fields of a version in the order of the wire, tagged ones too, each with everything that decides its bytes. */
    public static List<String> layout(MessageSpec message, int version) {
        List<String> result = new ArrayList<>();
        add(message, message.fields(), version, "", result);
        return result;
    }

    private static void add(
            MessageSpec message, List<FieldSpec> fields, int version, String prefix, List<String> result) {
        for (FieldSpec field : fields) {
            if (!field.versions().contains(version)) {
                continue;
            }
            Versions flexible = field.flexible() == null ? message.flexible() : field.flexible();
            String path = prefix + field.name();
            result.add(path + " " + field.type()
                    + (field.nullable().contains(version) ? " nullable" : "")
                    + (field.tagged().contains(version)
                            ? " tag " + field.tag() + " default " + field.defaultValue()
                            : "")
                    + (flexible.contains(version) ? " compact" : ""));
            String struct = field.type().structName();
            if (struct != null) {
                add(message, message.fieldsOf(field), version, path + ".", result);
            }
        }
    }
}
