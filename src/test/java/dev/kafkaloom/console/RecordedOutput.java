package dev.kafkaloom.console;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a command shows and asks. */
final class RecordedOutput implements Output {
    final List<Answer> answers = new CopyOnWriteArrayList<>();
    final List<String> notes = new CopyOnWriteArrayList<>();
    final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile String said;

    /** There is somebody who answers this to everything. */
    RecordedOutput saying(String answer) {
        said = answer;
        return this;
    }

    @Override
    public Optional<String> ask(String question) {
        questions.add(question);
        return Optional.ofNullable(said);
    }

    @Override
    public void show(Answer answer) {
        answers.add(answer);
    }

    @Override
    public void note(String line) {
        notes.add(line);
    }
}
