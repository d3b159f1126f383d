#!/usr/bin/env bash
# The whole protocol, proven byte for byte: every line that the issue must show. The messages to compare with are made by Apache's own
# classes (kafka-clients 3.9.2 and 4.x, each in a class loader of its own), the brokers are real.
# --quick fuzzes 30 s instead of ten minutes and leaves the benchmarks out; the other arguments are lib.sh's.
name=protocol
. "$(dirname "$0")/lib.sh"

"$client" --version >/dev/null 2>"$work/build.err" || { cat "$work/build.err" >&2; exit 2; } # builds, so that no line below is timed with it
mvn_here() { (cd "$home" && env -u JAVA_HOME mvn -B -ntp -DskipLint "$@"); }
if [ ! -d "$home/target/test-classes" ] || [ -n "$(find "$home/src" "$home/pom.xml" -newer "$home/target/test-classes" -type f -print -quit)" ]; then
    mvn_here -q -DskipTests test-compile >"$work/compile.log" 2>&1 || { tail -5 "$work/compile.log" >&2; exit 2; }
fi
apache() { # apache new|old SEED SAMPLES OUT: lines "key TAB version TAB request|response TAB hex TAB json" by Apache's classes alone
    (cd "$home" && "$java" -Xmx1g -cp "target/test-classes:$(cat target/test-classpath)" dev.kafkaloom.conformance.CorpusMain "$@")
}
java=$("$client" jshell - 2>/dev/null <<<'System.out.println(System.getProperty("java.home") + "/bin/java")' | grep '/bin/java' | tail -1)
[ -x "$java" ] || java=$(ls -d /usr/lib/jvm/*25*/bin/java 2>/dev/null | head -1)

