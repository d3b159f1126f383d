package dev.kafkaloom.config;

/**
 * A setting as somebody gave it.
 *
 * @param key the name it was given by, one of the setting's names
 * @param text the value before it was parsed, not empty
 * @param layer which source it came from
 * @param where that source for a person: {@code config/common.yaml:12}
 */
record Given(Spec spec, String key, String text, Layer layer, String where) {

    /** Where settings come from; a later one wins over an earlier one. */
    enum Layer {
        COMMON_FILE,
        CONSUMER_FILE,
        PRODUCER_FILE,
        ENV_FILE,
        ENVIRONMENT,
        FLAG
    }

    /** The parsed value. */
    Object value() {
        try {
            return spec.kind().parse(text);
        } catch (IllegalArgumentException e) {
            Phrase what = spec.secret() ? Phrase.of("config.secret", spec.kind().allowed()) : NotAllowed.why(e);
            throw new ConfigException(where, key, what, spec.secret() ? null : e);
        }
    }
}
