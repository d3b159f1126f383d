package dev.kafkaloom.conformance;

import dev.kafkaloom.conformance.Definition.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One content of a message in a version, always the same for the same sample.
 *
 * @param special the path of the one field that is null, or for {@link Kind#LACKED} set; null if there is none
 */
record Sample(Definition definition, int version, Kind kind, String special, long seed) {
    /** The key of a tree under which the tagged fields are that no definition knows. */
    static final String UNKNOWN_TAGS = "unknownTaggedFields";

    /** Messages whose records start with null in Kafka although some version forbids null; ours start empty, so that each can be written. */
    static final Set<String> RECORDS_WITHOUT_DEFAULT = Set.of("FetchSnapshotResponse", "ShareFetchResponse");

    /** What a sample is made of. */
    enum Kind {
        /** Nothing null, every tagged field set, no array empty. */
        FULL,
        /** Some of everything. */
        MIXED,
        /** Null and empty wherever possible, no tagged field. */
        SPARSE,
        /** One element in every array of structs, and in it nothing set. */
        DEFAULTS,
        /** As {@code FULL}, with the least value of each type. */
        LOWEST,
        /** As {@code FULL}, with the greatest. */
        HIGHEST,
        /** As {@code FULL}, with zero, empty, false. */
        ZERO,
        /** As {@code FULL}, with one string, one run of bytes and one array of each sort at a length where the length's own form grows. */
        LONG,
        /** As {@code FULL} and, in every struct that can have them, tagged fields that no definition knows. */
        UNKNOWN,
        /** As {@code MIXED} with unknown tagged fields. */
        UNKNOWN_MIXED,
        /** As {@code DEFAULTS}, and a field is set that the version does not have. */
        LACKED
    }

    /** One field of the version is null, allowed or not. */
    static Sample withNull(Definition definition, int version, String path, long seed) {
        return new Sample(definition, version, Kind.FULL, path, seed);
    }

    /** One field is set that the version does not have. */
    static Sample withLacked(Definition definition, int version, String path, long seed) {
        return new Sample(definition, version, Kind.LACKED, path, seed);
    }

    static Sample of(Definition definition, int version, Kind kind, long seed) {
        return new Sample(definition, version, kind, null, seed);
    }

    /** Every kind once, every nullable field null once, and {@code mixed} mixed ones. */
    static List<Sample> all(Definition definition, int version, long seed, int mixed) {
        List<Sample> samples = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.MIXED && kind != Kind.LACKED) {
                samples.add(of(definition, version, kind, seed));
            }
        }
        definition.forEachField(version, (path, field) -> {
            if (field.nullable().contains(version)) {
                samples.add(withNull(definition, version, path, seed));
            }
        });
        for (int i = 0; i < mixed; i++) {
            samples.add(of(definition, version, Kind.MIXED, seed * 1_000_003 + i));
        }
        return samples;
    }

    /**
     * The content by names of 4.x: Boolean, Long, Double, String, {@link java.util.UUID}, byte[], List, Map or null. A field that is not in a map is
     * not set.
     */
    Map<String, Object> tree() {
        return new Filler().struct(definition.fields(), "");
    }

    @Override
    public String toString() {
        return definition.newName() + " v" + version + " " + kind + (special == null ? "" : " with " + special)
                + " seed " + seed;
    }

    /** The making of one tree. */
    private final class Filler {
        private final SplittableRandom random = new SplittableRandom(
                seed * 31 + Objects.hash(definition.apiKey(), definition.newName(), version, kind.name(), special));
        private final RandomValues values = new RandomValues(random, kind);
        private boolean longScalars = kind == Kind.LONG;
        private boolean longStructs = kind == Kind.LONG;

        private Map<String, Object> struct(List<Field> fields, String at) {
            Map<String, Object> tree = new LinkedHashMap<>();
            for (Field field : fields) {
                String path = at + field.newName();
                boolean isLacked = kind == Kind.LACKED && path.equals(special);
                if (isLacked || (field.versions().contains(version) && !isLeftOut(field))) {
                    tree.put(field.newName(), value(field, path));
                }
            }
            boolean unknown = kind == Kind.UNKNOWN || (kind == Kind.UNKNOWN_MIXED && random.nextInt(3) > 0);
            if (unknown && definition.flexible().contains(version)) {
                tree.put(UNKNOWN_TAGS, unknownTags(fields));
            }
            return tree;
        }

        private boolean isLeftOut(Field field) {
            boolean hasNoDefault =
                    field.type().equals("records") && RECORDS_WITHOUT_DEFAULT.contains(definition.newName());
            return switch (kind) {
                case SPARSE -> field.isTagged();
                case DEFAULTS, LACKED -> !hasNoDefault && !(field.isArray() && field.isStruct());
                case MIXED, UNKNOWN_MIXED -> !hasNoDefault && random.nextInt(100) < (field.isTagged() ? 45 : 5);
                default -> false;
            };
        }

        private Object value(Field field, String path) {
            if (isNull(path, field.nullable().contains(version))) {
                return null;
            }
            if (!field.isArray()) {
                return single(field, path);
            }
            List<Object> list = new ArrayList<>();
            int size = size(field);
            for (int i = 0; i < size; i++) {
                list.add(single(field, path));
            }
            return list;
        }

        private boolean isNull(String path, boolean isNullable) {
            return switch (kind) {
                case SPARSE -> isNullable;
                case MIXED, UNKNOWN_MIXED -> isNullable && random.nextInt(100) < 40;
                case LACKED -> false;
                default -> path.equals(special);
            };
        }

        private int size(Field field) {
            boolean innermost = field.fields().stream().noneMatch(Field::isArray);
            if (longScalars && !field.isStruct()) {
                longScalars = false;
                return 126 + random.nextInt(4);
            }
            if (longStructs && field.isStruct() && innermost) {
                longStructs = false;
                return 126 + random.nextInt(4);
            }
            return switch (kind) {
                case SPARSE -> 0;
                case MIXED, UNKNOWN_MIXED -> random.nextInt(4);
                case FULL, UNKNOWN -> 1 + random.nextInt(2);
                case DEFAULTS, LOWEST, HIGHEST, ZERO, LONG, LACKED -> 1;
            };
        }

        private Object single(Field field, String path) {
            return field.isStruct() ? struct(field.fields(), path + ".") : values.scalar(field.element());
        }

        /** Below, between and above the known ones, ascending as they must be. */
        private List<Object> unknownTags(List<Field> fields) {
            TreeSet<Long> tags = new TreeSet<>(List.of(random.nextLong(8), random.nextLong(40, 200)));
            tags.add(
                    random.nextBoolean()
                            ? random.nextLong(16_300, 16_500)
                            : Integer.MAX_VALUE - 1 - random.nextLong(2));
            fields.forEach(field -> tags.remove((long) field.tag()));
            List<Object> list = new ArrayList<>();
            for (Long tag : tags) {
                list.add(Map.of("tag", tag, "data", values.bytes()));
            }
            return list;
        }
    }
}
