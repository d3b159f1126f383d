package dev.kafkaloom.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.kafkaloom.generator.merge.DefinitionMerge;
import dev.kafkaloom.generator.schema.DefinitionReader;
import dev.kafkaloom.generator.schema.FieldSpec;
import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.FieldType.Scalar;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.UnsupportedVersion;
import dev.kafkaloom.protocol.WireReader;
import dev.kafkaloom.protocol.WireWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the definitions say about versions, null and defaults: every field of every message in every version, nested and tagged too. */
class GeneratedRulesTest {
    private static List<MessageSpec> messages;

    @BeforeAll
    static void readDefinitions() throws IOException {
        Path definitions = Path.of("target", "kafka-definitions");
        DefinitionReader reader = new DefinitionReader();
        messages = DefinitionMerge.merge(
                reader.readFolder(definitions.resolve("new/common/message")),
                reader.readFolder(definitions.resolve("old/common/message")));
    }

    @Test
    void aFieldThatTheVersionLacksIsDroppedIfItMayBeAndAnErrorIfNot() {
        int dropped = 0;
        int refused = 0;
        for (Place place : places()) {
            if (place.field().versions().contains(place.version())) {
                continue;
            }
            Message plain = place.message(place.without());
            Message set = place.message(place.with(place.other(place.field())));
            if (place.field().ignorable()) {
                assertThat(write(set, place.version())).as("%s", place).isEqualTo(write(plain, place.version()));
                dropped++;
            } else {
                try {
                    write(set, place.version());
                    fail("%s was written", place);
                } catch (UnsupportedVersion e) {
                    assertThat(e).hasMessage(place + ": is set, but this version has no such field");
                }
                refused++;
            }
        }
        assertThat(dropped).as("dropped").isGreaterThan(500);
        assertThat(refused).as("refused").isGreaterThan(500);
    }

    @Test
    void nullIsWrittenWhereItMayBeAndAnErrorElsewhere() {
        int written = 0;
        int refused = 0;
        for (Place place : places()) {
            FieldSpec field = place.field();
            boolean reference = !(field.type() instanceof Scalar scalar) || scalar.isReference();
            if (!reference || !field.versions().contains(place.version())) {
                continue;
            }
            Map<String, Object> map = place.with(null);
            if (field.nullable().contains(place.version())) {
                Message message = place.message(map);
                assertThat(read(place, write(message, place.version())))
                        .as("%s", place)
                        .isEqualTo(message);
                written++;
            } else {
                try {
                    write(place.message(map), place.version());
                    fail("%s was written", place);
                } catch (InvalidRequest e) {
                    assertThat(e.getMessage())
                            .contains(place.name())
                            .contains("must not be null")
                            .startsWith(place.toString());
                }
                refused++;
            }
        }
        assertThat(written).as("null").isGreaterThan(500);
        assertThat(refused).as("refused").isGreaterThan(500);
    }

