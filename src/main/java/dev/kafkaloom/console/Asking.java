package dev.kafkaloom.console;

import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.network.ApiVersions;
import dev.kafkaloom.protocol.KafkaException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What commands that change the cluster have to know before they begin. */
final class Asking {
    static final Flag YES = Flag.toggle("-y --yes", "delete: do not ask");

    interface Work {
        void run(String name) throws IOException, InterruptedException;
    }

    private Asking() {}

    /** Whether the person agrees, or has said {@code --yes}. */
    static boolean agreed(Session session, Arguments arguments, String question) throws IOException {
        return agreed(session, arguments, question, "nothing was deleted");
    }

    /** The same, with what is said to who does not agree. */
    static boolean agreed(Session session, Arguments arguments, String question, String ifNot) throws IOException {
        if (arguments.has("yes")) {
            return true;
        }
        Optional<String> answer = session.out().ask(question + " [y/N] ");
        String said = answer.orElseThrow(
                        () -> new UsageException(question + " There is nobody to ask here: say --yes if that is meant"))
                .strip()
                .toLowerCase(Locale.ROOT);
        if (said.equals("y") || said.equals("yes")) {
            return true;
        }
        session.out().note(ifNot);
        return false;
    }

    /** Says since when there is what the brokers lack. */
    static void known(KafkaClient client, ApiKey api, String command) throws InterruptedException {
        ApiVersions versions = client.versions();
        if (!versions.supports(api)) {
            throw new KafkaException.UnsupportedVersion(command + " needs " + api.apiName()
                    + ", which exists since Kafka " + ProtocolReleases.all().first(api) + "; this is "
                    + versions.release());
        }
    }

    /** Does the same with each; those that fail do not keep it from the others. The first failure is thrown at the end. */
    static void each(Session session, List<String> names, Work work) throws IOException, InterruptedException {
        KafkaException first = null;
        for (String name : names) {
            try {
                work.run(name);
            } catch (KafkaException e) {
                if (first == null) {
                    first = e;
                } else {
                    session.out().note(e.oneLine());
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
