package dev.kafkaloom.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaloom.generator.schema.FieldType;
import dev.kafkaloom.generator.schema.MessageSpec;
import dev.kafkaloom.generator.schema.MessageSpec.Kind;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Message;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.KafkaException.InvalidRequest;
import dev.kafkaloom.protocol.KafkaException.UnsupportedVersion;
import dev.kafkaloom.protocol.WireReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every field in every version of its message that does not have it, or does not have it null. */
class HostileFieldsTest {
    @Test
    void aSetFieldThatTheVersionLacksIsRefusedUnlessItMayBeIgnored() {
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        int dropped = 0;
        for (Subject subject : Subject.all()) {
            for (FieldPath path : FieldPath.of(subject)) {
                if (path.field().versions().contains(subject.version()) || !path.hasRoom(subject.version())) {
                    continue;
                }
                if (path.field().ignorable()) {
                    checkDropped(subject, path, wrong);
                    dropped++;
                } else {
                    Message set = subject.fromMap(path.holding(path.value(subject)));
                    checkRefused(subject, path, UnsupportedVersion.class, () -> subject.write(set), wrong);
                    checkRefused(subject, path, UnsupportedVersion.class, () -> set.toMap(subject.version()), wrong);
                    refused++;
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(refused).isGreaterThanOrEqualTo(552);
        assertThat(dropped).isGreaterThanOrEqualTo(667);
    }

    @Test
    void nullIsRefusedWhereTheVersionDoesNotAllowIt() {
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        for (Subject subject : Subject.all()) {
            for (FieldPath path : FieldPath.of(subject)) {
                int version = subject.version();
                if (!path.field().versions().contains(version)
                        || path.field().nullable().contains(version)
                        || !path.hasRoom(version)) {
                    continue;
                }
                Map<String, Object> content = path.holding(null);
                checkRefused(subject, path, InvalidRequest.class, () -> subject.write(subject.fromMap(content)), wrong);
                refused++;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(refused).isGreaterThan(5_000);
    }

    @Test
    void nullInAListIsRefused() {
        List<String> wrong = new ArrayList<>();
        for (Subject subject : Subject.all()) {
            for (FieldPath path : FieldPath.of(subject)) {
                if (path.field().type() instanceof FieldType.Array) {
                    Map<String, Object> content = path.holding(Collections.singletonList(null));
                    checkRefused(subject, path, InvalidRequest.class, () -> subject.fromMap(content), wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aVersionThatAMessageDoesNotHaveIsRefused() {
        for (MessageSpec spec : Subject.messages()) {
            short lowest = (short) spec.valid().lowest();
            short highest = (short) spec.valid().highest();
            Message message = new Subject(spec, highest).fromMap(Map.of());
            for (int wrong : List.of(lowest - 1, highest + 1, (int) Short.MIN_VALUE, (int) Short.MAX_VALUE)) {
                Subject subject = new Subject(spec, (short) wrong);
                noSuchVersion(subject, () -> subject.read(new byte[100]));
                noSuchVersion(subject, () -> subject.write(message));
                noSuchVersion(subject, () -> message.toMap((short) wrong));
                noSuchVersion(subject, () -> subject.fromMap(Map.of()));
                if (spec.kind() == Kind.REQUEST) {
                    noSuchVersion(subject, () -> ApiKey.of(spec.apiKey()).readRequest(zeros(), (short) wrong));
                } else if (spec.kind() == Kind.RESPONSE) {
                    noSuchVersion(subject, () -> ApiKey.of(spec.apiKey()).readResponse(zeros(), (short) wrong));
                }
            }
        }
    }

    private static WireReader zeros() {
        return new WireReader(new byte[100], 0, 100);
    }

    private static void noSuchVersion(Subject subject, ThrowingCallable call) {
        assertThatThrownBy(call)
                .as(subject.label())
                .isInstanceOf(UnsupportedVersion.class)
                .hasMessageContaining(subject.spec().name() + " has no version " + subject.version());
    }

    private static void checkDropped(Subject subject, FieldPath path, List<String> wrong) {
        Message set = subject.fromMap(path.holding(path.value(subject)));
        Message unset = subject.fromMap(path.withoutIt());
        String what = subject.label() + "." + path.name();
        if (set.equals(unset)) {
            wrong.add(what + ": the same with and without it");
            return;
        }
        try {
            if (!Arrays.equals(subject.write(set), subject.write(unset))) {
                wrong.add(what + ": not dropped");
            }
            if (!set.toMap(subject.version()).equals(unset.toMap(subject.version()))) {
                wrong.add(what + ": not dropped from the map");
            }
        } catch (KafkaException e) {
            wrong.add(what + ": refused, though it may be ignored: " + e.oneLine());
        }
    }

    /** The error says which message, which version, and which field. */
    private static void checkRefused(
            Subject subject,
            FieldPath path,
            Class<? extends KafkaException> error,
            ThrowingCallable call,
            List<String> wrong) {
        String what = subject.label() + "." + path.name();
        try {
            call.call();
            wrong.add(what + ": not refused");
        } catch (KafkaException e) {
            if (!error.isInstance(e) || !names(e.getMessage(), subject, path)) {
                wrong.add(what + ": " + e);
            }
        } catch (Throwable e) {
            wrong.add(what + ": " + e);
        }
    }

    /** A field that no version allows to be null is refused as soon as its struct is built, when nothing around it is known yet. */
    private static boolean names(String error, Subject subject, FieldPath path) {
        String field = Subject.jsonName(path.field());
        return error.startsWith(subject.label() + "." + path.indexed() + ":")
                || error.matches(subject.spec().name() + "(\\.[A-Z]\\w+)?\\." + field + " must not (be|hold a) null.*")
                || (error.startsWith(subject.label() + "." + path.indexed() + "[0]:") && error.contains("null"));
    }
}
