package dev.kafkaloom.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaloom.message.AddPartitionsToTxnRequest;
import dev.kafkaloom.message.ApiKey;
import dev.kafkaloom.message.FetchRequest;
import dev.kafkaloom.message.FindCoordinatorRequest;
import dev.kafkaloom.message.ListGroupsRequest;
import dev.kafkaloom.message.OffsetFetchRequest;
import dev.kafkaloom.message.Request;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouteTest {
    /** Those that only their caller can address. */
    private static final Set<ApiKey> UNDECIDED = EnumSet.of(
            ApiKey.LEADER_AND_ISR,
            ApiKey.STOP_REPLICA,
            ApiKey.UPDATE_METADATA,
            ApiKey.CONTROLLED_SHUTDOWN,
            ApiKey.VOTE,
            ApiKey.BEGIN_QUORUM_EPOCH,
            ApiKey.END_QUORUM_EPOCH,
            ApiKey.ALTER_PARTITION,
            ApiKey.ENVELOPE,
            ApiKey.FETCH_SNAPSHOT,
            ApiKey.BROKER_REGISTRATION,
            ApiKey.BROKER_HEARTBEAT,
            ApiKey.ALLOCATE_PRODUCER_IDS,
            ApiKey.CONTROLLER_REGISTRATION,
            ApiKey.ASSIGN_REPLICAS_TO_DIRS,
            ApiKey.UPDATE_RAFT_VOTER,
            ApiKey.ALTER_REPLICA_LOG_DIRS,
            ApiKey.SHARE_FETCH,
            ApiKey.SHARE_ACKNOWLEDGE);

    /** A request of this API with nothing but defaults in it. */
    private static Request<?> empty(ApiKey api) throws ReflectiveOperationException {
        Class<?> type = Class.forName("dev.kafkaloom.message." + api.apiName() + "Request");
        Object builder = type.getMethod("builder").invoke(null);
        Method build = builder.getClass().getMethod("build");
        return (Request<?>) build.invoke(builder);
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void everyApiThatAClientSpeaksHasARoute(ApiKey api) throws Exception {
        assertThat(Route.of(empty(api)) instanceof Route.CallerDecides).isEqualTo(UNDECIDED.contains(api));
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void everyRequestThatMayConcernSeveralBrokersCanBeSplit(ApiKey api) throws Exception {
        if (Route.of(empty(api)) instanceof Route.SeveralBrokers) {
            assertThat(SpanTable.of(empty(api), () -> List.of(1))).isNotNull();
        }
    }

    @Test
    void theOldFormsAreAboutOneThing() {
        assertThat(Route.of(OffsetFetchRequest.builder().groupId("g").build()))
                .isEqualTo(new Route.GroupCoordinator("g"));
        assertThat(Route.of(AddPartitionsToTxnRequest.builder()
                        .v3AndBelowTransactionalId("x")
                        .build()))
                .isEqualTo(new Route.TransactionCoordinator("x"));
        assertThat(Route.of(FindCoordinatorRequest.builder().key("g").build())).isEqualTo(new Route.AnyBroker());
    }

    @Test
    void aFetchSessionIsItsBrokers() {
        assertThat(Route.of(FetchRequest.builder().build())).isEqualTo(new Route.SeveralBrokers());
        assertThat(Route.of(FetchRequest.builder().sessionEpoch(0).build())).isInstanceOf(Route.CallerDecides.class);
        assertThat(Route.of(FetchRequest.builder().sessionId(3).sessionEpoch(1).build()))
                .isInstanceOf(Route.CallerDecides.class);
    }

    @Test
    void groupsAreListedByEveryBroker() {
        assertThat(Route.of(ListGroupsRequest.builder().build())).isEqualTo(new Route.SeveralBrokers());
    }
}
