/**
 * What happened, line by line, and whether it may have: a history of every send, delivery, commit and assignment, written while brokers,
 * members and networks fail ({@link dev.kafkaloom.history.HistoryWriter}), and judged afterwards ({@link dev.kafkaloom.history.Checker}).
 *
 * <p>One file of JSON lines for each process, {@code *.jsonl} in one folder; a line is one {@link dev.kafkaloom.history.Event}, for example
 *
 * <pre>{@code
 * {"e":"send","at":81230114,"producer":"p","topic":"t","value":"p-17"}
 * {"e":"ok","at":81250311,"producer":"p","topic":"t","partition":3,"offset":5,"value":"p-17"}
 * {"e":"delivered","at":81270019,"group":"g","member":"m-1","epoch":4,"topic":"t","partition":3,"offset":5,"value":"p-17"}
 * {"e":"done","at":81270222,"group":"g","member":"m-1","epoch":4,"topic":"t","partition":3,"first":5,"last":5}
 * {"e":"committed","at":81480000,"group":"g","topic":"t","partition":3,"offset":6}
 * }</pre>
 *
 * so that a member of any client, in any language, can take part. {@code at} is CLOCK_MONOTONIC in nanoseconds ({@code System.nanoTime()}
 * on Linux), which all processes of a machine share. Two rules make the verdict sound: a line is written before what it says can have a
 * consequence (done before the handler returns), or, when it is an observation, after it was made (committed after the answer).
 */
package dev.kafkaloom.history;
