package dev.kafkaloom.client;

import dev.kafkaloom.client.Retry.Outcome;
import dev.kafkaloom.client.Spans.Persistence;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.message.Response;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.network.Connection;
import dev.kafkaloom.network.ConnectionFrames;
import dev.kafkaloom.network.Lane;
import dev.kafkaloom.network.Pending;
import dev.kafkaloom.network.VersionRange;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * LowLevel: every API of Kafka, every version, as one typed blocking call. Thread-safe; a process needs one. Calls end by their
 * deadline, and an interrupt ends the caller's wait only.
 */
public final class KafkaClient implements AutoCloseable {
    private final ClientConfig config;
    private final ConnectionPool pool;
    private final Metadata metadata;
    private final Router router;
    private final Spans spans;

    private KafkaClient(ClientConfig config) {
        this.config = config;
        this.pool = new ConnectionPool(config);
        this.metadata = new Metadata(config, pool);
        this.router = new Router(config, pool, metadata);
        this.spans = new Spans(config, metadata, router, this::ask);
    }

    /** A client that has not yet talked to anyone. */
    public static KafkaClient open(ClientConfig config) {
        return new KafkaClient(config);
    }

    /** What it was opened with. */
    public ClientConfig config() {
        return config;
    }

    /** {@link #call(Route, Request, CallOptions)} to where the request belongs by itself. */
    public <R extends Response> R call(Request<R> request) throws InterruptedException {
        return call(request, CallOptions.DEFAULT);
    }

    /** The same with options. */
    public <R extends Response> R call(Request<R> request, CallOptions options) throws InterruptedException {
        return call(Route.of(request), request, options);
    }

    /**
     * Sends the request, and again after errors that pass, until the deadline: it may then be carried out twice. Error codes of single
     * partitions or topics are left in the response.
     *
     * <p>A request whose items belong to several brokers ({@link Route.SeveralBrokers}) is split, sent to all of them at once, and
     * answered by one response, with its items in the order in which they were asked for; the answer of one broker that was asked for all is
     * handed on as it came, in the broker's own order. Items that belong elsewhere by now are asked for again. One whose broker cannot be reached has an error code; where the response has no place for one, the call fails.
     *
     * @throws KafkaException.BrokerError when the response as a whole is an error that trying again does not heal
     * @throws KafkaException the last failure, when the deadline passed
     */
    public <R extends Response> R call(Route route, Request<R> request, CallOptions options)
            throws InterruptedException {
        if (route instanceof Route.SeveralBrokers) {
            Exchange<R> answer = split(request, options, Persistence.CALL);
            ErrorCode error = ResponseErrors.top(answer.response());
            if (error != ErrorCode.NONE) {
                throw complaint(request.api(), answer, error);
            }
            return answer.response();
        }
        return call(route, request.api(), _ -> request, options);
    }

    private <R extends Response> Exchange<R> split(Request<R> request, CallOptions options, Persistence persistence)
            throws InterruptedException {
        Deadline deadline = deadlineOf(options);
        reachAnyone(deadline);
        return spans.ask(request, options, persistence, deadline);
    }

    /**
     * The answer in which no item has an error.
     *
     * @param context what to say in front of the error of an item of this name, {@code topic-partition} or group
     * @throws KafkaException the failure of one item
     */
    <R extends Response> R callForAll(Request<R> request, Function<Object, String> context)
            throws InterruptedException {
        Deadline deadline = deadlineOf(CallOptions.DEFAULT);
        reachAnyone(deadline);
        return spans.askForAll(request, CallOptions.DEFAULT, context, deadline);
    }

    /** The same for a request whose form depends on what the broker speaks. */
    <R extends Response> R call(Route route, ApiKey api, Function<ApiVersions, Request<R>> request, CallOptions options)
            throws InterruptedException {
        Deadline deadline = deadlineOf(options);
        reachAnyone(deadline);
        Retry retry = Retry.of(config, deadline);
        Refusals refusals = new Refusals(api);
        return retry.runUntilDone(() -> {
            Exchange<R> answer;
            try {
                answer = attempt(route, api, request, options, attemptTime(route, api, retry, deadline));
            } catch (KafkaException.ConnectionBroken e) {
                return refusals.count(e);
            }
            R response = answer.response();
            ErrorCode error = errorOf(response);
            return error == ErrorCode.NONE
                    ? new Outcome.Done<>(response)
                    : new Outcome.Again<>(complaint(api, answer, error), isPartial(response) ? response : null);
        });
    }

    /** One that is silent is not waited for to the end where another broker can do as well. */
    private Deadline attemptTime(Route route, ApiKey api, Retry retry, Deadline deadline) {
        return router.isReplaceable(route, api)
                ? deadline.within(new Patience(config.requestTimeout()).after(retry.failures()))
                : deadline;
    }

