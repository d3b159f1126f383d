/* One side of the consume benchmark: librdkafka reads all partitions of a topic, again and again, and prints one line as ProcStat does.
 * Arguments: copy|pointers, host:port, topic, records per partition, their checksum, seconds to warm up, seconds to measure, the broker's
 * process id. */
#include <librdkafka/rdkafka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PARTITIONS 4
#define BATCH 1000
#define GRACE 60 /* seconds */

static int64_t next_offset[PARTITIONS];
static int64_t sum[PARTITIONS];
static int passes[PARTITIONS];

static void fail(const char *what, const char *why) {
    fprintf(stderr, "consume: %s: %s\n", what, why);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static double own_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double cpu_of(const char *pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f || !fgets(text, sizeof text, f)) {
        fail(path, "cannot be read");
    }
    fclose(f);
    unsigned long user, sys;
    if (sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2) {
        fail(path, "is not understood");
    }
    return (double)(user + sys) / sysconf(_SC_CLK_TCK);
}

static double steal(void) {
    unsigned long long v = 0;
    FILE *f = fopen("/proc/stat", "r");
    if (!f || fscanf(f, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &v) != 1) {
        fail("/proc/stat", "is not understood");
    }
    fclose(f);
    return (double)v / sysconf(_SC_CLK_TCK);
}

static double peak_megabytes(void) {
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f)) {
        sscanf(line, "VmHWM: %ld", &kb);
    }
    fclose(f);
    return kb / 1024.0;
}

static void seek_to_start(rd_kafka_t *rk, const char *topic, int partition) {
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(one, topic, partition)->offset = 0;
    rd_kafka_error_t *error = rd_kafka_seek_partitions(rk, one, 0);
    if (error) {
        fail("seek", rd_kafka_error_string(error));
    }
    rd_kafka_topic_partition_list_destroy(one);
}

/* Checks and counts one record as ConsumeCheck does; behind the last of a partition reading goes on at the first. */
static void see(rd_kafka_t *rk, const char *topic, const rd_kafka_message_t *m, int copies, int64_t records, int64_t expected) {
    int p = m->partition;
    const signed char *value = m->payload;
    void *kept = NULL;
    if (m->offset != next_offset[p]) {
        fprintf(stderr, "consume: partition %d: offset %" PRId64 " instead of %" PRId64 "\n", p, m->offset, next_offset[p]);
        exit(1);
    }
    if (copies) {
        kept = malloc(m->len);
        memcpy(kept, m->payload, m->len);
        value = kept;
    }
    sum[p] = (int64_t)(31 * (uint64_t)sum[p] + (uint64_t)(int64_t)value[m->len >> 1] + m->len);
    free(kept);
    if (++next_offset[p] == records) {
        if (sum[p] != expected) {
            fail(topic, "wrong checksum");
        }
        sum[p] = 0;
        next_offset[p] = 0;
        passes[p]++;
        seek_to_start(rk, topic, p);
    }
}

static int all_passed(void) {
    for (int p = 0; p < PARTITIONS; p++) {
        if (passes[p] == 0) {
            return 0;
        }
    }
    return 1;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char why[512];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) {
        fail(name, why);
    }
}

int main(int argc, char **argv) {
    if (argc != 9) {
        fail("arguments", "8 are needed");
    }
    int copies = strcmp(argv[1], "copy") == 0;
    const char *topic = argv[3];
    int64_t records = atoll(argv[4]), expected = atoll(argv[5]);
    double warm_up = atof(argv[6]), measured = atof(argv[7]);
    char why[512];

    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[2]);
    set(conf, "group.id", "bench");
    set(conf, "enable.auto.commit", "false");
    set(conf, "enable.auto.offset.store", "false");
    set(conf, "check.crcs", "true");
    set(conf, "fetch.wait.max.ms", "5");
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!rk) {
        fail("client", why);
    }
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(PARTITIONS);
    for (int p = 0; p < PARTITIONS; p++) {
        rd_kafka_topic_partition_list_add(all, topic, p)->offset = 0;
    }
    rd_kafka_resp_err_t assigned = rd_kafka_assign(rk, all);
    if (assigned) {
        fail("assign", rd_kafka_err2str(assigned));
    }
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
    rd_kafka_message_t *messages[BATCH];

    int64_t seen = 0, seen_before = 0;
    double began = now(), start = 0, cpu = 0, broker = 0, stolen = 0;
    int printed = 0;
    while (!printed || !all_passed()) { /* what is read behind the figures proves that they are of all partitions */
        ssize_t n = rd_kafka_consume_batch_queue(queue, 100, messages, BATCH);
        for (ssize_t i = 0; i < n; i++) {
            if (messages[i]->err) {
                fail("message", rd_kafka_message_errstr(messages[i]));
            }
            see(rk, topic, messages[i], copies, records, expected);
            seen++;
            rd_kafka_message_destroy(messages[i]);
        }
        double t = now();
        if (start == 0 && t - began >= warm_up) {
            cpu = own_cpu();
            broker = cpu_of(argv[8]);
            stolen = steal();
            seen_before = seen;
            start = t;
        } else if (start != 0 && !printed && t - start >= measured) {
            printf("records=%" PRId64 " seconds=%.3f cpu=%.3f jit=0 broker=%.3f steal=%.3f allocated=0 peak=%.1f\n",
                   seen - seen_before, t - start, own_cpu() - cpu, cpu_of(argv[8]) - broker, steal() - stolen, peak_megabytes());
            fflush(stdout);
            printed = 1;
        } else if (t - began > warm_up + measured + GRACE) {
            fail(topic, "not all partitions were read from end to end");
        }
    }
    _exit(0);
}
