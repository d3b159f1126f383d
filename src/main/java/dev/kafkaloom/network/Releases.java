package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.KafkaException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What brokers of each release speak, for those that cannot be asked (ApiVersions exists since 0.10), and to guess a release. */
final class Releases {
    private static final String RESOURCE = "releases.txt";

    private Releases() {}

    private static final class Table {
        static final NavigableMap<Release, Map<ApiKey, VersionRange>> ALL = load();
    }

    /**
     * The versions as of {@code text}: that release, or the newest one before it.
     *
     * @throws KafkaException.InvalidRequest when it is no release, or older than all known ones
     */
    static Map<ApiKey, VersionRange> versionsOf(String text) {
        Release wanted = Release.parse(text);
        // "0.9" and "2.8" mean the newest of that line
        Map.Entry<Release, Map<ApiKey, VersionRange>> entry = Table.ALL.floorEntry(wanted.open());
        if (entry == null) {
            throw new KafkaException.InvalidRequest(
                    "kafka version '" + text + "': the oldest supported release is " + Table.ALL.firstKey());
        }
        return entry.getValue();
    }

    /** The newest release all of whose versions the broker has; null when it looks like none of them. */
    static String guess(Map<ApiKey, VersionRange> advertised) {
        for (Map.Entry<Release, Map<ApiKey, VersionRange>> entry :
                Table.ALL.descendingMap().entrySet()) {
            if (covers(advertised, entry.getValue())) {
                return entry.getKey().line();
            }
        }
        return null;
    }

    private static boolean covers(Map<ApiKey, VersionRange> advertised, Map<ApiKey, VersionRange> release) {
        for (ApiKey api : CLIENT_CORE) {
            VersionRange expected = release.get(api);
            VersionRange found = advertised.get(api);
            if (expected == null || (found == null && NOT_IN_PREVIEW.contains(api))) {
                continue;
            }
            if (found == null || found.highest() < expected.highest()) {
                return false;
            }
        }
        return true;
    }

    /** KRaft was a preview in 2.8, without transactions and reassignments. */
    private static final Set<ApiKey> NOT_IN_PREVIEW = Set.of(
            ApiKey.INIT_PRODUCER_ID,
            ApiKey.ADD_OFFSETS_TO_TXN,
            ApiKey.TXN_OFFSET_COMMIT,
            ApiKey.ALTER_PARTITION_REASSIGNMENTS);

    /** APIs that every broker of a release has in every mode (ZooKeeper or KRaft) and that changed often enough to tell releases apart. */
    private static final ApiKey[] CLIENT_CORE = {
        ApiKey.PRODUCE,
        ApiKey.FETCH,
        ApiKey.LIST_OFFSETS,
        ApiKey.METADATA,
        ApiKey.OFFSET_COMMIT,
        ApiKey.OFFSET_FETCH,
        ApiKey.FIND_COORDINATOR,
        ApiKey.JOIN_GROUP,
        ApiKey.HEARTBEAT,
        ApiKey.DESCRIBE_GROUPS,
        ApiKey.LIST_GROUPS,
        ApiKey.API_VERSIONS,
        ApiKey.CREATE_TOPICS,
        ApiKey.DELETE_TOPICS,
        ApiKey.INIT_PRODUCER_ID,
        ApiKey.DESCRIBE_CONFIGS,
        ApiKey.TXN_OFFSET_COMMIT,
        ApiKey.DESCRIBE_LOG_DIRS,
        ApiKey.DELETE_GROUPS,
        ApiKey.DESCRIBE_CLUSTER,
        ApiKey.LIST_TRANSACTIONS,
        ApiKey.SHARE_FETCH,
        ApiKey.STREAMS_GROUP_HEARTBEAT,
        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
        ApiKey.ADD_OFFSETS_TO_TXN
    };

    private static NavigableMap<Release, Map<ApiKey, VersionRange>> load() {
        TreeMap<Release, Map<ApiKey, VersionRange>> all = new TreeMap<>();
        try (InputStream in = Releases.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            Map<ApiKey, VersionRange> last = Map.of();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ", -1);
                    last = "=".equals(words[1]) ? last : ranges(words);
                    all.put(Release.parse(words[0]), last);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
        return all;
    }

    private static Map<ApiKey, VersionRange> ranges(String[] words) {
        Map<ApiKey, VersionRange> ranges = new EnumMap<>(ApiKey.class);
        for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            int dash = words[i].indexOf('-');
            int low = Integer.parseInt(words[i].substring(colon + 1, dash < 0 ? words[i].length() : dash));
            int high = dash < 0 ? low : Integer.parseInt(words[i].substring(dash + 1));
            ApiKey api = ApiKey.of(Integer.parseInt(words[i].substring(0, colon)));
            if (api != null) {
                ranges.put(api, VersionRange.of(low, high));
            }
        }
        return ranges;
    }
}
