package dev.kafkaloom.console;

import dev.kafkaloom.client.CallOptions;
import dev.kafkaloom.client.Exchange;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.Route;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ProduceRequest;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code request}: any API, sent once to a live cluster, its answer as JSON. */
final class RequestCommand implements Command {
    private static final int MOST_NOTES = 10;
    private static final Usage USAGE = new Usage(
            List.of(
                    Flag.value(
                            "-j --json",
                            "JSON|@FILE|-",
                            "the request; what it leaves out has its default, {} is all of that"),
                    Flag.value(
                            "--version",
                            "N",
                            "this version; by default the highest that both sides have and that fits"),
                    Flag.value(
                            "--broker",
                            "ID",
                            "this broker and no other; by default where the request belongs, split where that is several")),
            "API",
            1);

    @Override
    public String name() {
        return "request";
    }

    @Override
    public String summary() {
        return "send any request to the cluster and show the answer as JSON; exit code 1 when there is an error code in it";
    }

    @Override
    public boolean watchable() {
        return false;
    }

    @Override
    public Usage usage() {
        return USAGE;
    }

    @Override
    public List<String> examples() {
        return List.of(
                "request DescribeCluster",
                "request Metadata --version 1 --json '{\"topics\":[{\"name\":\"orders\"}]}'",
                "request DescribeConfigs --json '{\"resources\":[{\"resourceType\":2,\"resourceName\":\"orders\","
                        + "\"configurationKeys\":null}]}'",
                "request ListGroups --broker 1");
    }

    @Override
    public int run(Session session, List<String> args) throws IOException, InterruptedException {
        Arguments arguments = USAGE.parse(args);
        if (arguments.plain().isEmpty()) {
            throw new UsageException(
                    "request needs the name of an API, such as request DescribeCluster (see protocol list)");
        }
        ApiKey api = ProtocolDefinitions.api(arguments.plain().getFirst());
        Map<?, ?> given = json(session, arguments);
        Short version = arguments.has("version")
                ? (Short) ProtocolConvert.version(arguments, ProtocolMessage.of(api, true))
                : null;
        Request<?> request = request(api, given, version == null ? api.highestVersion() : version);
        KafkaClient client = session.loom().client();
        Route route = route(client, request, arguments);
        checkKnown(client, route, api);
        CallOptions options = CallOptions.DEFAULT.version(version).hold(hold(given));
        Exchange<? extends Response> exchange = client.exchange(route, request, options);
        if (request instanceof ProduceRequest produce && produce.acks() == 0) {
            session.out().note("written with acks 0: to that, brokers send no answer");
            return 0;
        }
        return answer(session, exchange);
    }

    private static Map<?, ?> json(Session session, Arguments arguments) throws IOException {
        if (!arguments.has("json")) {
            return Map.of();
        }
        return ProtocolConvert.object(ProtocolInput.text(session, arguments.all("json")), "--json");
    }

    private static Request<?> request(ApiKey api, Map<?, ?> given, short version) {
        Map<Object, Object> fields = new LinkedHashMap<>(given);
        if (api == ApiKey.API_VERSIONS) { // brokers refuse an empty name since 2.4, and it says nothing but who asks
            fields.putIfAbsent("clientSoftwareName", "kafka-loom");
            fields.putIfAbsent("clientSoftwareVersion", "0.1.0");
        }
        return (Request<?>) ProtocolMessage.of(api, true).fromMap(fields, version);
    }

    private static Route route(KafkaClient client, Request<?> request, Arguments arguments)
            throws InterruptedException {
        Integer broker = arguments.number("broker", 0).orElse(null);
        if (broker != null) {
            return new Route.Broker(broker);
        }
        Route route = Route.of(request);
        if (!(route instanceof Route.CallerDecides(String why))) {
            return route;
        }
        Set<Integer> brokers = client.cluster().brokers().keySet();
        if (brokers.size() == 1) {
            return new Route.Broker(brokers.iterator().next());
        }
        throw new UsageException(why + ": say which with --broker (" + ids(client) + ")");
    }

    private static void checkKnown(KafkaClient client, Route route, ApiKey api) throws InterruptedException {
        ApiVersions versions = route instanceof Route.SeveralBrokers ? client.versions() : versions(client, route);
        if (versions.range(api).isEmpty()) {
            String first = ProtocolReleases.all().first(api);
            throw new KafkaException.UnsupportedVersion("the broker (Kafka " + versions.release() + ") does not know "
                    + api.apiName()
                    + (first == null
                            ? ""
                            : ", which Kafka speaks in "
                                    + ProtocolReleases.all().of(api))
                    + (ProtocolDefinitions.all().use(api).equals("client") ? "" : ", between brokers and controllers"));
        }
    }

    private static ApiVersions versions(KafkaClient client, Route route) throws InterruptedException {
        try {
            return client.versions(route);
        } catch (KafkaException.BrokerError e) {
            if (route instanceof Route.Broker(int id)
                    && !client.cluster().brokers().containsKey(id)) {
                throw new KafkaException.InvalidRequest(
                        "broker " + id + " is not in the cluster's metadata, only " + ids(client));
            }
            throw e;
        }
    }

    private static String ids(KafkaClient client) throws InterruptedException {
        return client.cluster().brokers().keySet().stream()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    /** How long the broker may hold the request, where the request says so itself. */
    private static Duration hold(Map<?, ?> given) {
        long millis = Stream.of("maxWaitMs", "timeoutMs", "rebalanceTimeoutMs")
                .map(given::get)
                .filter(Long.class::isInstance)
                .mapToLong(Long.class::cast)
                .max()
                .orElse(0);
        return Duration.ofMillis(Math.clamp(millis, 0, Integer.MAX_VALUE));
    }

    private static int answer(Session session, Exchange<? extends Response> exchange) throws IOException {
        Map<String, Object> map = exchange.response().toMap(exchange.version());
        List<String> errors = new ArrayList<>();
        collectErrors(map, "", errors);
        session.out().show(Document.json(map));
        session.out().flush();
        for (String error : errors.subList(0, Math.min(MOST_NOTES, errors.size()))) {
            session.out().note(error);
        }
        if (errors.size() > MOST_NOTES) {
            session.out().note("and " + (errors.size() - MOST_NOTES) + " more error codes");
        }
        return errors.isEmpty() ? 0 : 1;
    }

    /** Names what is only a number in the answer: {@code topics[0].errorCode 3: UNKNOWN_TOPIC_OR_PARTITION (...)}. */
    private static void collectErrors(Object value, String path, List<String> errors) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((name, field) -> {
                    String at = path.isEmpty() ? String.valueOf(name) : path + "." + name;
                    if (String.valueOf(name).toLowerCase(java.util.Locale.ROOT).endsWith("errorcode")
                            && field instanceof Number number) {
                        ErrorCode code = ErrorCode.of(number.shortValue());
                        if (number.shortValue() != 0) {
                            errors.add(at + " " + number + ": " + code + " (" + code.meaning() + ")");
                        }
                    } else {
                        collectErrors(field, at, errors);
                    }
                });
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    collectErrors(list.get(i), path + "[" + i + "]", errors);
                }
            }
            case null, default -> {
                // no error can be in it
            }
        }
    }
}
