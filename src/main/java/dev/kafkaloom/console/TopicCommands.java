package dev.kafkaloom.console;

import dev.kafkaloom.admin.NewTopic;
import dev.kafkaloom.admin.PartitionDescription;
import dev.kafkaloom.admin.TopicConfig;
import dev.kafkaloom.admin.TopicDescription;
import dev.kafkaloom.admin.Topics;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.client.TopicInfo;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** {@code topics list, describe, create, delete}. */
final class TopicCommands {
    private static final int MANY = 1000;
    private static final Usage DESCRIBE = new Usage(List.of(), "TOPIC", MANY);
    private static final Usage CREATE = new Usage(
            List.of(
                    Flag.value("-p --partitions", "N", "create: how many; by default as many as the broker has it"),
                    Flag.value("-r --replication", "N", "create: replicas of each; by default as the broker has it"),
                    Flag.values("-c --config", "KEY=VALUE", "create: a setting of the topic, may be repeated")),
            "NAME",
            MANY);
    private static final Usage DELETE = new Usage(List.of(Asking.YES), "TOPIC", MANY);

    private TopicCommands() {}

    static Command family() {
        return new CommandFamily(
                "topics",
                "list the topics; describe, create or delete some",
                List.of(
                        new SmallCommand("list", "all topics", Usage.NONE, TopicCommands::list),
                        new SmallCommand("describe", "partitions and settings", DESCRIBE, TopicCommands::describe)
                                .suchAs("topics describe orders"),
                        new SmallCommand("create", "make topics", CREATE, false, TopicCommands::create)
                                .suchAs("topics create orders -p 4 -r 3 -c retention.ms=86400000"),
                        new SmallCommand("delete", "delete topics", DELETE, false, TopicCommands::delete)
                                .suchAs("topics delete orders --yes")));
    }

    private static int list(Session session, Arguments arguments) throws IOException, InterruptedException {
        var table = new Table.Builder("topic", "partitions", "replicas", "internal");
        for (TopicInfo topic : Topics.list(session.loom().client())) {
            table.row(topic.name(), topic.partitions().size(), replicas(topic), topic.internal());
        }
        session.out().show(table.build());
        return 0;
    }

    private static int replicas(TopicInfo topic) {
        return topic.partitions().stream()
                .mapToInt(each -> each.replicas().size())
                .max()
                .orElse(0);
    }

    private static List<String> names(Arguments arguments, String word) {
        if (arguments.plain().isEmpty()) {
            throw new UsageException("topics " + word + " needs a topic");
        }
        return List.copyOf(new LinkedHashSet<>(arguments.plain()));
    }

    private static int describe(Session session, Arguments arguments) throws IOException, InterruptedException {
        List<Object> data = new ArrayList<>();
        List<Object> parts = new ArrayList<>();
        for (TopicDescription topic : Topics.describe(session.loom().client(), names(arguments, "describe"))) {
            Table head = head(topic);
            Table partitions = partitions(topic);
            Table configs = configs(topic);
            Map<String, Object> object = new LinkedHashMap<>(head(head));
            object.put("partitions", Json.ofTable(partitions));
            object.put("configs", topic.configsUnknown() == null ? Json.ofTable(configs) : null);
            data.add(object);
            parts.addAll(List.of(head, partitions));
            if (!configs.rows().isEmpty()) {
                parts.add(configs);
            }
            if (topic.configsUnknown() != null) {
                session.out().note("settings of topic " + topic.name() + ": " + topic.configsUnknown());
            }
        }
        session.out().show(Document.tables(data, parts.toArray()));
        return 0;
    }

    private static Table head(TopicDescription topic) {
        return new Table.Builder("topic", "id", "partitions", "replicas", "internal")
                .row(
                        topic.name(),
                        topic.id().equals(Uuid.ZERO) ? null : topic.id().toString(),
                        topic.partitions().size(),
                        topic.replication(),
                        topic.internal())
                .build();
    }

    /** The only row as an object, without the number that the list of partitions says as well. */
    private static Map<String, Object> head(Table table) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < table.columns().size(); i++) {
            object.put(table.columns().get(i), table.rows().getFirst().get(i));
        }
        return object;
    }

    private static Table partitions(TopicDescription topic) {
        var table = new Table.Builder("topic", "partition", "leader", "replicas", "isr", "offline");
        for (PartitionDescription each : topic.partitions()) {
            table.row(
                    topic.name(),
                    each.partition(),
                    each.leader() < 0 ? null : each.leader(),
                    each.replicas(),
                    each.isr(),
                    each.offline());
        }
        return table.build();
    }

    private static Table configs(TopicDescription topic) {
        var table = new Table.Builder("config", "value", "source");
        for (TopicConfig each : topic.configs()) {
            table.row(each.name(), each.value(), each.source());
        }
        return table.build();
    }

    private static int create(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        int partitions = arguments.number("partitions", 1).orElse(NewTopic.BROKER_DEFAULT);
        int replication = arguments.number("replication", 1).orElse(NewTopic.BROKER_DEFAULT);
        Map<String, String> configs = configs(arguments.all("config"));
        var table = new Table.Builder("topic", "partitions", "replicas");
        try {
            Asking.each(session, names(arguments, "create"), name -> {
                TopicInfo made = Topics.create(client, new NewTopic(name, partitions, replication, configs));
                table.row(name, made.partitions().size(), replicas(made));
            });
        } finally {
            showWhatWasDone(session, table.build());
        }
        return 0;
    }

    static void showWhatWasDone(Session session, Table table) throws IOException {
        if (!table.rows().isEmpty()) {
            session.out().show(table);
            session.out().flush();
        }
    }

    private static Map<String, String> configs(List<String> given) {
        Map<String, String> configs = new LinkedHashMap<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                // what was given is not repeated, as it may be a secret
                throw new UsageException("--config must be key=value");
            }
            configs.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return configs;
    }

    /** How many they have in all. An old broker creates what is asked for by its name, so all topics are asked for. */
    private static int partitions(KafkaClient client, List<String> names) throws InterruptedException {
        Map<String, TopicInfo> all = client.allTopics().topics();
        int partitions = 0;
        for (String name : names) {
            if (!all.containsKey(name)) {
                throw new KafkaException.BrokerError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name);
            }
            partitions += all.get(name).partitions().size();
        }
        return partitions;
    }

    private static int delete(Session session, Arguments arguments) throws IOException, InterruptedException {
        KafkaClient client = session.loom().client();
        List<String> names = names(arguments, "delete");
        Asking.known(client, ApiKey.DELETE_TOPICS, "topics delete");
        int partitions = partitions(client, names);
        String question = "delete topic " + String.join(", ", names) + " with all records of "
                + (partitions == 1 ? "its partition?" : "the " + partitions + " partitions?");
        if (!Asking.agreed(session, arguments, question)) {
            return 1;
        }
        var table = new Table.Builder("deleted-topic");
        try {
            Asking.each(session, names, name -> {
                Topics.delete(client, name);
                table.row(name);
            });
        } finally {
            showWhatWasDone(session, table.build());
        }
        return 0;
    }
}
