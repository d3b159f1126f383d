#!/usr/bin/env bash
# Nothing lost, everything visible: every line that the issue "The runtime" must show. The ordeals are whole daemons on a real broker (and a
# real Redis), killed every 20 seconds, and judged by dev.kafkaloom.ordeal.WorkChecker from what their sinks, the producer and the coordinator
# had to say. --quick leaves out what takes minutes; the other arguments are lib.sh's. RECORDS, MILLION and SOAK_SECONDS make the long ones
# shorter.
name=runtime
. "$(dirname "$0")/lib.sh"

build_tests
ordeal() { # ordeal LINE plan...: see OrdealPlan
    local line=$1; shift
    measured "$line" -Xmx768m dev.kafkaloom.ordeal.OrdealMain "$line" "$@"
}
delivery() { # delivery slow|fast args...: one figure for each storage and ordering
    local line=$1 status
    in_tests -Xmx768m dev.kafkaloom.runtime.DeliveryFigures "$@" >"$work/$line.out" 2>"$work/$line.err"
    status=$?
    [ $status = 0 ] || tail -5 "$work/$line.err" >&2
    check "$line" "exit=$status $(sed -n "s/^$line: //p" "$work/$line.out" | paste -sd';')" \
        test $status = 0 -a "$(count "^$line: " "$work/$line.out")" -ge 1
}
dropped() { # one record is dropped on purpose: the same harness has to say so
    local out=$work/dropped.out status
    in_tests -Xmx512m dev.kafkaloom.ordeal.OrdealMain dropped records=20000 rate=2000 kill=8 broker=0 drop=7777 >"$out" 2>"$out.err"
    status=$?
    check dropped "exit=$status $(sed -n 's/^dropped: //p' "$out" | tail -1)" \
        test $status = 1 -a "$(count '^dropped: .*, 1 lost; ' "$out")" = 1
}
disk_full() { # a tmpfs, for which one must be root, or seem so in a namespace of one's own
    local outer=$java
    if [ "$(id -u)" != 0 ]; then
        printf '#!/bin/sh\nexec unshare -rm "%s" "$@"\n' "$java" >"$work/java"; chmod +x "$work/java"; java=$work/java
    fi
    measured disk-full -Xmx512m dev.kafkaloom.ordeal.OutageMain disk-full 60
    java=$outer
}
storage_bench() { # 100 B append + take + ack: FILE >= 150,000/s, REDIS >= 100,000/s
    local out=$work/storage.out status file redis
    mvn_here -q -Pbench process-test-classes -Dbench=storage >"$out" 2>"$out.err" </dev/null
    status=$?
    grep '^|' "$out"
    figure() { sed -n "s/^storage-bench: .*$1 \([0-9]*\)\/s.*/\1/p" "$out" | tail -1; }
    file=$(figure FILE) redis=$(figure REDIS)
    check storage-bench "exit=$status FILE ${file:-?}/s, REDIS ${redis:-?}/s" test $status = 0 -a "${file:-0}" -ge 150000 -a "${redis:-0}" -ge 100000
}

kafka_swoole() { # the README's table of all that kafka-swoole had, each row held by a test that exists
    local out=$work/kafka-swoole.log status
    mvn_here test -Dtest=KafkaSwooleTableTest -Dsurefire.failIfNoSpecifiedTests=true >"$out" 2>&1
    status=$?
    check kafka-swoole "exit=$status $(grep -ho 'Tests run: [0-9]*, Failures: [0-9]*, Errors: [0-9]*' "$out" | tail -1)" test $status = 0
}

# --- quick ------------------------------------------------------------------------------------------------------------
wanted kafka-swoole && kafka_swoole
wanted dropped && dropped
wanted short-directly && ordeal short-directly records=40000 rate=2500 kill=8 broker=15
wanted short-file && ordeal short-file storage=file ordering=key records=40000 rate=2500 kill=8 broker=15
wanted short-redis && ordeal short-redis storage=redis ordering=key records=40000 rate=2500 kill=8 broker=15 redis=11

# --- minutes ----------------------------------------------------------------------------------------------------------
if [ -z "$quick" ]; then
    records=${RECORDS:-200000}
    for storage in directly file redis; do
        for ordering in partition key unordered; do
            wanted $storage-$ordering || continue
            if [ $storage-$ordering = directly-key ]; then # the long one
                ordeal $storage-$ordering storage=$storage ordering=$ordering records="${MILLION:-1000000}" rate=6000
            else
                ordeal $storage-$ordering storage=$storage ordering=$ordering records="$records"
            fi
        done
    done
    wanted directly-3 && ordeal directly-3 storage=directly ordering=key daemons=3 records="$records"
    wanted redis-3 && ordeal redis-3 storage=redis ordering=key daemons=3 records="$records"
    wanted slow && delivery slow DIRECTLY FILE REDIS
    wanted fast && delivery fast 1024 400000 DIRECTLY
    wanted disk-full && disk_full
    wanted redis-gone && measured redis-gone -Xmx512m dev.kafkaloom.ordeal.OutageMain redis-gone 60
    wanted soak && measured soak -Xmx768m dev.kafkaloom.ordeal.SoakMain "${SOAK_SECONDS:-1200}"
    wanted storage-bench && storage_bench
    wanted saturated && measured saturated -Xmx512m dev.kafkaloom.cli.SaturatedMain 15
fi
exit $failed
