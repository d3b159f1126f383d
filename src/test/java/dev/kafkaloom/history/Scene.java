package dev.kafkaloom.history;

import dev.kafkaloom.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A history made up line by line, each a moment after the one before, in the only partition of one topic and one group. */
final class Scene {
    static final TopicPartition TP = new TopicPartition("t", 0);
    private final List<Event> events = new ArrayList<>();
    private long now;

    Scene sent(long offset) {
        return sent(offset, "v" + offset);
    }

    Scene sent(long offset, String value) {
        events.add(new Event.Send(++now, "p", "t", value));
        return acknowledged(offset, value);
    }

    Scene acknowledged(long offset, String value) {
        events.add(new Event.Ok(++now, "p", "t", 0, offset, value));
        return this;
    }

    Scene failed(String value) {
        events.add(new Event.Fail(++now, "p", "t", value));
        return this;
    }

    Scene sentUpTo(int offset) {
        IntStream.range(0, offset).forEach(this::sent);
        return this;
    }

    Scene assigned(String member, long epoch) {
        events.add(new Event.Assigned(++now, "g", member, epoch, List.of(TP)));
        return this;
    }

    Scene revoked(String member, long epoch) {
        events.add(new Event.Revoked(++now, "g", member, epoch, List.of(TP)));
        return this;
    }

    Scene lost(String member, long epoch) {
        events.add(new Event.Lost(++now, "g", member, epoch, List.of(TP)));
        return this;
    }

    Scene killed(String member) {
        events.add(new Event.Killed(++now, "g", member));
        return this;
    }

    Scene delivered(String member, long epoch, long... offsets) {
        for (long offset : offsets) {
            delivered(member, epoch, offset, "v" + offset);
        }
        return this;
    }

    Scene delivered(String member, long epoch, long offset, String value) {
        events.add(new Event.Delivered(++now, "g", member, epoch, "t", 0, offset, value));
        return this;
    }

    Scene done(String member, long epoch, long first, long last) {
        events.add(new Event.Done(++now, "g", member, epoch, "t", 0, first, last));
        return this;
    }

    Scene committed(long offset) {
        events.add(new Event.Committed(++now, "g", "t", 0, offset));
        return this;
    }

    Scene owes(long offset) {
        events.add(new Event.Owes(++now, "g", "t", 0, offset));
        return this;
    }

    Scene sought(long offset) {
        events.add(new Event.Seek(++now, "g", "t", 0, offset));
        return this;
    }

    Scene deleted(long below) {
        events.add(new Event.Deleted(++now, "t", 0, below));
        return this;
    }

    Scene truncated(long to) {
        events.add(new Event.Truncated(++now, "t", 0, to));
        return this;
    }

    Scene rest() {
        events.add(new Event.Rest(++now, "g", List.of(TP)));
        return this;
    }

    History history() {
        return new History(events);
    }

    Verdict judged() {
        return Checker.judge(history());
    }
}
