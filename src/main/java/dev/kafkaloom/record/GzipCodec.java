package dev.kafkaloom.record;

import java.io.ByteArrayInputStream;
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

    static void decompress(byte[] in, GrowingBytes out) throws CorruptRecords {
        try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(in), CHUNK)) {
            drain(gzip, out);
        } catch (IOException e) {
            throw new CorruptRecords("not valid gzip: " + e.getMessage());
        }
    }

    /** Reads a stream to its end; one byte more than the limit is asked for, so that the limit itself still passes. */
    static void drain(InputStream in, GrowingBytes out) throws IOException, CorruptRecords {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            out.reserve(n);
            out.write(chunk, 0, n);
        }
    }
}
