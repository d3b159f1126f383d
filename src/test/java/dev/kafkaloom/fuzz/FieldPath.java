package dev.kafkaloom.fuzz;

import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A field and the structs around it, from the outermost on. */
record FieldPath(List<FieldSpec> fields) {
    static List<FieldPath> of(Subject subject) {
        List<FieldPath> paths = new ArrayList<>();
        collect(subject, subject.spec().fields(), List.of(), paths);
        return paths;
    }

    private static void collect(Subject subject, List<FieldSpec> fields, List<FieldSpec> outer, List<FieldPath> into) {
        for (FieldSpec field : fields) {
            List<FieldSpec> path = new ArrayList<>(outer);
            path.add(field);
            into.add(new FieldPath(List.copyOf(path)));
            collect(subject, subject.inside(field), path, into);
        }
    }

    FieldSpec field() {
        return fields.getLast();
    }

    /** Whether the version has the structs around the field. */
    boolean hasRoom(int version) {
        return fields.subList(0, fields.size() - 1).stream()
                .allMatch(outer -> outer.versions().contains(version));
    }

    String name() {
        return fields.stream().map(Subject::jsonName).collect(Collectors.joining("."));
    }

    /** As errors name it, every list having one element. */
    String indexed() {
        StringBuilder text = new StringBuilder();
        for (FieldSpec outer : fields.subList(0, fields.size() - 1)) {
            text.append(Subject.jsonName(outer)).append(outer.type() instanceof FieldType.Array ? "[0]." : ".");
        }
        return text + Subject.jsonName(field());
    }

    /** A message in its map form with this field in it, everything else being left to the defaults. */
    Map<String, Object> holding(Object value) {
        Object content = value;
        for (int i = fields.size() - 1; ; i--) {
            Map<String, Object> map = new HashMap<>();
            map.put(Subject.jsonName(fields.get(i)), content);
            if (i == 0) {
                return map;
            }
            content = fields.get(i - 1).type() instanceof FieldType.Array ? List.of(map) : map;
        }
    }

    /** The structs around the field, without it. */
    Map<String, Object> withoutIt() {
        return fields.size() == 1
                ? Map.of()
                : new FieldPath(fields.subList(0, fields.size() - 1))
                        .holding(
                                fields.get(fields.size() - 2).type() instanceof FieldType.Array
                                        ? List.of(Map.of())
                                        : Map.of());
    }

    /** A value that is not the field's default. */
    Object value(Subject subject) {
        return value(subject, field());
    }

    private static Object value(Subject subject, FieldSpec field) {
        return switch (field.type()) {
            case FieldType.Array array ->
                List.of(array.element() instanceof Scalar scalar ? scalar(scalar, null) : Map.of());
            case FieldType.Struct _ -> {
                FieldSpec first = subject.inside(field).getFirst();
                yield Map.of(Subject.jsonName(first), value(subject, first));
            }
            case Scalar scalar -> scalar(scalar, field.defaultValue());
        };
    }

    private static Object scalar(Scalar scalar, String unlike) {
        return switch (scalar) {
            case BOOL -> !"true".equals(unlike);
            case INT8, INT16, INT32, INT64, UINT16, UINT32 -> "77".equals(unlike) ? 78 : 77;
            case FLOAT64 -> 7.5;
            case UUID -> "AAAAAAAAAAAAAAAAAAAABw";
            case STRING -> "set";
            case BYTES, RECORDS -> "AQI=";
        };
    }
}
