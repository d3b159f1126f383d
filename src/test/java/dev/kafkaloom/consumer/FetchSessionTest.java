package dev.kafkaloom.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.consumer.FetchSession.Ask;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FetchResponse;
import dev.kafkaloom.protocol.ErrorCode;
import dev.kafkaloom.protocol.TopicPartition;
import dev.kafkaloom.protocol.Uuid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FetchSessionTest {
    private static final Uuid ID = new Uuid(1, 1);
    private static final TopicPartition A0 = new TopicPartition("a", 0);
    private static final TopicPartition A1 = new TopicPartition("a", 1);
    private static final TopicPartition B0 = new TopicPartition("b", 0);

    private final FetchSession session = new FetchSession();
    private Set<TopicPartition> asked = Set.of();

    @Test
    void theFirstRequestIsFullAndAsksForASession() {
        FetchRequest request = ask(Map.of(A0, at(5)));

        assertThat(request.sessionId()).isZero();
        assertThat(request.sessionEpoch()).isZero();
        assertThat(partitions(request)).containsExactly(A0);
        assertThat(request.topics().getFirst().topicId()).isEqualTo(ID);
        assertThat(request.topics().getFirst().partitions().getFirst().fetchOffset())
                .isEqualTo(5);
    }

    @Test
    void onceThereIsASessionOnlyChangesAreSent() {
        ask(wanted(A0, at(5), A1, at(7)));
        answer(77, ErrorCode.NONE);

        FetchRequest second = ask(wanted(A0, at(5), A1, at(8)));
        answer(77, ErrorCode.NONE);
        FetchRequest third = ask(wanted(A0, at(5), A1, at(8)));

        assertThat(second.sessionId()).isEqualTo(77);
        assertThat(second.sessionEpoch()).isEqualTo(1);
        assertThat(partitions(second)).containsExactly(A1);
        assertThat(third.sessionEpoch()).isEqualTo(2);
        assertThat(third.topics()).isEmpty();
        assertThat(third.forgottenTopicsData()).isEmpty();
    }

    @Test
    void aPartitionLeftOutIsForgottenAndLaterSentAgain() {
        ask(wanted(A0, at(5), A1, at(7)));
        answer(77, ErrorCode.NONE);

        FetchRequest without = ask(wanted(A1, at(7)));
        answer(77, ErrorCode.NONE);
        FetchRequest again = ask(wanted(A0, at(5), A1, at(7)));

        assertThat(without.topics()).isEmpty();
        assertThat(without.forgottenTopicsData()).singleElement().satisfies(topic -> {
            assertThat(topic.topic()).isEqualTo("a");
            assertThat(topic.topicId()).isEqualTo(ID);
            assertThat(topic.partitions()).containsExactly(0);
        });
        assertThat(partitions(again)).containsExactly(A0);
        assertThat(again.forgottenTopicsData()).isEmpty();
    }

    @Test
    void aLeaderEpochOrALimitThatChangedIsSent() {
        ask(wanted(A0, new Ask(5, 100, 1, -1, ID), A1, new Ask(5, 100, 1, -1, ID)));
        answer(77, ErrorCode.NONE);

        FetchRequest request = ask(wanted(A0, new Ask(5, 200, 1, -1, ID), A1, new Ask(5, 100, 2, -1, ID)));

        assertThat(partitions(request)).containsExactly(A0, A1);
    }

    @Test
    void aTopicMadeAnewIsForgottenUnderItsOldIdAndAddedUnderTheNew() {
        Uuid newId = new Uuid(2, 2);
        ask(wanted(A0, at(5)));
        answer(77, ErrorCode.NONE);

        FetchRequest request = ask(wanted(A0, new Ask(5, 100, -1, -1, newId)));

        assertThat(request.forgottenTopicsData())
                .singleElement()
                .satisfies(topic -> assertThat(topic.topicId()).isEqualTo(ID));
        assertThat(request.topics())
                .singleElement()
                .satisfies(topic -> assertThat(topic.topicId()).isEqualTo(newId));
    }

    @Test
    void aLostSessionIsFollowedByAFullRequestForANewOne() {
        ask(wanted(A0, at(5), A1, at(7)));
        answer(77, ErrorCode.NONE);
        ask(wanted(A0, at(5), A1, at(7)));

        assertThat(answer(0, ErrorCode.FETCH_SESSION_ID_NOT_FOUND)).contains(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        FetchRequest request = ask(wanted(A0, at(5), A1, at(7)));

        assertThat(request.sessionId()).isZero();
        assertThat(request.sessionEpoch()).isZero();
        assertThat(partitions(request)).containsExactlyInAnyOrder(A0, A1);
    }

    @Test
    void aSessionAtAnotherEpochIsClosedByTheFullRequest() {
        ask(wanted(A0, at(5)));
        answer(77, ErrorCode.NONE);
        ask(wanted(A0, at(5)));
        answer(0, ErrorCode.INVALID_FETCH_SESSION_EPOCH);

        FetchRequest request = ask(wanted(A0, at(5)));

        assertThat(request.sessionId()).isEqualTo(77);
        assertThat(request.sessionEpoch()).isZero();
        assertThat(partitions(request)).containsExactly(A0);
    }

    @Test
    void aBrokenConnectionIsFollowedByAFullRequest() {
        ask(wanted(A0, at(5)));
        answer(77, ErrorCode.NONE);
        ask(wanted(A0, at(6)));
        session.broken();

        FetchRequest request = ask(wanted(A0, at(6)));

        assertThat(request.sessionEpoch()).isZero();
        assertThat(partitions(request)).containsExactly(A0);
    }

    @Test
    void aBrokerWithoutSessionsGetsFullRequestsInTurningOrder() {
        Map<TopicPartition, Ask> wanted = wanted(A0, at(1), A1, at(1), B0, at(1));
        List<List<TopicPartition>> orders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            orders.add(partitions(ask(wanted)));
            answer(0, ErrorCode.NONE);
        }

        assertThat(orders)
                .containsExactly(List.of(A0, A1, B0), List.of(A1, B0, A0), List.of(B0, A0, A1), List.of(A0, A1, B0));
    }

    @Test
    void withoutSessionsOnPurposeNoneIsAskedFor() {
        FetchRequest request = prepare(wanted(A0, at(1)), false);
        answer(0, ErrorCode.NONE);

        assertThat(request.sessionId()).isZero();
        assertThat(request.sessionEpoch()).isEqualTo(-1);
        assertThat(partitions(prepare(wanted(A0, at(1)), false))).containsExactly(A0);
        assertThat(prepare(wanted(A0, at(1)), true).sessionEpoch()).isZero();
    }

    @Test
    void theEpochOfALongSessionStartsAgainAtOne() throws Exception {
        ask(wanted(A0, at(1)));
        answer(77, ErrorCode.NONE);
        var epoch = FetchSession.class.getDeclaredField("epoch");
        epoch.setAccessible(true);
        epoch.setInt(session, Integer.MAX_VALUE);

        answer(77, ErrorCode.NONE);

        assertThat(ask(wanted(A0, at(1))).sessionEpoch()).isEqualTo(1);
    }

    @Test
    void answersAreFoundByTopicIdAndByName() {
        ask(wanted(A0, at(1), B0, new Ask(1, 100, -1, -1, Uuid.ZERO)));

        List<FetchSession.Answer> answers = session.answers(FetchResponse.builder()
                .responses(List.of(topic("", ID, 0), topic("b", Uuid.ZERO, 0), topic("", new Uuid(9, 9), 0)))
                .build());

        assertThat(answers).extracting(FetchSession.Answer::partition).containsExactly(A0, B0);
    }

    private static FetchResponse.FetchableTopicResponse topic(String name, Uuid id, int partition) {
        return FetchResponse.FetchableTopicResponse.builder()
                .topic(name)
                .topicId(id)
                .partitions(List.of(FetchResponse.PartitionData.builder()
                        .partitionIndex(partition)
                        .build()))
                .build();
    }

    private static Ask at(long offset) {
        return new Ask(offset, 100, -1, -1, ID);
    }

    private static Map<TopicPartition, Ask> wanted(Object... pairs) {
        Map<TopicPartition, Ask> wanted = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            wanted.put((TopicPartition) pairs[i], (Ask) pairs[i + 1]);
        }
        return wanted;
    }

    private FetchRequest ask(Map<TopicPartition, Ask> wanted) {
        return prepare(wanted, true);
    }

    private FetchRequest prepare(Map<TopicPartition, Ask> wanted, boolean sessions) {
        FetchRequest.Builder request = FetchRequest.builder();
        asked.stream().filter(each -> !wanted.containsKey(each)).forEach(session::forget);
        asked = Set.copyOf(wanted.keySet());
        wanted.forEach(session::want);
        session.prepare(request, sessions);
        return request.build();
    }

    private Optional<ErrorCode> answer(int sessionId, ErrorCode error) {
        return session.answered(FetchResponse.builder()
                .sessionId(sessionId)
                .errorCode(error.code())
                .build());
    }

    private static List<TopicPartition> partitions(FetchRequest request) {
        return request.topics().stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(each -> new TopicPartition(topic.topic(), each.partition())))
                .toList();
    }
}
