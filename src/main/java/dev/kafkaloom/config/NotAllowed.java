package dev.kafkaloom.config;

/** A value that a setting may not have. */
class NotAllowed extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Phrase why;

    NotAllowed(Phrase why) {
        super(why.toString());
        this.why = why;
    }

    NotAllowed(Phrase why, Throwable cause) {
        super(why.toString(), cause);
        this.why = why;
    }

    /** What is wrong with a value, and what is allowed; in English only if that is all there is. */
    static Phrase why(IllegalArgumentException e) {
        return e instanceof NotAllowed known ? known.why : Phrase.plain(String.valueOf(e.getMessage()));
    }
}
