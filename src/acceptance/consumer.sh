#!/usr/bin/env bash
# Consumer groups that lose nothing and partitions that keep running: every line that the issue "Consumer" must show, on real brokers, with
# kafka-clients and librdkafka beside ours. What it proves by a history of every send, delivery and commit is judged by the checker of
# dev.kafkaloom.history. --quick leaves out what takes minutes: mixed groups, the kill loop, handlers, 10,000 partitions, all releases; the other
# arguments are lib.sh's.
name=consumer
. "$(dirname "$0")/lib.sh"

build_tests
proven() { # proven LINE...: PASS or FAIL of each, as the scenarios of dev.kafkaloom.proof print them; one broker for all of them
    local out=$work/proof-$1.out line
    in_tests -Xmx512m dev.kafkaloom.proof.ProofMain "$@" >"$out" 2>"$out.err"
    for line in "$@"; do
        if grep -q "^PASS $line " "$out"; then say PASS "$line" "$(sed -n "s/^PASS $line //p" "$out" | tail -1)"
        else say FAIL "$line" "$(sed -n "s/^FAIL $line //p" "$out" | tail -1)"; tail -3 "$out.err" >&2; fi
    done
}

idle_partitions() { # 10,000 partitions, idle and under a trickle: at most 4 KB of live heap each, and no more CPU than kafka-clients
    local out=$work/idle.out status heap cpu
    (cd "$home" && env -u JAVA_HOME mvn -q -Pbench -DskipLint process-test-classes -Dbench=idle) >"$out" 2>"$out.err" </dev/null
    status=$?
    grep '^|' "$out"
    figure() { awk -F'|' -v who="$1" -v column="$2" '$2 ~ who { gsub(/[^0-9.( ]/, "", $column); split($column, n, "("); print n[1] + 0; exit }' "$out"; }
    heap=$(figure kafka-loom 4)
    cpu="$(figure kafka-loom 6) $(figure kafka-clients 6) $(figure kafka-loom 7) $(figure kafka-clients 7)"
    check idle-partitions "exit=$status, $heap B of live heap a partition; CPU s/min ours, kafka-clients, idle and with a trickle: $cpu" \
        awk -v status=$status -v heap="$heap" -v cpu="$cpu" 'BEGIN { split(cpu, c, " "); exit !(status == 0 && heap > 0 && heap <= 4096 && c[1] <= c[2] && c[3] <= c[4]) }'
}

unclean() { # a leader out of sync is elected: what was thrown away is told by name, and what is there instead is read
    mvn_here verify -Pchaos -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=UncleanElectionIT >"$work/unclean.log" 2>&1
    local status=$?
    check unclean "exit=$status $(grep -ho 'Tests run: [0-9]*, Failures: [0-9]*, Errors: [0-9]*' "$work/unclean.log" | tail -1) $(grep -h '^unclean election' "$work/unclean.log" | tail -1)" \
        test $status = 0
}

# --- quick ------------------------------------------------------------------------------------------------------------
scenarios=()
for line in aborted recreated grown first-commit deleted retention corrupt; do
    wanted $line && scenarios+=("$line")
done
[ ${#scenarios[@]} = 0 ] || proven "${scenarios[@]}"

# --- minutes ----------------------------------------------------------------------------------------------------------
if [ -z "$quick" ]; then
    wanted mixed-groups && measured mixed-groups -Xmx384m dev.kafkaloom.mixed.MixedMain --seconds "${MIXED_SECONDS:-300}" --folder "$work/mixed"
    wanted mixed-groups-dropped && { # one record is dropped on purpose: the same harness has to say so
        in_tests -Xmx384m dev.kafkaloom.mixed.MixedMain --drop --seconds 20 --assignors cooperative-sticky --folder "$work/dropped" \
            >"$work/dropped.out" 2>"$work/dropped.err"
        status=$?
        check mixed-groups-dropped "exit=$status $(grep -o 'history: [^;]*' "$work/dropped.out" | tail -1)" \
            test $status = 0 -a "$(count 'history: 1 lost' "$work/dropped.out")" -ge 1
    }
    wanted kill-loop && measured kill-loop -Xmx512m dev.kafkaloom.proof.KillLoopMain "${KILL_SECONDS:-180}"
    wanted blocked-handlers && measured blocked-handlers -Xmx512m dev.kafkaloom.consumer.BlockedHandlersFigures
    wanted spinning-handler && measured spinning-handler -Xmx512m dev.kafkaloom.runtime.SpinningHandlerFigures
    wanted in-flight && measured in-flight -Xmx512m dev.kafkaloom.consumer.InFlightFigures
    wanted idle-partitions && idle_partitions
    wanted unclean && unclean
    wanted matrix && measured matrix -Xmx512m dev.kafkaloom.matrix.ConsumerMatrixMain "${MATRIX:-all}"
fi
exit $failed
