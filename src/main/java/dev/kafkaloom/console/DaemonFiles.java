package dev.kafkaloom.console;

import dev.kafkaloom.coroutine.Scope;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * How a daemon and who talks to it find each other. A socket's path may have about 107 bytes, so the socket lies under a short
 * hashed name in the temporary folder, and {@code daemon} in the daemon's own folder (SERVER_AF_UNIX_DIR) points to it.
 * A lock on {@code daemon.lock} there makes it the only one; it vanishes with the process, so that what a crash left is
 * recognised as stale. {@code daemon.pid} holds its process number, for people and service managers.
 */
public final class DaemonFiles implements AutoCloseable {
    private static final String POINTER = "daemon";
    private static final String LOCK = "daemon.lock";
    private static final String PID = "daemon.pid";

    private final Path pointer;
    private final Path socket;
    private final FileChannel lockFile;

    private DaemonFiles(Path pointer, Path socket, FileChannel lockFile) {
        this.pointer = pointer;
        this.socket = socket;
        this.lockFile = lockFile;
    }

    /**
     * Claims the folder for this process and clears away what a dead daemon left.
     *
     * @throws IOException when another daemon holds it, or it cannot be written
     */
    public static DaemonFiles claim(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel lockFile =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw alreadyRuns(folder);
            }
            Path socket = socketFolder().resolve(hash(folder) + ".sock");
            Files.deleteIfExists(socket);
            Files.writeString(folder.resolve(PID), ProcessHandle.current().pid() + "\n", StandardCharsets.US_ASCII);
            return new DaemonFiles(folder.resolve(POINTER), socket, lockFile);
        } catch (OverlappingFileLockException _) {
            lockFile.close();
            throw alreadyRuns(folder);
        } catch (IOException e) {
            lockFile.close();
            throw e;
        }
    }

    private static IOException alreadyRuns(Path folder) {
        String pid = "";
        try {
            pid = " (pid " + Files.readString(folder.resolve(PID)).strip() + ")";
        } catch (IOException _) {
            // it has just started, or is about to end
        }
        return new IOException("a daemon already runs" + pid + " for " + folder);
    }

    /** Where the daemon is to listen. */
    public Path socket() {
        return socket;
    }

    /** Tells others where it listens; called once it does. */
    public void publish() throws IOException {
        Path draft = pointer.resolveSibling(POINTER + ".new");
        Files.write(
                draft,
                List.of(socket.toString(), Long.toString(ProcessHandle.current().pid())),
                StandardCharsets.UTF_8);
        ownerOnly(draft);
        Files.move(draft, pointer, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Where the daemon of a folder listens, if it is alive: a crashed one leaves its pointer behind, and connecting tells.
     *
     * @throws IOException when none was started there
     */
    public static Path find(Path folder) throws IOException {
        try {
            return Path.of(Files.readAllLines(folder.resolve(POINTER)).getFirst());
        } catch (NoSuchFileException | NoSuchElementException _) {
            throw noDaemon(folder);
        }
    }

    /**
     * The process of the daemon of a folder, which answers at its socket just now: what a file says could be another process by now.
     *
     * @throws IOException when none runs
     */
    public static ProcessHandle process(Path folder, Scope scope) throws IOException {
        connect(folder, scope).close();
        try {
            long pid = Long.parseLong(Files.readString(folder.resolve(PID)).strip());
            return ProcessHandle.of(pid).orElseThrow(() -> noDaemon(folder));
        } catch (NoSuchFileException _) {
            throw noDaemon(folder); // it has ended meanwhile
        } catch (NumberFormatException e) {
            throw new IOException(folder.resolve(PID) + " does not hold the number of a process", e);
        }
    }

    /** Connects to the daemon of a folder. */
    public static RpcClient connect(Path folder, Scope scope) throws IOException {
        Path socket = find(folder);
        try {
            return RpcClient.connect(socket, scope);
        } catch (SocketException e) {
            IOException none = noDaemon(folder); // refused, or no such file: it crashed
            none.addSuppressed(e);
            throw none;
        }
    }

    private static IOException noDaemon(Path folder) {
        return new IOException("no daemon runs for " + folder + "; bin/kafka-client start --daemon starts one");
    }

    /** Withdraws the pointer and frees the folder. */
    @Override
    public void close() throws IOException {
        try (lockFile) {
            Files.deleteIfExists(pointer);
            Files.deleteIfExists(socket);
            Files.deleteIfExists(pointer.resolveSibling(PID));
        }
    }

    static void ownerOnly(Path file) throws IOException {
        if (posix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** A folder of ours alone: between bind and chmod the socket would be open to others. */
    private static Path socketFolder() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "kafka-loom-" + System.getProperty("user.name"));
        if (folder.toString().getBytes(StandardCharsets.UTF_8).length > 80) {
            folder = Path.of("/tmp", folder.getFileName().toString());
        }
        try {
            if (posix(folder.getParent())) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException _) {
            checkOurs(folder);
        }
        return folder;
    }

    private static void checkOurs(Path folder) throws IOException {
        boolean link = !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
        if (link || !posix(folder)) {
            if (link) {
                throw new IOException(folder + " is not a folder");
            }
            return;
        }
        if (!Files.getOwner(folder).getName().equals(System.getProperty("user.name"))
                || !PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                        .equals("rwx------")) {
            throw new IOException(folder + " belongs to somebody else or is open to others");
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static String hash(Path folder) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(folder.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }
}
