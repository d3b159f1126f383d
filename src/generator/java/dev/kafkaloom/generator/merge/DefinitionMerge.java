package dev.kafkaloom.generator.merge;

import dev.kafkaloom.generator.schema.DefinitionException;
import dev.kafkaloom.generator.schema.MessageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Merges the definitions of two Kafka releases into one set that covers every version either of them speaks. A version both have is taken
 * from the newer one. Requests and responses are paired by API key, since names change; the rest by name.
 */
public final class DefinitionMerge {
    private DefinitionMerge() {}

    /** The merged messages: requests and responses by key, then the others by name. Each is checked against its sources. */
    public static List<MessageSpec> merge(List<MessageSpec> newer, List<MessageSpec> older) {
        Map<String, MessageSpec> newByIdentity = byIdentity(newer);
        Map<String, MessageSpec> oldByIdentity = byIdentity(older);
        TreeSet<String> identities = new TreeSet<>(newByIdentity.keySet());
        identities.addAll(oldByIdentity.keySet());
        List<MessageSpec> merged = new ArrayList<>();
        for (String identity : identities) {
            MessageSpec fresh = newByIdentity.get(identity);
            MessageSpec old = oldByIdentity.get(identity);
            MessageSpec result = mergeOne(fresh, old == null ? null : Renames.apply(old));
            if (!result.valid().isEmpty()) {
                merged.add(result);
            }
        }
        return merged;
    }

    private static MessageSpec mergeOne(MessageSpec fresh, MessageSpec old) {
        if (old == null || old.valid().isEmpty()) {
            return Objects.requireNonNull(fresh);
        }
        if (fresh == null || fresh.valid().isEmpty()) {
            return old;
        }
        MessageSpec result = new MessageMerge(fresh, old).merge();
        LayoutCheck.sameBytes(result, fresh, fresh.valid());
        for (int version = old.valid().lowest(); version <= old.valid().highest(); version++) {
            if (!fresh.valid().contains(version)) {
                LayoutCheck.sameBytes(result, old, version);
            }
        }
        return result;
    }

    private static Map<String, MessageSpec> byIdentity(List<MessageSpec> messages) {
        Map<String, MessageSpec> result = new TreeMap<>();
        for (MessageSpec message : messages) {
            String identity =
                    message.apiKey() >= 0 ? String.format("%05d %s", message.apiKey(), message.kind()) : message.name();
            if (result.put(identity, message) != null) {
                throw new DefinitionException("two definitions of " + identity + ", one is " + message.name());
            }
        }
        return result;
    }
}
