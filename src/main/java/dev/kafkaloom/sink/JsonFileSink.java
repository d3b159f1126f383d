package dev.kafkaloom.sink;

import dev.kafkaloom.record.ConsumedRecord;
import java.io.IOException;
import java.util.List;

/** Appends a line of JSON for each record to a file. A batch is in the file as a whole before it is done; a failed one leaves nothing. */
final class JsonFileSink implements Sink {
    private final LineFile file;

    JsonFileSink(LineFile file) {
        this.file = file;
    }

    @Override
    public Outcome accept(List<ConsumedRecord> batch) throws IOException {
        file.append(RecordJson.lines(batch));
        return Outcome.DONE;
    }

    @Override
    public void close() {
        file.close();
    }
}
