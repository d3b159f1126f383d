package dev.kafkaloom.config;

/**
 * Whole-number arithmetic in configuration values, such as {@code 60 * 10 * 1000}: {@code + - * /}, parentheses, a sign. Everything
 * is checked: an overflow, a division by zero or one with a remainder is an error and never a silently different number.
 */
final class Arithmetic {
    private static final int DEEPEST = 50;

    private final String text;
    private int at;
    private int depth;

    private Arithmetic(String text) {
        this.text = text;
    }

    /**
     * The value of an expression.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static long evaluate(String text) {
        Arithmetic parser = new Arithmetic(text);
        try {
            long value = parser.sum();
            if (parser.peek() != END) {
                throw parser.unexpected();
            }
            return value;
        } catch (ArithmeticException e) {
            Phrase what = e instanceof Refused refused ? refused.why : Phrase.of("config.overflow");
            throw new NotAllowed(Phrase.of("config.arithmetic", text, what), e);
        }
    }

    private static final char END = '\0';

    private long sum() {
        long value = product();
        while (true) {
            switch (peek()) {
                case '+' -> {
                    at++;
                    value = Math.addExact(value, product());
                }
                case '-' -> {
                    at++;
                    value = Math.subtractExact(value, product());
                }
                default -> {
                    return value;
                }
            }
        }
    }

    private long product() {
        long value = factor();
        while (true) {
            switch (peek()) {
                case '*' -> {
                    at++;
                    value = Math.multiplyExact(value, factor());
                }
                case '/' -> {
                    at++;
                    value = divide(value, factor());
                }
                default -> {
                    return value;
                }
            }
        }
    }

    private static long divide(long dividend, long divisor) {
        if (divisor == 0) {
            throw new Refused(Phrase.of("config.division-by-zero"));
        }
        if (dividend % divisor != 0) {
            throw new Refused(Phrase.of("config.remainder", dividend, divisor));
        }
        return Math.divideExact(dividend, divisor);
    }

    private long factor() {
        char c = peek();
        if (c == '-' || c == '+') {
            at++;
            enter();
            long value = factor();
            depth--;
            return c == '-' ? Math.negateExact(value) : value;
        }
        if (c == '(') {
            at++;
            enter();
            long value = sum();
            if (peek() != ')') {
                throw unexpected();
            }
            at++;
            depth--;
            return value;
        }
        return number();
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw new NotAllowed(Phrase.of("config.too-deep"));
        }
    }

    private long number() {
        int start = at;
        long value = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            value = Math.addExact(Math.multiplyExact(value, 10L), text.charAt(at) - '0');
            at++;
        }
        if (at == start) {
            throw unexpected();
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : END;
    }

    private NotAllowed unexpected() {
        Phrase found = at < text.length()
                ? Phrase.of("config.no-number.at", text.charAt(at), at + 1)
                : Phrase.of("config.no-number.end");
        return new NoNumber(Phrase.of("config.no-number", text, found));
    }

    /** It is no expression at all. */
    static final class NoNumber extends NotAllowed {
        private static final long serialVersionUID = 1L;

        NoNumber(Phrase why) {
            super(why);
        }
    }

    private static final class Refused extends ArithmeticException {
        private static final long serialVersionUID = 1L;

        private final transient Phrase why;

        Refused(Phrase why) {
            super(why.toString());
            this.why = why;
        }
    }
}
