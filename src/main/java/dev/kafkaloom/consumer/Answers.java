package dev.kafkaloom.consumer;

import dev.kafkaloom.client.PartitionLeader;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.network.BrokerAddress;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.KafkaException;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.record.BatchHeader;
import dev.kafkaloom.record.RecordBatch;
import dev.kafkaloom.record.RecordBatches;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an answer means for each partition in it: mail for its mailbox, or that it has to be fetched elsewhere. Owned by the thread of its
 * {@link BrokerFetcher}.
 */
final class Answers {
    private final BrokerFetcher fetcher;
    private final Fetchers fetchers;
    private final FetchConfig config;
    private List<BrokerAddress> addresses = List.of(); // all below of the answer that is being delivered
    private final Map<Seat, PartitionLeader> moves = new HashMap<>();
    private AnswerMemory memory;
    private long size;
    private long quickest; // what the one of its partitions has buffered that has least

    Answers(BrokerFetcher fetcher, Fetchers fetchers, FetchConfig config) {
        this.fetcher = fetcher;
        this.fetchers = fetchers;
        this.config = config;
    }

    /** Before the partitions of an answer. */
    void begin(FetchResponse response, List<FetchSession.Answer> answered, Map<TopicPartition, Seat> seats) {
        addresses = response.nodeEndpoints().stream()
                .map(each -> new BrokerAddress(each.nodeId(), each.host(), each.port()))
                .toList();
        size = 0;
        quickest = Long.MAX_VALUE;
        for (FetchSession.Answer answer : answered) {
            ByteBuffer records = answer.data().records();
            if (records != null && records.hasRemaining()) {
                size += records.remaining();
                Seat seat = seats.get(answer.partition());
                if (seat != null) {
                    quickest = Math.min(quickest, seat.mailbox.bufferedBytes());
                }
                if (memory == null && records.hasArray()) {
                    memory = new AnswerMemory(records.array(), fetchers::recycle);
                }
            }
        }
    }

    /** After them. */
    void end() {
        if (!moves.isEmpty()) {
            fetcher.leaveFor(moves, addresses);
            moves.clear();
        }
        if (memory != null) {
            memory.delivered();
            memory = null;
        }
    }

    /** Returns whether there was any news of the partition. */
    boolean deliver(Seat seat, FetchResponse.PartitionData data) {
        ErrorCode error = ErrorCode.of(data.errorCode());
        if (error != ErrorCode.NONE) {
            failed(seat, error, data.currentLeader());
            return true;
        }
        Mailbox mailbox = seat.mailbox;
        mailbox.receivedOffsets(data.highWatermark(), data.lastStableOffset(), data.logStartOffset());
        FetchResponse.EpochEndOffset parting = data.divergingEpoch();
        if (parting.endOffset() >= 0) {
            mailbox.receivedDivergence(seat.asked, parting.endOffset(), parting.epoch());
            return true;
        }
        int follower = data.preferredReadReplica();
        if (follower >= 0 && follower != fetcher.node()) {
            mailbox.prefer(follower);
            fetcher.leave(seat, "");
        }
        ByteBuffer records = data.records();
        if (records == null || !records.hasRemaining()) {
            return false;
        }
        try {
            receive(seat, data, records);
        } catch (KafkaException.MalformedMessage e) {
            mailbox.receivedFailure(seat.asked, e);
        }
        return true;
    }

    private void receive(Seat seat, FetchResponse.PartitionData data, ByteBuffer records) {
        Mailbox mailbox = seat.mailbox;
        Position asked = seat.asked;
        List<RecordBatch> batches = split(mailbox.partition(), records);
        if (batches.isEmpty()) {
            grow(mailbox, asked, RecordBatches.firstBatchSize(records));
            return;
        }
        BatchHeader last = batches.getLast().header();
        if (last.nextOffset() <= asked.offset()) {
            throw new KafkaException.MalformedMessage(
                    "fetch of " + mailbox.partition(),
                    "asked for offset " + asked.offset() + ", the batches end before " + last.nextOffset());
        }
        AnswerMemory.Lease lease = AnswerMemory.Lease.NONE;
        boolean lags = mailbox.bufferedBytes() - quickest > size;
        if (lags && records.remaining() < size / 2) {
            batches =
                    RecordBatches.split(copy(records)); // what waits for long must not keep the neighbours' bytes alive
        } else if (memory != null) {
            lease = memory.lease();
        }
        List<FetchResponse.AbortedTransaction> aborted =
                data.abortedTransactions() == null ? List.of() : data.abortedTransactions();
        Mail.Batches mail = new Mail.Batches(asked.epoch(), batches, records.remaining(), aborted, lease);
        if (!mailbox.received(asked, mail, new StartAt(last.nextOffset(), last.partitionLeaderEpoch()))) {
            mail.end();
        }
    }

    private static List<RecordBatch> split(TopicPartition partition, ByteBuffer records) {
        try {
            return RecordBatches.split(records);
        } catch (KafkaException.MalformedMessage e) {
            throw e.in(partition.toString());
        }
    }

    private static ByteBuffer copy(ByteBuffer records) {
        return ByteBuffer.allocate(records.remaining()).put(records.duplicate()).flip();
    }

    /** Brokers before 0.10.1 cut even the first message at the limit. */
    private void grow(Mailbox mailbox, Position asked, int firstBatch) {
        int limit = asked.limit();
        long needed = firstBatch > 0 ? firstBatch : 2L * limit;
        if (needed <= limit || needed > config.maxBytes()) {
            mailbox.receivedFailure(
                    asked,
                    new KafkaException.MalformedMessage(
                            "fetch of " + mailbox.partition(),
                            "the message at offset " + asked.offset() + " takes " + needed
                                    + " bytes, more than fetch.max.bytes, " + config.maxBytes()));
        } else {
            mailbox.growLimit((int) needed);
        }
    }

    private void failed(Seat seat, ErrorCode error, FetchResponse.LeaderIdAndEpoch leader) {
        Mailbox mailbox = seat.mailbox;
        Position asked = seat.asked;
        if (!mailbox.isCurrent(asked)) {
            return;
        }
        String why = error + " (" + error.meaning() + ")";
        if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
            if (seat.placement.follows()) {
                fetcher.leave(seat, "broker-" + fetcher.node() + " follows and does not have offset " + asked.offset());
            } else {
                mailbox.receivedLoss(asked, new LostPosition.OutOfRange(asked.at()));
            }
        } else if (leader.leaderId() >= 0 && leader.leaderEpoch() > seat.placement.leaderEpoch()) {
            moves.put(seat, new PartitionLeader(leader.leaderId(), leader.leaderEpoch()));
        } else if (error == ErrorCode.UNKNOWN_SERVER_ERROR || error.recovery() != KafkaException.Recovery.GIVE_UP) {
            fetcher.leave(seat, why);
        } else {
            mailbox.receivedFailure(
                    asked,
                    new KafkaException.BrokerError(
                            error, "fetch of " + mailbox.partition() + " at offset " + asked.offset()));
        }
    }
}
