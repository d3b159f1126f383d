package dev.kafkaloom.sink;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code http}. */
final class HttpProvider implements SinkProvider {
    private static final Pattern STATUS = Pattern.compile("[0-9]+");
    private static final List<SinkOption> OPTIONS = List.of(
            SinkOption.required("url", "where records are posted to, http:// or https://; redirects are not followed"),
            SinkOption.of("batch", "record: a request for each record; array: one with a JSON array of them", "record"),
            SinkOption.of("body", "json: an object with all of the record; value: its value, as it is", "json"),
            SinkOption.of("content.type", "of the body; auto: application/json, or octet-stream for values", "auto"),
            SinkOption.of("timeout.ms", "for an answer", "30000"),
            SinkOption.of("connect.timeout.ms", "for a connection", "10000"),
            SinkOption.of("connections", "most requests at a time", "32"),
            SinkOption.of("retry.status", "further answers to try again after, 401,404; always 408,425,429,5xx", ""),
            SinkOption.of("header.*", "a header of every request, header.Authorization", "")
                    .hidden());

    @Override
    public String name() {
        return "http";
    }

    @Override
    public String summary() {
        return "posts each record to a URL; 2xx is done, 429 and 5xx are tried again, other 4xx are rejected";
    }

    @Override
    public List<SinkOption> options() {
        return OPTIONS;
    }

    @Override
    public Sink open(SinkContext context) {
        Options options = new Options(context, OPTIONS);
        boolean array = options.word("batch", "record", "array").equals("array");
        boolean value = options.word("body", "json", "value").equals("value");
        if (array && value) {
            throw options.wrong("body", "does not go with batch array, which is JSON");
        }
        URI url = url(options);
        String type = options.text("content.type");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(
                "Content-Type", !type.equals("auto") ? type : value ? "application/octet-stream" : "application/json");
        headers.putAll(options.family("header."));
        headers.forEach((name, text) -> check(url, name, text, options));
        return new HttpSink(new HttpSink.Target(
                url,
                array,
                value,
                headers,
                options.millis("timeout.ms", 1),
                options.millis("connect.timeout.ms", 1),
                options.number("connections", 1, 10_000),
                statuses(options)));
    }

    private static URI url(Options options) {
        URI url;
        try {
            url = new URI(options.text("url"));
        } catch (URISyntaxException e) { // its message has the text, which may have a password
            throw new IllegalArgumentException(
                    Options.SETTING + "url: is no URL (" + e.getReason() + " at " + e.getIndex() + ")");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(Options.SETTING
                    + "url: has a user or password in it, which would be shown; give header.Authorization instead");
        }
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null || url.getRawFragment() != null) {
            throw options.wrong("url", "is not http://host/path or https://host/path");
        }
        return url;
    }

    private static void check(URI url, String name, String text, Options options) {
        try {
            HttpRequest.newBuilder(url).header(name, text);
        } catch (IllegalArgumentException _) { // its message has the value
            throw options.wrong("header." + name, "cannot be sent as a header");
        }
    }

    private static Set<Integer> statuses(Options options) {
        String given = options.text("retry.status");
        if (!given.matches("\\s*|\\s*[34][0-9]{2}(\\s*,\\s*[34][0-9]{2})*\\s*")) {
            throw options.wrong("retry.status", "is not a list of numbers from 300 to 499");
        }
        Set<Integer> statuses = new HashSet<>();
        for (Matcher status = STATUS.matcher(given); status.find(); ) {
            statuses.add(Integer.parseInt(status.group()));
        }
        return statuses;
    }
}