    @Test
    void aFieldIsReadBackAndItsDefaultWhereTheVersionLacksIt() {
        int checked = 0;
        for (Place place : places()) {
            Message plain = place.message(place.without());
            assertThat(read(place, write(plain, place.version())))
                    .as("%s", place)
                    .isEqualTo(plain);
            if (place.field().versions().contains(place.version())) {
                Message set = place.message(place.with(place.other(place.field())));
                byte[] bytes = write(set, place.version());
                assertThat(set).as("%s", place).isNotEqualTo(plain);
                assertThat(bytes).as("%s", place).isNotEqualTo(write(plain, place.version()));
                assertThat(read(place, bytes)).as("%s", place).isEqualTo(set);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(5000);
    }

    /** Every field of every message in every version that has the structs around it. */
    private static List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (MessageSpec message : messages) {
            for (int version = message.valid().lowest();
                    version <= message.valid().highest();
                    version++) {
                collect(message, (short) version, message.fields(), List.of(), places);
            }
        }
        return places;
    }

    private static void collect(
            MessageSpec message, short version, List<FieldSpec> fields, List<FieldSpec> around, List<Place> places) {
        for (FieldSpec field : fields) {
            if (field.versions().intersect(message.valid()).isEmpty()) {
                continue;
            }
            places.add(new Place(message, version, around, field));
            if (field.type().structName() != null && field.versions().contains(version)) {
                List<FieldSpec> deeper = new ArrayList<>(around);
                deeper.add(field);
                collect(message, version, message.fieldsOf(field), deeper, places);
            }
        }
    }

    /** A field within the structs around it, each list with one element. */
    private record Place(MessageSpec spec, short version, List<FieldSpec> around, FieldSpec field) {
        String name() {
            return component(field);
        }

        Map<String, Object> without() {
            return nested(0, Map.of());
        }

        Map<String, Object> with(Object value) {
            return nested(0, Collections.singletonMap(name(), value));
        }

        private Map<String, Object> nested(int depth, Map<String, Object> innermost) {
            List<FieldSpec> fields = depth == 0 ? spec.fields() : spec.fieldsOf(around.get(depth - 1));
            Map<String, Object> map = filled(fields);
            if (depth == around.size()) {
                map.putAll(innermost);
            } else {
                FieldSpec next = around.get(depth);
                Map<String, Object> inner = nested(depth + 1, innermost);
                map.put(component(next), next.type() instanceof FieldType.Array ? List.of(inner) : inner);
            }
            return map;
        }

        /** Something for the fields whose default is null although this version has no null. */
        private Map<String, Object> filled(List<FieldSpec> fields) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (FieldSpec each : fields) {
                if ("null".equals(each.defaultValue())
                        && each.versions().contains(version)
                        && !each.nullable().contains(version)) {
                    map.put(component(each), other(each));
                }
            }
            return map;
        }

        /** Another value than the default. */
        Object other(FieldSpec of) {
            if (of.type() instanceof FieldType.Array array) {
                return List.of(other(of, array.element()));
            }
            return other(of, of.type());
        }

        private Object other(FieldSpec of, FieldType type) {
            return switch (type) {
                case FieldType.Struct _ -> struct(of);
                case Scalar.BOOL -> !"true".equals(of.defaultValue());
                case Scalar.STRING -> "x" + of.defaultValue();
                case Scalar.UUID -> "AAAAAAAAAAAAAAAAAAAABw";
                case Scalar.BYTES, Scalar.RECORDS -> "AQID";
                case Scalar.FLOAT64 -> 1.5;
                default -> 77;
            };
        }

        private Map<String, Object> struct(FieldSpec of) {
            Map<String, Object> map = filled(spec.fieldsOf(of));
            for (FieldSpec each : spec.fieldsOf(of)) {
                if (each.versions().contains(version) && of.versions().contains(version)) {
                    map.put(component(each), other(each));
                }
            }
            if (!of.versions().contains(version)) {
                FieldSpec first = spec.fieldsOf(of).getFirst();
                map.put(component(first), other(first));
            }
            return map;
        }

        Message message(Map<String, Object> map) {
            return (Message) call("fromMap", Map.class, map);
        }

        Object call(String method, Class<?> type, Object argument) {
            try {
                return Class.forName("dev.kafkaloom.message." + spec.name())
                        .getMethod(method, type, short.class)
                        .invoke(null, argument, version);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof KafkaException cause) {
                    throw cause;
                }
                throw new AssertionError(toString(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(toString(), e);
            }
        }

        @Override
        public String toString() {
            StringBuilder path = new StringBuilder(spec.name() + " v" + version);
            for (FieldSpec each : around) {
                path.append('.').append(component(each)).append(each.type() instanceof FieldType.Array ? "[0]" : "");
            }
            return path.append('.').append(name()).toString();
        }
    }

    private static String component(FieldSpec field) {
        return Character.toLowerCase(field.name().charAt(0)) + field.name().substring(1);
    }

    private static byte[] write(Message message, short version) {
        WireWriter out = new WireWriter(64);
        message.write(out, version);
        return out.toBytes();
    }

    private static Message read(Place place, byte[] bytes) {
        WireReader in = new WireReader(bytes, 0, bytes.length);
        Message message = (Message) place.call("read", WireReader.class, in);
        in.expectEnd(place.toString());
        return message;
    }
}
