package dev.kafkaloom.storm;

import java.util.Comparator;
import java.util.List;

/** What a response turned out to be. The worst comes last. */
enum Verdict {
    /** The answer to this call's question. */
    ANSWERED,
    /** The answer to this call's question, and it is an error. */
    REFUSED,
    /** Nobody's token: damaged on the way, and the damage could be read. */
    GARBLED,
    /** The answer to another call's question. */
    WRONG;

    static Verdict of(String expected, String came) {
        return expected.equals(came) ? ANSWERED : Token.isToken(came) ? WRONG : GARBLED;
    }

    static Verdict of(long expected, long came) {
        return expected == came ? ANSWERED : Token.isToken(came) ? WRONG : GARBLED;
    }

    /** The worst of them; an answer without any is garbled. */
    static Verdict worst(List<Verdict> each) {
        return each.stream().max(Comparator.naturalOrder()).orElse(GARBLED);
    }
}
