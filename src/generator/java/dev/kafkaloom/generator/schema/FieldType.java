package dev.kafkaloom.generator.schema;

import java.util.Locale;

/** The type of a field. */
public sealed interface FieldType {
    /** The types that are no struct and no array. */
    enum Scalar implements FieldType {
        BOOL,
        INT8,
        INT16,
        INT32,
        INT64,
        UINT16,
        UINT32,
        FLOAT64,
        UUID,
        STRING,
        BYTES,
        RECORDS;

        /** Whether the wire form can say null. */
        public boolean isReference() {
            return this == STRING || isBytes();
        }

        /** Whether it is a run of bytes. */
        public boolean isBytes() {
            return this == BYTES || this == RECORDS;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A struct by its name within the message. */
    record Struct(String name) implements FieldType {
        @Override
        public String toString() {
            return name;
        }
    }

    /** An array; no definition has an array of arrays. */
    record Array(FieldType element) implements FieldType {
        @Override
        public String toString() {
            return "[]" + element;
        }
    }

    /** Reads the text of a definition. */
    static FieldType parse(String text) {
        if (text.startsWith("[]")) {
            FieldType element = parse(text.substring(2));
            if (element instanceof Array || (element instanceof Scalar scalar && scalar.isBytes())) {
                throw new DefinitionException("unsupported type " + text);
            }
            return new Array(element);
        }
        if (Character.isUpperCase(text.charAt(0))) {
            return new Struct(text);
        }
        try {
            return Scalar.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new DefinitionException("unknown type " + text, e);
        }
    }

    /** The struct that this is, or that this is an array of; null if none. */
    default String structName() {
        return switch (this) {
            case Struct struct -> struct.name();
            case Array array -> array.element().structName();
            case Scalar _ -> null;
        };
    }
}
