package dev.kafkaloom.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.kafkaloom.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plain JSON of maps, lists, strings, numbers, booleans and null. Streaming only: data binding costs a tenth of a second at start. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE) // the records of a fetch are one string
                    .build())
            .build();

    private Json() {}

    /** One line of JSON. */
    public static String write(Object value) {
        return write(value, null);
    }

    /** JSON over several lines, for people. */
    public static String pretty(Object value) {
        DefaultPrettyPrinter layout = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""));
        layout.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return write(value, layout);
    }

    /**
     * A message as its map form goes to JSON, in one line: {@code Json.of(response, 9)}. The version decides which fields there are.
     */
    public static String of(Message message, int version) {
        return write(message.toMap((short) version));
    }

    private static String write(Object value, PrettyPrinter layout) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            if (layout != null) {
                out.setPrettyPrinter(layout);
            }
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter throws none
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            case Collection<?> list -> {
                out.writeStartArray();
                for (Object element : list) {
                    write(out, element);
                }
                out.writeEndArray();
            }
            case Boolean bool -> out.writeBoolean(bool);
            case Double number -> out.writeNumber(number);
            case Float number -> out.writeNumber(number);
            case Number number -> out.writeNumber(number.longValue());
            default -> out.writeString(value.toString());
        }
    }

    /**
     * Reads one JSON document into maps, lists, String, Long, Double, Boolean and null. A key that occurs twice in an object, and
     * anything behind the document, is an error.
     */
    public static Object read(String text) throws IOException {
        try (JsonParser in = FACTORY.createParser(text)) {
            in.nextToken();
            Object value = read(in);
            if (in.nextToken() != null) {
                throw new IOException("something follows the JSON document at column "
                        + in.currentTokenLocation().getColumnNr());
            }
            return value;
        }
    }

    /** Reads a JSON document of a resource or file as it streams in. */
    static Object read(InputStream bytes) throws IOException {
        try (JsonParser in = FACTORY.createParser(bytes)) {
            in.nextToken();
            return read(in);
        }
    }

    private static Object read(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    map.put(name, read(in));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(in));
                }
                yield list;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> finite(in);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new IOException("not JSON");
        };
    }

    private static double finite(JsonParser in) throws IOException {
        double value = in.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw new IOException("number " + in.getText() + " is too large for 64 bits");
        }
        return value;
    }

    /** A table as a list of objects, in the order of its columns. */
    static List<Map<String, Object>> ofTable(Table table) {
        List<Map<String, Object>> objects = new ArrayList<>(table.rows().size());
        for (List<Object> row : table.rows()) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                object.put(table.columns().get(i), row.get(i));
            }
            objects.add(object);
        }
        return objects;
    }
}
