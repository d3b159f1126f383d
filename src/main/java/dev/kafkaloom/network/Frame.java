package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import java.time.Instant;

/**
 * One request or response as it passed on a connection. It may hold secrets: nothing here shows its bytes, and who does has to leave
 * out what nobody may read.
 *
 * @param connection the connection's name, {@code broker-1/control}
 * @param sent whether we sent it
 * @param api null for a response that nobody had asked for
 * @param version of the request, which is that of the response as well
 * @param length of the whole frame without its four bytes of length
 * @param bytes header and body, only the beginning when they are fewer than {@code length}; nobody writes to them any more
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Frame(
        Instant at,
        String connection,
        boolean sent,
        ApiKey api,
        short version,
        int correlationId,
        int length,
        byte[] bytes) {

    /** Whether only its beginning was kept. */
    public boolean isCut() {
        return bytes.length < length;
    }

    /** What it is, without what it holds: {@code broker-1/control > Metadata v13 #4 58 bytes}. */
    @Override
    public String toString() {
        String what = api == null ? "an answer to nothing" : api.apiName() + " v" + version;
        return connection + (sent ? " > " : " < ") + what + " #" + correlationId + " " + length + " bytes";
    }
}
