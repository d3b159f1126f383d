#!/usr/bin/env bash
# The main job, end to end, as a stranger sees it: every line that issue "the main job" must show, through bin/kafka-client,
# real brokers and second clients (kcat, Kafka's own console tools). Prints PASS|FAIL|TODO <line> <figure>; exit 1 unless all pass.
# --quick leaves out mvn verify, hot and idle partitions, and the codecs of old brokers; the other arguments are lib.sh's.
name=main-job
. "$(dirname "$0")/lib.sh"

# --- the lines --------------------------------------------------------------------------------------------------------
demo() {
    local out=$work/demo.out status last
    "$client" demo --duration 20s >"$out" 2>"$out.err" </dev/null
    status=$?
    last=$(tail -1 "$out")
    local tables=0 heading
    for heading in 'current-offset.*kafka-max-offset.*remaining-count' 'consumer-group-leaderId' 'node-id.*host.*port' \
        'leader-id.*replica-nodes.*isr-nodes' 'kafka_lag' 'block_size'; do
        grep -q "$heading" "$out" && tables=$((tables + 1))
    done
    local produced consumed
    produced=$(sed -n 's/.*produced=\([0-9]*\).*/\1/p' <<<"$last")
    consumed=$(sed -n 's/.*consumed=\([0-9]*\).*/\1/p' <<<"$last")
    check demo "exit=$status tables=$tables '$last'" \
        test "$status" = 0 -a "$tables" = 6 -a -n "$produced" -a "${produced:-0}" -gt 0 -a "$produced" = "$consumed" \
        -a "$(count -c 'lag=0 members=2 rebalances=' <<<"$last")" = 1
}

