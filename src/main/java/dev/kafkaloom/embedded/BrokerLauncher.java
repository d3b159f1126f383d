package dev.kafkaloom.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The main class of the child JVM: starts the broker, and its ZooKeeper where it has one, and ends the JVM as soon as stdin ends, which
 * the kernel sees to however the parent dies. With temporary data it deletes them first, otherwise it gives the broker 2 s to shut down.
 *
 * <p>It runs on a class path of Kafka's jars and this one class, so it uses nothing else of ours: hence reflection, and bare threads
 * where the rest of the project has coroutines. Arguments: the broker's folder, {@code temporary} or {@code kept}, and the cluster id.
 */
final class BrokerLauncher {
    static final String TEMPORARY = "temporary";
    static final String KEPT = "kept";
    static final String SERVER_PROPERTIES = "server.properties";
    static final String ZOOKEEPER_PROPERTIES = "zookeeper.properties";
    /** The file that says that a KRaft data folder was formatted. */
    static final String META_PROPERTIES = "meta.properties";

    private static final long SHUTDOWN_MILLIS = 2_000;

    private BrokerLauncher() {}

    public static void main(String[] args) throws Throwable {
        Path home = Path.of(args[0]);
        boolean temporary = args[1].equals(TEMPORARY);
        leaveTerminal();
        start("parent-watch", () -> endWithParent(home, temporary));
        Path server = home.resolve(SERVER_PROPERTIES);
        if (Files.exists(home.resolve(ZOOKEEPER_PROPERTIES))) {
            startZooKeeper(home.resolve(ZOOKEEPER_PROPERTIES), Integer.parseInt(args[3]));
        } else if (!Files.exists(home.resolve("data").resolve(META_PROPERTIES))) {
            format(server, args[2]);
        }
        call("kafka.Kafka", server.toString());
    }

    /** A session of its own: Ctrl-C in the parent's terminal is for the parent, which may want its broker to the end. */
    @SuppressWarnings("restricted") // needs --enable-native-access, which the parent gives
    private static void leaveTerminal() {
        try {
            Linker linker = Linker.nativeLinker();
            int session = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("setsid"), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
            System.out.println("broker launcher: session " + session);
        } catch (Throwable e) {
            System.out.println("broker launcher: stays in the parent's session: " + e);
        }
    }

    private static void endWithParent(Path home, boolean temporary) {
        try (InputStream parent = System.in) {
            parent.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.out.println("broker launcher: " + e);
        }
        if (!temporary) {
            Thread shutdown = start("shutdown", () -> System.exit(0));
            try {
                shutdown.join(SHUTDOWN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            delete(home);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Best effort, twice: the broker is still writing. The next start of a broker deletes what is left over. */
    private static void delete(Path home) {
        for (int i = 0; i < 2; i++) {
            try (Stream<Path> tree = Files.walk(home)) {
                List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
                for (Path path : leavesFirst) {
                    Files.deleteIfExists(path);
                }
                return;
            } catch (DirectoryNotEmptyException _) {
                // a file came in between
            } catch (IOException | UncheckedIOException e) {
                System.out.println("broker launcher: " + e);
            }
        }
    }

    private static Thread start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * StorageTool in this JVM saves the start of a second one. Its main ends in Exit.exit, so that gets a procedure that throws instead.
     */
    private static void format(Path server, String clusterId) throws Throwable {
        Error formatted = new Error("formatted");
        Class<?> exit = exitClass();
        Class<?> procedure = Class.forName(exit.getName() + "$Procedure");
        Object thrower =
                Proxy.newProxyInstance(procedure.getClassLoader(), new Class<?>[] {procedure}, (_, _, arguments) -> {
                    if ((int) arguments[0] != 0) {
                        System.out.println("broker launcher: formatting failed: " + arguments[1]);
                        Runtime.getRuntime().halt(1);
                    }
                    throw formatted;
                });
        exit.getMethod("setExitProcedure", procedure).invoke(null, thrower);
        try {
            call("kafka.tools.StorageTool", "format", "-t", clusterId, "-c", server.toString());
        } catch (Error e) {
            if (!e.equals(formatted)) {
                throw e;
            }
        }
        exit.getMethod("resetExitProcedure").invoke(null);
    }

    private static Class<?> exitClass() throws ClassNotFoundException {
        try {
            return Class.forName("org.apache.kafka.common.utils.internals.Exit"); // since 4.4
        } catch (ClassNotFoundException _) {
            return Class.forName("org.apache.kafka.common.utils.Exit");
        }
    }

    private static void startZooKeeper(Path properties, int port) throws Exception {
        start("zookeeper", () -> {
            try {
                call("org.apache.zookeeper.server.ZooKeeperServerMain", properties.toString());
            } catch (Throwable e) {
                e.printStackTrace(System.out);
                Runtime.getRuntime().halt(1);
            }
        });
        while (!ask(port, "srvr").contains("Mode:")) {
            Thread.sleep(20);
        }
        // A broker that was killed is registered until its session has expired; until then its successor would be
        // refused.
        while (ask(port, "dump").contains("/brokers/ids/")) {
            Thread.sleep(100);
        }
    }

    /** One of ZooKeeper's four-letter commands; an empty answer when it is not ready for it. */
    private static String ask(int port, String command) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(1_000); // a command that fails in it leaves the connection open
            socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException _) {
            return "";
        }
    }

    private static void call(String mainClass, String... arguments) throws Throwable {
        Method main = Class.forName(mainClass).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
