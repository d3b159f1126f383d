package dev.kafkaloom.generator.schema;

/** A definition that cannot be read, merged or generated. Fails the build. */
public final class DefinitionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DefinitionException(String message) {
        super(message);
    }

    public DefinitionException(String message, Throwable cause) {
        super(message, cause);
    }
}
