/*
 * A member of a group as librdkafka makes them, which writes down what it lives through; dev.kafkaloom.history says how.
 *
 *   member BOOTSTRAP GROUP TOPIC MEMBER FILE assignors=A,B [drop=VALUE]
 *
 * Ends with SIGTERM or the end of its standard input, and leaves the group then. A record with that VALUE is dropped, as if it had never come.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PARTITIONS 1024

static volatile sig_atomic_t ended;
static int history;
static const char *group, *member, *dropped;
static int64_t epochs[PARTITIONS]; /* of the assignment in which a partition came */
static int64_t epoch;

static void end(int signal) {
    (void)signal;
    ended = 1;
}

/* A line is with the kernel, whole, when this returns. */
static void line(const char *event, const char *format, ...) {
    static char text[65536];
    struct timespec now;
    va_list more;
    int length;
    clock_gettime(CLOCK_MONOTONIC, &now);
    length = snprintf(text, sizeof text, "{\"e\":\"%s\",\"at\":%lld,\"group\":\"%s\",\"member\":\"%s\"", event,
                      (long long)now.tv_sec * 1000000000LL + now.tv_nsec, group, member);
    va_start(more, format);
    length += vsnprintf(text + length, sizeof text - length - 3, format, more);
    va_end(more);
    text[length++] = '}';
    text[length++] = '\n';
    if (write(history, text, length) != length) {
        perror("history");
        exit(3);
    }
}

static void owns(const char *event, int64_t when, const rd_kafka_topic_partition_list_t *partitions) {
    static char list[60000];
    size_t length = 0;
    int i;
    for (i = 0; i < partitions->cnt && length < sizeof list - 400; i++)
        length += snprintf(list + length, sizeof list - length, "%s{\"topic\":\"%s\",\"partition\":%d}", i ? "," : "",
                           partitions->elems[i].topic, partitions->elems[i].partition);
    if (partitions->cnt)
        line(event, ",\"epoch\":%" PRId64 ",\"partitions\":[%.*s]", when, (int)length, list);
}

static void rebalanced(rd_kafka_t *rk, rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t *partitions, void *opaque) {
    int cooperative = !strcmp(rd_kafka_rebalance_protocol(rk), "COOPERATIVE");
    rd_kafka_error_t *error = NULL;
    int i;
    (void)opaque;
    if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        epoch++;
        for (i = 0; i < partitions->cnt; i++)
            epochs[partitions->elems[i].partition] = epoch;
        owns("assigned", epoch, partitions);
        if (cooperative)
            error = rd_kafka_incremental_assign(rk, partitions);
        else
            rd_kafka_assign(rk, partitions);
    } else {
        int lost = rd_kafka_assignment_lost(rk);
        if (!lost) { /* what is done is committed while it is ours */
            rd_kafka_commit(rk, NULL, 0);
        }
        owns(lost ? "lost" : "revoked", epoch, partitions);
        if (cooperative)
            error = rd_kafka_incremental_unassign(rk, partitions);
        else
            rd_kafka_assign(rk, NULL);
    }
    if (error) {
        fprintf(stderr, "%s: %s\n", member, rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    }
}

static void handle(rd_kafka_message_t *record) {
    const char *topic = rd_kafka_topic_name(record->rkt);
    int64_t when = epochs[record->partition];
    if (!dropped || strlen(dropped) != record->len || memcmp(dropped, record->payload, record->len))
        line("delivered", ",\"epoch\":%" PRId64 ",\"topic\":\"%s\",\"partition\":%d,\"offset\":%" PRId64 ",\"value\":\"%.*s\"",
             when, topic, record->partition, record->offset, (int)record->len, (const char *)record->payload);
    line("done", ",\"epoch\":%" PRId64 ",\"topic\":\"%s\",\"partition\":%d,\"first\":%" PRId64 ",\"last\":%" PRId64, when,
         topic, record->partition, record->offset, record->offset);
    rd_kafka_offset_store(record->rkt, record->partition, record->offset);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[256];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK) {
        fprintf(stderr, "%s\n", error);
        exit(2);
    }
}

static int alone(void) { /* whoever started this has gone */
    struct pollfd input = {0, POLLIN, 0};
    return poll(&input, 1, 0) > 0;
}

static rd_kafka_t *open_consumer(const char *bootstrap, const char *assignors) {
    char error[256];
    rd_kafka_t *rk;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "group.id", group);
    set(conf, "client.id", member);
    set(conf, "partition.assignment.strategy", assignors);
    set(conf, "auto.offset.reset", "earliest");
    set(conf, "session.timeout.ms", "6000");
    set(conf, "heartbeat.interval.ms", "500");
    set(conf, "auto.commit.interval.ms", "200");
    set(conf, "enable.auto.offset.store", "false");
    rd_kafka_conf_set_rebalance_cb(conf, rebalanced);
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!rk) {
        fprintf(stderr, "%s\n", error);
        exit(2);
    }
    rd_kafka_poll_set_consumer(rk);
    return rk;
}

int main(int count, char **args) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_t *rk;
    if (count < 7) {
        fprintf(stderr, "usage: member BOOTSTRAP GROUP TOPIC MEMBER FILE assignors=A,B [drop=VALUE]\n");
        return 2;
    }
    signal(SIGTERM, end);
    group = args[2];
    member = args[4];
    dropped = count > 7 ? args[7] + strlen("drop=") : NULL;
    history = open(args[5], O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (history < 0) {
        perror(args[5]);
        return 2;
    }
    rk = open_consumer(args[1], args[6] + strlen("assignors="));
    rd_kafka_topic_partition_list_add(topics, args[3], RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    while (!ended && !alone()) {
        rd_kafka_message_t *record = rd_kafka_consumer_poll(rk, 100);
        if (record) {
            if (!record->err)
                handle(record);
            else
                fprintf(stderr, "%s: %s\n", member, rd_kafka_message_errstr(record));
            rd_kafka_message_destroy(record);
        }
    }
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return 0;
}
