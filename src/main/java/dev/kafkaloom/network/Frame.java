package dev.kafkaloom.network;

import dev.kafkaloom.message.ApiKey;
import java.time.Instant;

/**
 * One request or response as it passed on a connection. It may hold secrets: nothing here shows its bytes, and who does has to leave
 * out what nobody may read.
 *
 * @param connection the connection's name, {@code broker-1/control}
 * @param sent whether we sent it
 * @param expected false for a response that was not the one that was due
 * @param api of the request; for an unexpected response of the one that was due, null when none was
 * @param version of that request, which is that of its response as well
 * @param length of the whole frame without its four bytes of length
 * @param bytes header and body, only the beginning when they are fewer than {@code length}; nobody writes to them any more
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Frame(
        Instant at,
        String connection,
        boolean sent,
        boolean expected,
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
        String name = api == null ? "nothing" : api.apiName() + " v" + version;
        return connection + (sent ? " > " : " < ") + (expected ? name : "where " + name + " was due:") + " #"
                + correlationId + " " + length + " bytes";
    }
}