    /** A client that reaches no broker says so within the bootstrap time-out, whatever is called first. */
    private void reachAnyone(Deadline deadline) throws InterruptedException {
        if (metadata.last() == null) {
            metadata.usable(deadline);
        }
    }

    /**
     * Sends the request once. Finding the broker may take several requests; error codes are returned in the response.
     *
     * @throws KafkaException when no broker was found or the network failed
     */
    public <R extends Response> R callOnce(Route route, Request<R> request, CallOptions options)
            throws InterruptedException {
        if (route instanceof Route.SeveralBrokers) {
            return split(request, options, Persistence.ONCE).response();
        }
        Deadline deadline = deadlineOf(options);
        reachAnyone(deadline);
        return attempt(route, request.api(), _ -> request, options, deadline).response();
    }

    /**
     * The answer as the broker gave it, error codes included, with its version and its broker. Sent again only, until the deadline,
     * while the one who was asked says that another is responsible, or that it is not yet ready; never when the caller chose it.
     *
     * @throws KafkaException when no broker was found or the network failed
     */
    public <R extends Response> Exchange<R> exchange(Route route, Request<R> request, CallOptions options)
            throws InterruptedException {
        if (route instanceof Route.SeveralBrokers) {
            return split(request, options, Persistence.EXCHANGE);
        }
        Deadline deadline = deadlineOf(options);
        reachAnyone(deadline);
        return Retry.of(config, deadline).runUntilDone(() -> {
            try {
                Exchange<R> answer = attempt(route, request.api(), _ -> request, options, deadline);
                ErrorCode error = errorOf(answer.response());
                return route instanceof Route.Broker || !ResponseErrors.saysElsewhere(error)
                        ? new Outcome.Done<>(answer)
                        : new Outcome.Again<>(complaint(request.api(), answer, error), answer);
            } catch (KafkaException e) {
                return new Outcome.Over<>(e); // whoever wants one answer wants to hear of this, too
            }
        });
    }

    private static ErrorCode errorOf(Response response) {
        ErrorCode top = ResponseErrors.top(response);
        return top != ErrorCode.NONE ? top : ResponseErrors.misdirected(response);
    }

    private static KafkaException complaint(ApiKey api, Exchange<?> answer, ErrorCode error) {
        return new KafkaException.BrokerError(error, api.apiName() + " at " + answer.broker());
    }

    private static boolean isPartial(Response response) {
        return ResponseErrors.top(response) == ErrorCode.NONE;
    }

    private <R extends Response> Exchange<R> attempt(
            Route route, ApiKey api, Function<ApiVersions, Request<R>> request, CallOptions options, Deadline deadline)
            throws InterruptedException {
        BrokerAddress broker = router.resolve(route, deadline);
        long generation = router.generation();
        try {
            Exchange<R> answer = ask(broker, api, request, options, deadline);
            ErrorCode error = errorOf(answer.response());
            if (error != ErrorCode.NONE) {
                router.failed(route, broker, generation, complaint(api, answer, error));
            }
            return answer;
        } catch (KafkaException e) {
            router.failed(route, broker, generation, e);
            throw e;
        }
    }

    /** Sends the request once to this broker; whoever calls it tells the router what came of it. */
    <R extends Response> Exchange<R> ask(
            BrokerAddress broker,
            ApiKey api,
            Function<ApiVersions, Request<R>> request,
            CallOptions options,
            Deadline deadline)
            throws InterruptedException {
        Lane lane = options.lane() == null ? Lane.of(api) : options.lane();
        // the connection is others' too: only the full time breaks it, this caller's may end earlier
        Duration time = config.requestTimeout().plus(options.hold());
        Pending<R> pending = pool.send(broker, lane, options.owner(), request, options.version(), time, deadline);
        return new Exchange<>(pending.await(deadline.left(time)), pending.version(), broker);
    }

    private Deadline deadlineOf(CallOptions options) {
        Duration timeout = options.timeout() == null ? config.apiTimeout() : options.timeout();
        return Deadline.after(timeout.plus(options.hold()));
    }

    static ApiVersions versionsOf(Connection connection) {
        return connection
                .versions()
                .orElseThrow(() -> new KafkaException.ConnectionBroken(
                        connection.peer().toString(), "the connection was closed right after it was opened", null));
    }

    /** The snapshot of the cluster; loaded when there is none, or the one there is is known to be wrong or too old. */
    public Cluster cluster() throws InterruptedException {
        return metadata.get(Deadline.after(config.apiTimeout()));
    }

    /**
     * A snapshot that covers these topics. One that does not exist is in it with the error UNKNOWN_TOPIC_OR_PARTITION; asking does
     * not create it.
     */
    public Cluster clusterWith(Collection<String> topics) throws InterruptedException {
        return metadata.get(topics, Deadline.after(config.apiTimeout()));
    }

