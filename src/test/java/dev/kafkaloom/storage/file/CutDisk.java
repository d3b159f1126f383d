package dev.kafkaloom.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A disk of a machine whose power can be cut at any moment: what was synced is there afterwards, and of what was written since, any part of
 * it, in pages. Thread-safe.
 */
final class CutDisk extends Disk {
    private static final int PAGE = 512;

    /** A file as it would be found: what was synced, and what was only written. */
    private static final class Content {
        private byte[] synced = new byte[1 << 17];
        private int length;
        private final List<Write> writes = new ArrayList<>();

        void sync() {
            for (Write write : writes) {
                if (write.bytes() == null) {
                    length = (int) write.position();
                } else {
                    length = Math.max(length, (int) write.position() + write.bytes().length);
                    synced = length > synced.length ? Arrays.copyOf(synced, length * 2) : synced;
                    System.arraycopy(write.bytes(), 0, synced, (int) write.position(), write.bytes().length);
                }
            }
            writes.clear();
        }
    }

    /** {@code bytes} null: cut off at that position. */
    private record Write(long position, byte[] bytes) {}

    private final Map<Path, Content> files = new HashMap<>();
    private final Map<FileChannel, Path> names = new HashMap<>();

    @Override
    synchronized FileChannel create(Path file) throws IOException {
        FileChannel channel = super.create(file);
        files.put(file, new Content());
        names.put(channel, file);
        return channel;
    }

    @Override
    synchronized FileChannel open(Path file) throws IOException {
        FileChannel channel = super.open(file);
        if (!files.containsKey(file)) {
            Content content = new Content();
            content.writes.add(new Write(0, Files.readAllBytes(file)));
            content.sync();
            files.put(file, content);
        }
        names.put(channel, file);
        return channel;
    }

    @Override
    synchronized void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        super.write(file, bytes, position);
        files.get(names.get(file)).writes.add(new Write(position, copy));
    }

    @Override
    synchronized void truncate(FileChannel file, long length) throws IOException {
        super.truncate(file, length);
        files.get(names.get(file)).writes.add(new Write(length, null));
    }

    @Override
    synchronized void force(FileChannel file) throws IOException {
        files.get(names.get(file)).sync();
    }

    @Override
    synchronized void delete(Path file) throws IOException {
        super.delete(file);
        files.remove(file);
    }

    /** What would be found in that moment, in another folder. */
    synchronized void cut(Path into, Random chance) throws IOException {
        for (Map.Entry<Path, Content> each : files.entrySet()) {
            byte[] bytes = Arrays.copyOf(each.getValue().synced, each.getValue().length);
            for (Write write : each.getValue().writes) {
                bytes = survived(bytes, write, chance);
            }
            Files.write(into.resolve(each.getKey().getFileName()), bytes);
        }
    }

    private static byte[] survived(byte[] before, Write write, Random chance) {
        if (write.bytes() == null) {
            return chance.nextBoolean()
                    ? before
                    : Arrays.copyOf(before, (int) Math.min(before.length, write.position()));
        }
        byte[] after = before;
        for (int at = 0; at < write.bytes().length; at += PAGE) {
            if (chance.nextInt(3) > 0) {
                int length = Math.min(PAGE, write.bytes().length - at);
                int end = (int) write.position() + at + length;
                after = end > after.length ? Arrays.copyOf(after, end) : after;
                System.arraycopy(write.bytes(), at, after, (int) write.position() + at, length);
            }
        }
        return after;
    }
}
