package dev.kafkaloom.record;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** gzip, by the JDK. */
final class GzipCodec {
    private static final int CHUNK = 8192;

    private GzipCodec() {}

    /** The JDK's own constructors know the default level only. */
    private static final class Leveled extends GZIPOutputStream {
        Leveled(OutputStream out, int level) throws IOException {
            super(out, CHUNK);
            def.setLevel(level);
        }
    }

    static void compress(int level, byte[] bytes, int offset, int length, GrowingBytes out) {
        try (GZIPOutputStream gzip = new Leveled(out, level)) {
            gzip.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    static void decompress(byte[] in, int from, int to, GrowingBytes out) throws CorruptRecords {
        byte[] chunk = Scratch.take(CHUNK);
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(in, from, to - from), CHUNK)) {
            for (int n = gzip.read(chunk); n >= 0; n = gzip.read(chunk)) {
                out.reserve(n);
                out.write(chunk, 0, n);
            }
        } catch (EOFException e) {
            throw new CorruptRecords("gzip data is cut off");
        } catch (IOException e) {
            throw new CorruptRecords("not valid gzip: " + e.getMessage());
        } finally {
            Scratch.give(chunk);
        }
    }
}
