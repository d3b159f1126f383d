package dev.kafkaloom.console;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a command shows. */
final class RecordedOutput implements Output {
    final List<Answer> answers = new CopyOnWriteArrayList<>();
    final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public void show(Answer answer) {
        answers.add(answer);
    }

    @Override
    public void note(String line) {
        notes.add(line);
    }
}