descendants() { local p; for p in $(cat /proc/"$1"/task/*/children 2>/dev/null); do echo "$p"; descendants "$p"; done; }
kill9() {
    local out=$work/kill9.out family p left=0
    "$client" demo --duration 60s >"$out" 2>"$out.err" </dev/null &
    local parent=$!
    if ! await 60 test -s "$out"; then say FAIL kill-9 "the demo printed nothing in 60 s"; kill -9 $parent; return; fi
    family="$parent $(descendants $parent)"
    kill -9 "$parent"
    { wait "$parent"; } 2>/dev/null
    gone() { for p in $family; do kill -0 "$p" 2>/dev/null && return 1; done; return 0; }
    local t; t=$(now)
    await 5 gone || left=1
    check kill-9 "$(wc -w <<<"$family") processes gone after $(ms "$t") ms" test "$left" = 0 -a "$(wc -w <<<"$family")" -ge 2
}

verify() {
    local t; t=$(now)
    (cd "$home" && env -u JAVA_HOME mvn -B -ntp -q verify >"$work/verify.log" 2>&1)
    local status=$?
    [ $status = 0 ] || grep -E '<<< (FAILURE|ERROR)|^\[ERROR\]   ' "$work/verify.log" >&2
    check mvn-verify "exit=$status $(($(ms "$t") / 1000)) s, java on PATH: $(java -version 2>&1 | head -1)" test $status = 0
}

group_start() { # two members of one process on a fresh group and a fresh broker's warm offsets topic
    start_broker 4.3.1 || { say FAIL two-members-join 'no broker'; return; }
    local b=${bootstrap[4.3.1]} dir=$work/join i best=999999 t
    "$client" topics create -b "$b" -p 4 join >/dev/null 2>"$work/join.err" || true
    for i in 1 2 3; do
        run_daemon "$dir-$i" "$b" join "fresh-$i" 2
        await 30 joined "$dir-$i" 4 || break
        t=$(sed -n 's/.*joined in \([0-9]*\) ms.*/\1/p' "$dir-$i/err" | tail -1)
        [ -n "$t" ] && [ "$t" -lt "$best" ] && best=$t
        stop_daemon "$dir-$i"
    done
    check two-members-join "$best ms until both members own their partitions (best of 3, fresh groups)" test "$best" -lt 3000
}
declare -A daemon_pid
run_daemon() { # run_daemon DIR BOOTSTRAP TOPIC GROUP MEMBERS: a daemon with a folder of its own
    mkdir -p "$1"
    cp -r "$home/config" "$home/.env" "$1/"
    KAFKA_LOOM_HOME=$1 "$client" --daemon -b "$2" -X topic.names="$3" -X group.id="$4" -X KAFKA_CLIENT_CONSUMER_NUM="$5" \
        >"$1/out" 2>"$1/err" </dev/null &
    daemon_pid[$1]=$!
    pids+=($!)
}
stop_daemon() { kill -TERM "${daemon_pid[$1]}"; wait "${daemon_pid[$1]}"; }
joined() { # joined DIR PARTITIONS: the daemon owns that many
    [ "$(KAFKA_LOOM_HOME=$1 "$client" rpc coroutines 2>/dev/null | count -E ' partition-')" = "$2" ]
}

sigterm() {
    start_broker 4.3.1 || { say FAIL sigterm 'no broker'; return; }
    local b=${bootstrap[4.3.1]} one=$work/term-1 two=$work/term-2 status t took
    "$client" topics create -b "$b" -p 4 term >/dev/null 2>&1
    run_daemon "$one" "$b" term term 2
    run_daemon "$two" "$b" term term 2
    both() { joined "$one" 2 && joined "$two" 2; }
    if ! await 30 both; then say FAIL sigterm 'the two daemons do not share the topic'; return; fi
    sleep 10 # heartbeats come quicker while a group forms: let them settle at their interval
    # one console attached to the survivor asks four times a second, so that no JVM start is in the figure
    (for _ in $(seq 80); do echo coroutines; sleep 0.25; done) | KAFKA_LOOM_HOME=$two "$client" attach >>"$work/term.log" 2>&1 &
    local watcher=$!
    await 10 grep -q partition- "$work/term.log"
    : >"$work/term.log"
    t=$(now)
    kill -TERM "${daemon_pid[$one]}"
    owns_all() { [ "$(grep -oE 'partition-term-[0-9]' "$work/term.log" | sort -u | wc -l)" = 4 ]; }
    await 20 owns_all
    took=$(ms "$t")
    wait "${daemon_pid[$one]}"; status=$?
    kill $watcher 2>/dev/null
    check sigterm "others own all partitions after $took ms (heartbeat 3000 + 1000), exit=$status" test "$took" -lt 4000 -a "$status" = 0
    local answered=0 command
    for command in kafka_lag offset_checker block_size member_leader metadata_brokers metadata_topics; do
        KAFKA_LOOM_HOME=$two "$client" rpc $command >"$work/rpc.$command" 2>&1 && [ -s "$work/rpc.$command" ] && answered=$((answered + 1))
    done
    stop_daemon "$two"
    local none; KAFKA_LOOM_HOME=$two "$client" rpc kafka_lag >"$work/rpc.none" 2>&1; none=$?
    check rpc "$answered of 6 answered; without a daemon exit=$none, $(wc -l <"$work/rpc.none") line" \
        test "$answered" = 6 -a "$none" = 1 -a "$(wc -l <"$work/rpc.none")" = 1
}

hot_idle() {
    start_broker 4.3.1 || { say FAIL hot-and-idle 'no broker'; return; }
    local b=${bootstrap[4.3.1]} n=2000000 value i t alone=999999999 beside=999999999
    value=$(head -c 100 /dev/zero | tr '\0' x)
    "$client" topics create -b "$b" -p 1 alone >/dev/null 2>&1
    "$client" topics create -b "$b" -p 2 beside >/dev/null 2>&1
    "$client" produce -b "$b" -t alone -p 0 -r $n "$value" >/dev/null || { say FAIL hot-and-idle 'produce failed'; return; }
    "$client" produce -b "$b" -t beside -p 0 -r $n "$value" >/dev/null
    for i in 1 2 3 4 5; do
        t=$(now); "$client" consume -b "$b" -t alone -g "alone-$i" -o beginning -n $n >/dev/null; t=$(ms "$t"); [ "$t" -lt $alone ] && alone=$t
        t=$(now); "$client" consume -b "$b" -t beside -g "beside-$i" -o beginning -n $n >/dev/null; t=$(ms "$t"); [ "$t" -lt $beside ] && beside=$t
    done
    check hot-and-idle "$n records alone $alone ms, beside an idle partition $beside ms (best of 5, alternating): $((beside * 100 / alone)) %" \
        test $((beside * 100)) -le $((alone * 110))
}

interop() { # every codec the broker knows, both ways, kcat and Kafka's own console tools
    local v=$1 codecs=$2 b codec wrong=0 done=0 t kcat_options=()
    start_broker "$v" || { say FAIL "interop-$v" 'no broker'; return; }
    command -v kcat >/dev/null || { say FAIL "interop-$v" 'kcat is not installed'; return; }
    b=${bootstrap[$v]}
    [ "${v%%.*}" = 0 ] && kcat_options=(-X api.version.request=false -X broker.version.fallback="$v")
    same() { done=$((done + 1)); [ "$2" = "$3" ] || { wrong=$((wrong + 1)); echo "interop $v $1: '$2' is not '$3'" >&2; }; }
    for codec in $codecs; do
        t=i-$codec
        "$client" topics create -b "$b" -p 1 "$t" >/dev/null 2>&1
        "$client" produce -b "$b" -t "$t" -k k1 -c "$codec" "ours-$codec" >/dev/null
        if [ "${v%%.*}" = 0 ]; then
            same "$codec kcat reads" "$(kcat "${kcat_options[@]}" -q -C -b "$b" -t "$t" -o beginning -e -c1 -f '%k=%s')" "k1=ours-$codec"
        else
            "$client" produce -b "$b" -t "$t" -k k2 -H h=v -c "$codec" "headed-$codec" >/dev/null
            same "$codec kcat reads" "$(kcat -q -C -b "$b" -t "$t" -o beginning -e -f '%k=%s %h\n')" "k1=ours-$codec 
k2=headed-$codec h=v"
        fi
        same "$codec console consumer reads" "$(console_consumer "$v" "$b" "$t")" "k1:ours-$codec"
        echo "k3=kcat-$codec" | kcat "${kcat_options[@]}" -q -P -b "$b" -t "$t" -p 0 -z "$codec" -K =
        [ "$codec" = zstd ] || echo "k4:tool-$codec" | console_producer "$v" "$b" "$t" "$codec"
        same "$codec consume reads kcat's" "$("$client" consume -b "$b" -t "$t" -o beginning -e -f json | count "\"key\":\"k3\",\"value\":\"kcat-$codec\"")" 1
        [ "$codec" = zstd ] || same "$codec consume reads the console producer's" \
            "$("$client" consume -b "$b" -t "$t" -o beginning -e -f json | count "\"key\":\"k4\",\"value\":\"tool-$codec\"")" 1
    done
    check "interop-$v" "$done comparisons, $wrong wrong ($codecs)" test "$wrong" = 0 -a "$done" -gt 0
}
console_consumer() { # VERSION BOOTSTRAP TOPIC: the first record as key:value
    if [ "${1%%.*}" = 0 ]; then
        kafka_tool "$1" kafka.tools.ConsoleConsumer --new-consumer --bootstrap-server "$2" --topic "$3" --from-beginning --max-messages 1 \
            --property print.key=true --property key.separator=: 2>/dev/null
    else
        kafka_tool "$1" org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$2" --topic "$3" --from-beginning --max-messages 1 \
            --formatter-property print.key=true --formatter-property key.separator=: 2>/dev/null
    fi
}
console_producer() { # VERSION BOOTSTRAP TOPIC CODEC, lines key:value on standard input
    if [ "${1%%.*}" = 0 ]; then
        kafka_tool "$1" kafka.tools.ConsoleProducer --broker-list "$2" --topic "$3" --compression-codec "$4" \
            --property parse.key=true --property key.separator=: >/dev/null 2>&1
    else
        kafka_tool "$1" org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$2" --topic "$3" --compression-codec "$4" \
            --reader-property parse.key=true --reader-property key.separator=: >/dev/null 2>&1
    fi
}

