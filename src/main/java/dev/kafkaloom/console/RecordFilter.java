package dev.kafkaloom.console;

import dev.kafkaloom.record.ConsumedRecord;
import dev.kafkaloom.record.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which records are shown: expressions that must all hold, as {@code --grep} takes them. */
final class RecordFilter {
    /** What may be typed. */
    static final String GRAMMAR =
            "k:RE (key), v:RE (value), h:NAME=RE (a header's value), h:NAME (there is one), hk:RE, hv:RE (any header's), t:RE (topic);"
                    + " ! in front for those that do not match";

    private RecordFilter() {}

    /** One that lets everything pass when there is no expression; {@link UsageException} with the grammar. */
    static Predicate<ConsumedRecord> parse(List<String> expressions) {
        return expressions.stream().map(RecordFilter::one).reduce(_ -> true, Predicate::and);
    }

    private static Predicate<ConsumedRecord> one(String expression) {
        boolean negated = expression.startsWith("!");
        Predicate<ConsumedRecord> matches = positive(negated ? expression.substring(1) : expression, expression);
        return negated ? matches.negate() : matches;
    }

    private static Predicate<ConsumedRecord> positive(String text, String expression) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw wrong(expression, "begins with none of k: v: h: hk: hv: t:");
        }
        String rest = text.substring(colon + 1);
        return switch (text.substring(0, colon)) {
            case "k" -> {
                Pattern pattern = pattern(rest, expression);
                yield record -> found(pattern, record.key());
            }
            case "v" -> {
                Pattern pattern = pattern(rest, expression);
                yield record -> found(pattern, record.value());
            }
            case "t" -> {
                Pattern pattern = pattern(rest, expression);
                yield record -> pattern.matcher(record.partition().topic()).find();
            }
            case "hk" -> {
                Pattern pattern = pattern(rest, expression);
                yield anyHeader(header -> pattern.matcher(header.key()).find());
            }
            case "hv" -> {
                Pattern pattern = pattern(rest, expression);
                yield anyHeader(header -> found(pattern, header.value()));
            }
            case "h" -> header(rest, expression);
            default -> throw wrong(expression, "begins with none of k: v: h: hk: hv: t:");
        };
    }

    private static Predicate<ConsumedRecord> header(String rest, String expression) {
        int equals = rest.indexOf('=');
        String name = equals < 0 ? rest : rest.substring(0, equals);
        if (name.isEmpty()) {
            throw wrong(expression, "names no header");
        }
        if (equals < 0) {
            return anyHeader(header -> header.key().equals(name));
        }
        Pattern pattern = pattern(rest.substring(equals + 1), expression);
        return anyHeader(header -> header.key().equals(name) && found(pattern, header.value()));
    }

    private static Predicate<ConsumedRecord> anyHeader(Predicate<Header> matches) {
        return record -> record.headers().stream().anyMatch(matches);
    }

    /** Somewhere in the text; null has no text. */
    private static boolean found(Pattern pattern, byte[] bytes) {
        return bytes != null
                && pattern.matcher(new String(bytes, StandardCharsets.UTF_8)).find();
    }

    private static Pattern pattern(String text, String expression) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw wrong(expression, "'" + text + "' is no regular expression: " + e.getDescription());
        }
    }

    private static UsageException wrong(String expression, String what) {
        return new UsageException("-G '" + expression + "': " + what + "; allowed: " + GRAMMAR);
    }
}