    /** A newer snapshot than the present one; callers at the same time share one load. {@code why} is for the reader of the code. */
    public Cluster refreshCluster(String why) throws InterruptedException {
        Cluster cluster = metadata.last();
        return metadata.refresh(cluster == null ? -1 : cluster.generation(), Deadline.after(config.apiTimeout()));
    }

    /**
     * Takes in what errors told of leaders and where they listen (KIP-951), so that nobody need ask for metadata. What is older than
     * the snapshot there is changes nothing.
     */
    public Cluster learn(Map<TopicPartition, PartitionLeader> leaders, Collection<BrokerAddress> addresses) {
        return metadata.learn(leaders, addresses);
    }

    /** The cluster with all its topics; {@link #cluster()} stays as it is. */
    public Cluster allTopics() throws InterruptedException {
        return metadata.everything(Deadline.after(config.apiTimeout()));
    }

    /** Says that a group's coordinator is another one now, so that the next call looks for it. */
    public void coordinatorMoved(String groupId, String why) {
        router.coordinatorMoved(groupId);
    }

    /** The coordinator of a group, looked up when it is not known. */
    public BrokerAddress coordinator(String groupId) throws InterruptedException {
        Deadline deadline = Deadline.after(config.apiTimeout());
        reachAnyone(deadline);
        return router.resolve(new Route.GroupCoordinator(groupId), deadline);
    }

    /**
     * The versions of an API that a broker and this client have in common; connects when needed.
     *
     * @throws KafkaException.UnsupportedVersion when there is none
     */
    public VersionRange versions(int nodeId, ApiKey api) throws InterruptedException {
        ApiVersions versions = versions(nodeId);
        return versions.common(api)
                .orElseThrow(() -> new KafkaException.UnsupportedVersion("broker " + nodeId + " (Kafka "
                        + versions.release() + ") and this client share no version of " + api.apiName()));
    }

    /** All that a broker speaks; connects when needed. */
    public ApiVersions versions(int nodeId) throws InterruptedException {
        return versions(new Route.Broker(nodeId));
    }

    /** All that some broker speaks, for what is decided once for the cluster. */
    public ApiVersions versions() throws InterruptedException {
        return versions(new Route.AnyBroker());
    }

    /** All that the broker at the end of a route speaks. */
    public ApiVersions versions(Route route) throws InterruptedException {
        Deadline deadline = Deadline.after(config.apiTimeout());
        reachAnyone(deadline);
        Retry retry = Retry.of(config, deadline);
        return retry.runUntilDone(() -> {
            try {
                return new Outcome.Done<>(versionsAt(route, attemptTime(route, ApiKey.API_VERSIONS, retry, deadline)));
            } catch (KafkaException e) {
                return route instanceof Route.AnyBroker ? new Outcome.Again<>(e, null) : new Outcome.Over<>(e);
            }
        });
    }

    private ApiVersions versionsAt(Route route, Deadline deadline) throws InterruptedException {
        BrokerAddress broker = router.resolve(route, deadline);
        long generation = router.generation();
        try {
            return versionsOf(pool.open(broker, Lane.CONTROL, "", deadline));
        } catch (KafkaException e) {
            router.failed(route, broker, generation, e);
            throw e;
        }
    }

    /** Closes the connections that one owner has used; a group member that ends calls it. */
    public void release(String owner) {
        if (!owner.isEmpty()) {
            pool.release(owner);
        }
    }

    /** The connections of now. */
    public List<ConnectionInfo> connections() {
        return pool.all().stream().map(KafkaClient::info).toList();
    }

    private static ConnectionInfo info(Connection connection) {
        Connection.State state = connection.state();
        String text = switch (state) {
            case Connection.State.Connecting _ -> "connecting";
            case Connection.State.Open _ -> "open";
            case Connection.State.Broken(KafkaException cause) -> "broken: " + cause.oneLine();
            case Connection.State.Closed _ -> "closed";
        };
        int inFlight = state instanceof Connection.State.Open(int count) ? count : 0;
        return new ConnectionInfo(
                connection.name(),
                connection.peer(),
                connection.lane(),
                connection.owner(),
                text,
                inFlight,
                connection.versions().map(ApiVersions::release).orElse(""),
                connection.since(),
                connection.throttled());
    }

    /** The last frames of the connections of now and of those that ended last; also after {@link #close()}. They may hold secrets. */
    public List<ConnectionFrames> frames() {
        return pool.frames();
    }

    /**
     * Takes the array of an answer back that was fetched on the lane {@link Lane#FETCH}, so that the next answer is received into it. Never
     * necessary; an array that is not given back is left to the collector.
     *
     * @param array where the {@code records} of the answer lie; from now on nobody looks at the answer, and it is given back no second time
     */
    public void recycle(byte[] array) {
        pool.recycle(array);
    }

    /** Closes all connections; calls that still wait end with {@link KafkaException.Closed}. */
    @Override
    public void close() {
        metadata.close();
        pool.close();
    }
}
