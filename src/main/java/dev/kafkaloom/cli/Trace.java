package dev.kafkaloom.cli;

import dev.kafkaloom.config.AppConfig;
import dev.kafkaloom.console.FrameText;
import dev.kafkaloom.network.Frame;
import java.util.function.Consumer;

/**
 * {@code --trace}: prints each frame as it passes, decoded and in hex. Called by the threads of the connections, which wait for the
 * printing, so that what was printed last before a crash was what passed last. Thread-safe.
 */
final class Trace implements Consumer<Frame> {
    private volatile Consumer<String> printer;

    private Trace(Consumer<String> printer) {
        this.printer = printer;
    }

    /** The configuration with a client that is traced. */
    static AppConfig into(AppConfig config, Consumer<String> printer) {
        return config.withClient(
                config.client().toBuilder().frameListener(new Trace(printer)).build());
    }

    /** Prints above a console's prompt from now on, if the client is traced. */
    static void toConsole(AppConfig config, Consumer<String> console) {
        if (config.client().frameListener() instanceof Trace trace) {
            trace.printer = console;
        }
    }

    @Override
    public void accept(Frame frame) {
        printer.accept(FrameText.of(frame)); // one call each: frames of several connections do not mix
    }
}
