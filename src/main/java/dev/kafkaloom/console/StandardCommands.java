package dev.kafkaloom.console;

import dev.kafkaloom.admin.GroupLag;
import dev.kafkaloom.client.KafkaClient;
import dev.kafkaloom.config.Messages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Every command there is, in the order of the help. */
public final class StandardCommands {
    private StandardCommands() {}

    /** What {@code kafka_lag} answers, for programs. */
    public static long lag(KafkaClient client, String group, Collection<String> topics) throws InterruptedException {
        return GroupLag.of(client, group, topics).stream()
                .mapToLong(GroupLag::remaining)
                .sum();
    }

    /** All of them, described in English. */
    public static Commands create() {
        return create(Messages.ENGLISH);
    }

    /** All of them, described in that language as far as it has words. */
    public static Commands create(Messages messages) {
        List<Command> commands = new ArrayList<>();
        commands.addAll(GroupCommands.all());
        commands.addAll(ClusterCommands.all());
        commands.addAll(GroupFamily.all());
        commands.addAll(OffsetCommands.all());
        commands.add(StatusCommand.create());
        commands.add(TopCommand.create());
        commands.addAll(ProcessCommands.all());
        commands.addAll(ConnectionCommands.all());
        commands.addAll(StorageCommands.all());
        commands.addAll(SinkCommands.all());
        commands.addAll(DeadLetterCommands.all());
        commands.add(new ProduceCommand());
        commands.add(new ConsumeCommand());
        commands.add(PerfCommands.family());
        commands.add(new ConfigCommand());
        commands.add(new ProtocolCommand());
        commands.add(new RequestCommand());
        commands.replaceAll(command -> TranslatedCommand.of(command, messages));
        commands.add(TranslatedCommand.of(ProcessCommands.help(List.copyOf(commands), messages), messages));
        return new Commands(commands);
    }
}