mixed() { # a member of ours, one of Java's console consumer, one of librdkafka: one group, 4 partitions
    start_broker 4.3.1 || { say FAIL mixed-group 'no broker'; return; }
    local b=${bootstrap[4.3.1]} dir=$work/mixed java_pid kcat_pid
    "$client" topics create -b "$b" -p 4 mixed >/dev/null 2>&1
    run_daemon "$dir" "$b" mixed mixed 1
    await 30 joined "$dir" 4 || { say FAIL mixed-group 'ours did not get the topic'; return; }
    printf 'partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor\nauto.offset.reset=earliest\n' >"$work/range.properties"
    run=exec kafka_tool 4.3.1 org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$b" --topic mixed --group mixed \
        --command-config "$work/range.properties" >"$work/mixed.java" 2>&1 &
    java_pid=$!; pids+=($java_pid)
    await 30 joined "$dir" 2 || { say FAIL mixed-group "with a Java member ours does not own 2 of 4: $(tail -1 "$work/mixed.java")"; return; }
    kcat -u -b "$b" -G mixed -X partition.assignment.strategy=range -X auto.offset.reset=earliest mixed >"$work/mixed.kcat" 2>"$work/mixed.kcat.err" &
    kcat_pid=$!; pids+=($kcat_pid)
    owned() { kafka_tool 4.3.1 org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$b" --describe --group mixed \
        2>/dev/null | awk '$2 == "mixed" && $7 != "-" { print $3, $7 }' | sort; }
    three() { [ "$(owned | awk '{ print $2 }' | sort -u | wc -l)" = 3 ] && [ "$(owned | awk '{ print $1 }' | sort -u | wc -l)" = 4 ]; }
    await 40 three || { say FAIL mixed-group "three members do not share four partitions: $(owned | tr '\n' ' ')"; return; }
    local twice; twice=$(owned | awk '{ print $1 }' | uniq -d | wc -l)
    # every record reaches exactly one of them
    local i; for i in 0 1 2 3; do "$client" produce -b "$b" -t mixed -p $i -r 50 "m-$i" >/dev/null; done
    everything() { [ "$(cat "$dir/out" "$work/mixed.java" "$work/mixed.kcat" | count 'm-[0-3]')" = 200 ]; }
    await 20 everything
    local got; got=$(cat "$dir/out" "$work/mixed.java" "$work/mixed.kcat" | count 'm-[0-3]')
    kill $java_pid $kcat_pid; wait $java_pid $kcat_pid 2>/dev/null
    await 30 joined "$dir" 4; local back=$?
    check mixed-group "ours, Java and librdkafka: 4 partitions, $twice owned twice, $got of 200 records once, all 4 back to ours: $((back == 0))" \
        test "$twice" = 0 -a "$got" = 200 -a "$back" = 0
    stop_daemon "$dir"
}

errors() {
    start_broker 4.3.1 || { say FAIL errors 'no broker'; return; }
    local b=${bootstrap[4.3.1]} wrong=0 n=0
    one() { # one NAME STATUS PATTERN command...: one clear line on stderr within 15 s, the exit code, no stack trace
        local name=$1 want=$2 pattern=$3 t status lines; shift 3
        n=$((n + 1)); t=$(now)
        timeout 30 "$@" >"$work/e.out" 2>"$work/e.err" </dev/null; status=$?
        lines=$(count . <"$work/e.err")
        if [ "$status" != "$want" ] || [ "$(ms "$t")" -gt 15000 ] || [ "$lines" != 1 ] || ! grep -qiE "$pattern" "$work/e.err" ||
            grep -qE '^\s+at |Exception in' "$work/e.err"; then
            wrong=$((wrong + 1))
            { echo "errors $name: exit $status (want $want) after $(ms "$t") ms, $lines lines:"; head -5 "$work/e.err"; } >&2
        fi
    }
    local bad=$work/bad; mkdir -p "$bad"; cp -r "$home/config" "$home/.env" "$bad/"
    sed -i 's/^\( *\)heartbeat.interval.ms:.*/\1heartbeat.interval.ms: soon/' "$bad/config/common.yaml"
    one 'no broker' 1 '127.0.0.1:1\b' "$client" consume -b 127.0.0.1:1 -t x -e
    one 'no broker, runtime' 1 '127.0.0.1:1\b' "$client" --daemon -b 127.0.0.1:1
    one 'wrong port' 1 "127.0.0.1:$wrong_port" "$client" produce -b "127.0.0.1:$wrong_port" -t x hello
    one 'unknown topic' 1 'no-such-topic' "$client" consume -b "$b" -t no-such-topic -e
    one 'bad YAML' 2 'common.yaml:[0-9]+.*heartbeat.interval.ms' env KAFKA_LOOM_HOME="$bad" "$client" --daemon -b "$b"
    one 'unknown flag' 2 'no-such-flag' "$client" consume --no-such-flag
    one 'unknown setting' 2 'no.such.setting' "$client" consume -b "$b" -t x -X no.such.setting=1 -e
    head -c 2000000 /dev/zero | tr '\0' x >"$work/large"
    one 'record too large' 1 '1048576|too large|larger' sh -c "'$client' produce -b $b -t large --stdin <'$work/large'"
    one 'more members than partitions' 1 '\b9\b.*\b4\b|\b4\b.*\b9\b' "$client" --daemon -b "$b" -X topic.names=errors -X group.id=e -X KAFKA_CLIENT_CONSUMER_NUM=9
    check errors "$((n - wrong)) of $n as they should be" test "$wrong" = 0
}

wanted demo && demo
wanted kill-9 && kill9
wanted two-members-join && group_start
wanted sigterm && sigterm
if wanted errors; then
    start_broker 4.3.1 && "$client" topics create -b "${bootstrap[4.3.1]}" -p 4 errors >/dev/null 2>&1
    # a listener that speaks, but not Kafka
    wrong_port=$((20000 + RANDOM % 10000))
    if command -v python3 >/dev/null; then
        python3 -c "import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', $wrong_port)); s.listen()
while True:
    c, _ = s.accept(); c.recv(10); c.sendall(b'HTTP/1.1 400 Bad Request\r\n\r\n'); c.close()" &
        pids+=($!)
    fi
    errors
fi
wanted mixed-group && mixed
wanted interop-4.3.1 && interop 4.3.1 'none gzip snappy lz4 zstd'
if [ -z "$quick" ]; then
    wanted interop-0.9.0.1 && interop 0.9.0.1 'none gzip snappy lz4'
    wanted hot-and-idle && hot_idle
    wanted mvn-verify && verify
fi
exit $failed
