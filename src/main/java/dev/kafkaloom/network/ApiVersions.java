package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.ApiVersionsResponse;
import dev.kafkaloom.message.Request;
import dev.kafkaloom.protocol.KafkaException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What one broker speaks, as it said itself or as its release is known to. Immutable. */
public final class ApiVersions {
    private final Map<ApiKey, VersionRange> advertised;
    private final String release;
    private final boolean asked;

    private ApiVersions(Map<ApiKey, VersionRange> advertised, String release, boolean asked) {
        this.advertised = Collections.unmodifiableMap(new EnumMap<>(advertised));
        this.release = release;
        this.asked = asked;
    }

    /**
     * The versions of a release of Kafka, {@code 0.9.0.1} or {@code 2.8}.
     *
     * @throws KafkaException.InvalidRequest when it is no release that is known
     */
    public static ApiVersions ofRelease(String release) {
        return new ApiVersions(Releases.versionsOf(release), release, false);
    }

    /** What a broker answered. */
    static ApiVersions of(ApiVersionsResponse response) {
        Map<ApiKey, VersionRange> ranges = new EnumMap<>(ApiKey.class);
        for (ApiVersionsResponse.ApiVersion each : response.apiKeys()) {
            ApiKey api = ApiKey.of(each.apiKey());
            if (api != null) {
                ranges.put(api, new VersionRange(each.minVersion(), each.maxVersion()));
            }
        }
        String guess = Releases.guess(ranges);
        VersionRange produce = ranges.get(ApiKey.PRODUCE);
        if (produce != null && produce.lowest() == 0 && produce.highest() >= 12) {
            // 4.x says 0..13 for librdkafka's sake and closes the connection on 0..2 (KAFKA-18659)
            ranges.put(ApiKey.PRODUCE, new VersionRange((short) 3, produce.highest()));
        }
        return new ApiVersions(ranges, guess == null ? "unknown" : guess, true);
    }

    /** What the broker understands of an API, whether or not we do. */
    public Optional<VersionRange> range(ApiKey api) {
        return Optional.ofNullable(advertised.get(api));
    }

    /** What both sides understand, versions still unstable on our side left out. */
    public Optional<VersionRange> common(ApiKey api) {
        return range(api)
                .flatMap(range -> range.intersect(new VersionRange(api.lowestVersion(), api.highestStableVersion())));
    }

    /** Whether there is a version that both sides understand. */
    public boolean supports(ApiKey api) {
        return common(api).isPresent();
    }

    /** All that the broker advertised. */
    public Map<ApiKey, VersionRange> all() {
        return advertised;
    }

    /** The release line as configured, known or guessed from the advertised versions; {@code unknown} when it fits none. */
    public String release() {
        return release;
    }

    /** False when the versions come from the table of releases. */
    public boolean fromBroker() {
        return asked;
    }

    /**
     * The highest common version whose fields can carry this request, judged by what it names topics and keys with.
     *
     * @throws KafkaException.UnsupportedVersion when there is none; the message names the API and both ranges
     */
    public short highestFor(Request<?> request) {
        return usable(request).highest();
    }

    /**
     * A version that the caller insists on, unstable ones included, if both sides have it.
     *
     * @throws KafkaException.UnsupportedVersion otherwise; the message names the API and both ranges
     */
    public short pinned(ApiKey api, short version) {
        VersionRange ours = new VersionRange(api.lowestVersion(), api.highestVersion());
        VersionRange theirs = advertised.get(api);
        if (theirs == null || !theirs.contains(version) || !ours.contains(version)) {
            throw new KafkaException.UnsupportedVersion(
                    api.apiName() + " v" + version + " is not possible: " + ranges(theirs, ours, api));
        }
        return version;
    }

    /** The versions to try for this request, highest first. */
    VersionRange usable(Request<?> request) {
        ApiKey api = request.api();
        VersionRange common = common(api).orElseThrow(() -> new KafkaException.UnsupportedVersion(whyNot(api)));
        return common.intersect(VersionBounds.of(request))
                .orElseThrow(() -> new KafkaException.UnsupportedVersion(api.apiName() + " with these fields needs "
                        + VersionBounds.of(request) + ", but the broker (Kafka " + release + ") and this client have "
                        + common + " in common"));
    }

    private String whyNot(ApiKey api) {
        VersionRange range = advertised.get(api);
        VersionRange ours = new VersionRange(api.lowestVersion(), api.highestStableVersion());
        return ranges(range, ours, api);
    }

    private String ranges(VersionRange theirs, VersionRange ours, ApiKey api) {
        return theirs == null
                ? "the broker (Kafka " + release + ") does not know " + api.apiName()
                : "the broker (Kafka " + release + ") knows " + api.apiName() + " " + theirs + ", this client " + ours;
    }

    @Override
    public String toString() {
        return "Kafka " + release + (asked ? "" : " (assumed)");
    }
}
