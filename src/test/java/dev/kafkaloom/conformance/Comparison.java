package dev.kafkaloom.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kafkaloom.conformance.Sample.Kind;
import dev.kafkaloom.message.Message;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** One message, Kafka's of one release against kafka-loom's. What differs is an {@link AssertionError}, what is refused is the refusal. */
final class Comparison {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHOWN = 400;

    /** What no JSON number can say; NaN is not equal to itself either. */
    private static final Pattern NO_NUMBER = Pattern.compile("\"(NaN|-?Infinity)\"");

    private final ApacheMessage theirs;
    private final OurMessage ours;
    private final UnaryOperator<byte[]> wire;

    Comparison(ApacheMessage theirs) {
        this(theirs, UnaryOperator.identity());
    }

    /** {@code wire} is what the bytes go through between the one who writes and the one who reads. */
    Comparison(ApacheMessage theirs, UnaryOperator<byte[]> wire) {
        this.theirs = theirs;
        this.ours = new OurMessage(theirs.definition().newName());
        this.wire = wire;
    }

    Definition definition() {
        return theirs.definition();
    }

    /** Written by Kafka, read by us, the same JSON, written by us, the same bytes. Answers Kafka's JSON. */
    JsonNode fromKafka(Sample sample) {
        int version = sample.version();
        Object written = theirs.fill(sample.tree());
        byte[] bytes = wire.apply(theirs.write(written, version));
        Message read = ours.read(bytes, version);
        ObjectNode node = theirs.json(written, version);
        String json = OurMessage.json(read, version);
        equal("JSON", json, node.toString());
        equal("bytes", OurMessage.write(read, version), bytes);
        Message again = ours.fromJson(json, version);
        equal("bytes of the JSON", OurMessage.write(again, version), bytes);
        if (!again.equals(read)) {
            throw new AssertionError("the JSON does not say everything: " + again + " instead of " + read);
        }
        FieldValues.compare(theirs.definition().fields(), written, read);
        return node;
    }

    /** Made and written by us, read by Kafka, the same JSON, written by Kafka, the same bytes. Answers Kafka's JSON. */
    JsonNode fromUs(Sample sample) {
        int version = sample.version();
        Map<String, Object> tree = sample.tree();
        Message made = ours.fromMap(OurMessage.mapForm(tree), version);
        byte[] bytes = wire.apply(OurMessage.write(made, version));
        Object read = theirs.read(bytes, version);
        ObjectNode node = theirs.json(read, version);
        String json = OurMessage.json(made, version);
        equal("JSON", json, node.toString());
        equal("bytes", theirs.write(read, version), bytes);
        equal("bytes of the same content", theirs.write(theirs.fill(tree), version), bytes);
        if (!NO_NUMBER.matcher(json).find()) {
            Object again = theirs.read(bytes, version);
            if (!again.equals(read) || again.hashCode() != read.hashCode()) {
                throw new AssertionError("read twice, Kafka's message is not the same: " + read);
            }
            if (!theirs.definition().hasRenamedFields() && !json.contains(Sample.UNKNOWN_TAGS)) {
                equal("bytes of our JSON", theirs.write(theirs.fromJson(parsed(json), version), version), bytes);
            }
        }
        if (sample.kind() == Kind.FULL && !made.equals(OurMessage.rebuilt(made))) {
            throw new AssertionError("built by its builders, the message is not the same: " + made);
        }
        return node;
    }

    private static void equal(String what, String ours, String theirs) {
        if (!ours.equals(theirs)) {
            int at = Arrays.mismatch(ours.toCharArray(), theirs.toCharArray());
            throw new AssertionError(what + " differs at " + at + "\n  ours:   " + around(ours, at) + "\n  theirs: "
                    + around(theirs, at));
        }
    }

    private static void equal(String what, byte[] rewritten, byte[] bytes) {
        if (!Arrays.equals(rewritten, bytes)) {
            HexFormat hex = HexFormat.of();
            int at = Arrays.mismatch(rewritten, bytes);
            throw new AssertionError(
                    what + " differ at " + at + "\n  rewritten: " + around(hex.formatHex(rewritten), 2 * at)
                            + "\n  first:     " + around(hex.formatHex(bytes), 2 * at));
        }
    }

    private static String around(String text, int at) {
        int from = Math.max(0, at - SHOWN / 2);
        return (from > 0 ? "..." : "") + text.substring(from, Math.min(text.length(), from + SHOWN));
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
