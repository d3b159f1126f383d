package dev.kafkaloom.sink;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that one process appends to. Before it grows beyond its limit it is set aside under the next number:
 * {@code events.jsonl.000001}, {@code .000002}, one rename, so that a crash in between loses nothing. Thread-safe. Not a channel, since an
 * interrupt of one of many writers would close a channel for all of them.
 */
final class LineFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineFile.class);

    private final Path path;
    private final long maxBytes;
    private final int maxFiles;
    private final boolean fsync;
    private final FileChannel lockChannel;
    private final ReentrantLock writing = new ReentrantLock();
    private Open open; // guarded by writing; null: to be opened by the next append
    private boolean closed; // guarded by writing

    /**
     * Opens or makes it.
     *
     * @param maxFiles how many files are kept, this one included; 0: all
     * @param fsync whether an append returns only when the disk has it
     * @throws IOException saying what is wrong with the file, or who else writes to it
     */
    LineFile(Path path, long maxBytes, int maxFiles, boolean fsync) throws IOException {
        this.path = path.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
        this.fsync = fsync;
        Files.createDirectories(this.path.getParent());
        this.lockChannel = lock(this.path.resolveSibling(this.path.getFileName() + ".lock"));
        try {
            this.open = new Open();
        } catch (IOException | RuntimeException e) {
            lockChannel.close();
            throw e;
        }
    }

    /** The file as it is open now. Its length is where the last whole append ended. */
    private final class Open {
        private final RandomAccessFile file;
        private final Object key;
        private final ReentrantLock syncing = new ReentrantLock();
        private volatile long length; // written under writing
        private long synced; // these two guarded by syncing
        private long lost;

        Open() throws IOException {
            boolean made = !Files.exists(path);
            file = new RandomAccessFile(path.toFile(), "rw");
            try {
                length = wholeLines(file);
                file.seek(length);
                key = key();
                if (made && fsync) {
                    syncFolder();
                }
            } catch (IOException e) {
                file.close();
                throw e;
            }
        }

        /** What is beyond the length is from an append that failed. */
        void append(byte[] bytes) throws IOException {
            long start = length;
            try {
                if (file.getFilePointer() != start) {
                    file.setLength(start);
                    file.seek(start);
                }
                file.write(bytes);
                length = start + bytes.length;
            } catch (IOException e) {
                forget();
                throw new IOException(path + " cannot be written to: " + e.getMessage(), e);
            }
        }

        private void forget() {
            try {
                file.setLength(length);
                file.seek(length);
            } catch (IOException e) {
                LOG.debug("{}: the start of a line that could not be written stays until the next one is", path, e);
            }
        }

        /**
         * One thread syncs for all that have written by then. A failed sync is not tried again for what it was about: the system may have
         * dropped those pages and say that all is well the second time.
         */
        void sync(long end) throws IOException {
            syncing.lock();
            try {
                if (end <= lost) {
                    throw new IOException(path + " could not be synced to the disk");
                }
                if (end <= synced) {
                    return;
                }
                long all = length;
                try {
                    file.getFD().sync();
                    synced = all;
                } catch (IOException e) {
                    lost = all;
                    throw new IOException(path + " could not be synced to the disk: " + e.getMessage(), e);
                }
            } finally {
                syncing.unlock();
            }
        }

        void close() throws IOException {
            syncing.lock();
            try {
                file.close();
            } finally {
                syncing.unlock();
            }
        }
    }

    /** Appends whole lines: all of them, or none. */
    void append(byte[] lines) throws IOException {
        Open to;
        long end;
        writing.lock();
        try {
            to = current();
            if (to.length > 0 && to.length + lines.length > maxBytes) {
                setAside(to);
                to = current();
            }
            to.append(lines);
            end = to.length;
        } finally {
            writing.unlock();
        }
        if (fsync) {
            to.sync(end);
        }
    }

    private Open current() throws IOException {
        if (closed) {
            throw new IOException(path + " is closed");
        }
        if (open != null && !Objects.equals(open.key, key())) {
            LOG.warn("{} was moved or deleted by somebody else; a new one is begun", path);
            end(open);
        }
        if (open == null) {
            open = new Open();
        }
        return open;
    }

    /** What tells two files of one name apart; a word of its own when there is none. */
    private Object key() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException _) {
            return "none";
        }
    }

    private void setAside(Open full) throws IOException {
        NavigableMap<Long, Path> aside = aside();
        long next = aside.isEmpty() ? 1 : aside.lastKey() + 1;
        end(full);
        Path target = path.resolveSibling(path.getFileName() + String.format(".%06d", next));
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        aside.put(next, target);
        while (maxFiles > 0 && aside.size() > maxFiles - 1) {
            Files.deleteIfExists(aside.pollFirstEntry().getValue());
        }
    }

    /** What cannot be synced is told to those who appended it, and hands their records over again; it must not hold up what follows. */
    private void end(Open file) throws IOException {
        open = null;
        try {
            if (fsync) {
                file.sync(file.length);
            }
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
        } finally {
            file.close();
        }
    }

    /** The files that were set aside, by their numbers. */
    private NavigableMap<Long, Path> aside() throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(path.getFileName().toString()) + "\\.([0-9]{6,18})");
        NavigableMap<Long, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(path.getParent())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher matcher = name.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    found.put(Long.parseLong(matcher.group(1)), file);
                }
            }
        }
        return found;
    }

    /**
     * Where the last whole line ends. What a crash has cut short was never acknowledged and is overwritten; a last line that is not one of
     * ours is only ended.
     */
    private static long wholeLines(RandomAccessFile file) throws IOException {
        long length = file.length();
        long start = lineStart(file, length);
        if (start == length) {
            return length;
        }
        byte[] ours = RecordJson.lineStart();
        byte[] head = new byte[(int) Math.min(ours.length, length - start)];
        file.seek(start);
        file.readFully(head);
        if (Arrays.equals(head, Arrays.copyOf(ours, head.length))) {
            LOG.info("a line of {} bytes that a crash had cut short is taken away", length - start);
            file.setLength(start);
            return start;
        }
        file.seek(length);
        file.write('\n');
        return length + 1;
    }

    private static long lineStart(RandomAccessFile file, long length) throws IOException {
        byte[] block = new byte[1 << 16];
        for (long end = length; end > 0; ) {
            int size = (int) Math.min(block.length, end);
            file.seek(end - size);
            file.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - size + i + 1;
                }
            }
            end -= size;
        }
        return 0;
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // by this process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException(path + " is being written to by another process; give each its own sinker.option.file");
    }

    /** What was appended stays; the lock goes last. */
    @Override
    public void close() {
        writing.lock();
        try {
            closed = true;
            Open last = open;
            if (last != null) {
                end(last);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be closed: {}", path, e.getMessage());
        } finally {
            writing.unlock();
            unlock();
        }
    }

    private void unlock() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            LOG.debug("the lock of {} could not be given back", path, e);
        }
    }
}