# --- the lines --------------------------------------------------------------------------------------------------------
conforms() { # the test prints its count, and fails if a pair is missing
    mvn_here test -Dtest='dev.kafkaloom.conformance.*Test' -DtrimStackTrace=true >"$work/conforms.log" 2>&1
    local status=$? line
    line=$(grep -ho 'conformance: 736 of 736.*' "$work/conforms.log" "$home"/target/surefire-reports/*conformance*.txt 2>/dev/null | head -1)
    check conforms "exit=$status '$line'" test $status = 0 -a -n "$line"
}

flip() { # one byte of one message flipped on purpose has to turn it red
    mvn_here test -Dtest=ConformanceTest '-Dconformance.flip=FetchResponse v12' -DtrimStackTrace=true >"$work/flip.log" 2>&1
    local status=$? line
    line=$(grep -ho '735 of 736 messages' "$work/flip.log" | head -1)
    check flip "exit=$status '$line'" test $status != 0 -a -n "$line"
}

same() { # same OURS THEIRS: how many lines differ
    paste -d '\n' "$1" "$2" | awk 'NR % 2 { a = $0; next } a != $0 { n++ } END { print n + 0 }'
}
corpus() { # corpus new|old: random messages of a held-out seed through decode --batch and encode --batch
    local jar=$1 seed lines wrong_json wrong_hex status1 status2
    seed=$((RANDOM * 32768 + RANDOM))
    apache "$jar" $seed 2 "$work/corpus-$jar" || { say FAIL "corpus-$jar" "no corpus made"; return; }
    cut -f1-4 "$work/corpus-$jar" >"$work/$jar.in"
    cut -f1-3,5- "$work/corpus-$jar" >"$work/$jar.json-in"
    cut -f4 "$work/corpus-$jar" >"$work/$jar.hex"
    cut -f5- "$work/corpus-$jar" >"$work/$jar.json"
    "$client" protocol decode --batch <"$work/$jar.in" >"$work/$jar.json-out"; status1=$?
    "$client" protocol encode --batch <"$work/$jar.json-in" >"$work/$jar.hex-out"; status2=$?
    lines=$(wc -l <"$work/corpus-$jar")
    wrong_json=$(same "$work/$jar.json" "$work/$jar.json-out")
    wrong_hex=$(same "$work/$jar.hex" "$work/$jar.hex-out")
    check "corpus-$jar" "seed=$seed: $lines messages, decoded otherwise: $wrong_json, encoded otherwise: $wrong_hex" \
        test "$lines" -gt 500 -a "$wrong_json" = 0 -a "$wrong_hex" = 0 -a $status1 = 0 -a $status2 = 0 \
        -a "$(wc -l <"$work/$jar.json-out")" = "$lines" -a "$(wc -l <"$work/$jar.hex-out")" = "$lines"
}

speed() {
    [ -s "$work/new.in" ] || { apache new 1 2 "$work/corpus-new" && cut -f1-4 "$work/corpus-new" >"$work/new.in"; }
    : >"$work/speed.in"
    while [ "$(wc -l <"$work/speed.in")" -lt 4000 ]; do cat "$work/new.in" >>"$work/speed.in"; done
    head -4000 "$work/speed.in" >"$work/speed.4000"
    local i t best=999999 took lines=0
    for i in 1 2 3; do
        t=$(now)
        "$client" protocol decode --batch <"$work/speed.4000" >"$work/speed.out" || break
        took=$(ms "$t"); [ "$took" -lt "$best" ] && best=$took
        lines=$(wc -l <"$work/speed.out")
    done
    check speed "$lines lines in $best ms, start included (best of 3)" test "$lines" = 4000 -a "$best" -lt 5000
}

bad_lines() { # a line that cannot be read becomes an error, the others are still answered, and the exit code is 1
    printf '18\t0\trequest\t\n18\t0\trequest\tff\n18\t99\trequest\t\nnonsense\n' | "$client" protocol decode --batch >"$work/bad.out" 2>/dev/null
    local status=$?
    check bad-lines "exit=$status, $(count '"error"' "$work/bad.out") of 4 are errors" \
        test $status = 1 -a "$(wc -l <"$work/bad.out")" = 4 -a "$(count '"error"' "$work/bad.out")" = 3
}

fuzz() {
    local seconds=600; [ -z "$quick" ] || seconds=30
    (cd "$home" && src/acceptance/fuzz.sh $seconds) >"$work/fuzz.log" 2>&1
    local status=$?
    check fuzz "exit=$status $(tail -1 "$work/fuzz.log")" test $status = 0
}

requests() { # requests VERSION: any API as JSON, by a real broker
    local v=$1 b api right=0 asked=0
    start_broker "$v" || { say FAIL "request-$v" 'no broker'; return; }
    b=${bootstrap[$v]}
    "$client" topics create -b "$b" protocol-acceptance >/dev/null 2>&1
    ask() { # ask EXPECTED api args...
        asked=$((asked + 1))
        if "$client" request -b "$b" "${@:2}" >"$work/request.out" 2>"$work/request.err" && grep -qE "$1" "$work/request.out"; then
            right=$((right + 1))
        else
            echo "request ${*:2}: $(head -c 300 "$work/request.out") $(head -2 "$work/request.err")" >&2
        fi
    }
    broker_id() { "$client" request -b "$b" "$1" | grep -oE "\"$2\" ?: ?[0-9]+" | head -1 | grep -oE '[0-9]+$'; }
    if [ "${v%%.*}" = 0 ]; then
        ask '"brokers"' Metadata --json '{"topics":[]}'
        ask '"groups"' ListGroups
        ask '"errorCode" ?: ?0' FindCoordinator --json '{"key":"some-group"}'
        ask '"topics"' ListOffsets --broker "$(broker_id Metadata nodeId)" --json '{"replicaId":-1,"topics":[{"name":"protocol-acceptance","partitions":[{"partitionIndex":0,"timestamp":-1,"maxNumOffsets":1}]}]}'
        asked=$((asked + 1))
        "$client" request -b "$b" ApiVersions >"$work/request.out" 2>"$work/request.err"
        [ $? = 1 ] && [ "$(wc -l <"$work/request.err")" = 1 ] && right=$((right + 1))
    else
        ask '"apiKeys"' ApiVersions
        ask '"clusterId"' DescribeCluster
        ask 'retention.ms' DescribeConfigs --json '{"resources":[{"resourceType":2,"resourceName":"protocol-acceptance","configurationKeys":null}]}'
        ask '"groups"' ListGroups
        ask '"apiKeys"' ApiVersions --version 0
        ask '"brokers"' Metadata --version 5 --broker "$(broker_id DescribeCluster brokerId)"
    fi
    check "request-$v" "$right of $asked answered as they should be" test "$right" = "$asked"
}

schema() {
    local apis fields
    apis=$("$client" protocol list --format json | grep -oE '"key" ?: ?"?[0-9]+' | sort -u | wc -l)
    fields=$("$client" protocol fields Fetch --version 12 | wc -l)
    check schema "$apis APIs listed, Fetch v12 has $fields lines" test "$apis" = 95 -a "$fields" -gt 30
}

bench() { # the table, and whether every goal in it is met
    local out=$work/bench.out status rows met
    (cd "$home" && eval "$(sed -n 's/^\(mvn .*-Pbench[^#]*\).*/\1/p' README.md | head -1)") >"$out" 2>&1 </dev/null
    status=$?
    grep '^|' "$out"
    rows=$(count -E '^\|.*\| (yes|NO) \|$' "$out")
    met=$(count -E '^\|.*\| yes \|$' "$out")
    check bench "exit=$status, $rows cases beside kafka-clients" test $status = 0 -a "$rows" -gt 15
    check bench-goals "$met of $rows met" test "$rows" -gt 0 -a "$met" = "$rows"
}

wanted conforms && conforms
wanted flip && flip
wanted corpus-new && corpus new
wanted corpus-old && corpus old
wanted speed && speed
wanted bad-lines && bad_lines
wanted schema && schema
wanted request-4.3.1 && requests 4.3.1
wanted request-0.9.0.1 && requests 0.9.0.1
wanted fuzz && fuzz
[ -n "$quick" ] || { wanted bench && bench; }
exit $failed
