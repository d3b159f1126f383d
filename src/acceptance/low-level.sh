#!/usr/bin/env bash
# One client that reaches every broker, and survives what networks do: every line that the issue "LowLevel" must show, through
# bin/kafka-client, real brokers, and Kafka's own tools as the second client. --quick leaves out the matrix of all releases and the
# benchmark, and the cluster, which is in mvn verify, and makes 20,000 calls of the storm instead of 100,000; the other arguments are lib.sh's.
name=low-level
. "$(dirname "$0")/lib.sh"

"$client" --version >/dev/null 2>"$work/build.err" || { cat "$work/build.err" >&2; exit 2; } # builds, so that no line below is timed with it
mvn_here() { (cd "$home" && env -u JAVA_HOME mvn -B -ntp -DskipLint "$@"); }
if [ ! -d "$home/target/test-classes" ] || [ -n "$(find "$home/src" "$home/pom.xml" -newer "$home/target/test-classes" -type f -print -quit)" ]; then
    mvn_here -q -DskipTests test-compile >"$work/compile.log" 2>&1 || { tail -5 "$work/compile.log" >&2; exit 2; }
fi
java=$("$client" jshell - 2>/dev/null <<<'System.out.println(System.getProperty("java.home") + "/bin/java")' | grep '/bin/java' | tail -1)
[ -x "$java" ] || java=$(ls -d /usr/lib/jvm/*25*/bin/java 2>/dev/null | head -1)
in_tests() { # in_tests JVM-OPTIONS... CLASS args...: a main of the test classes
    (cd "$home" && "$java" --enable-native-access=ALL-UNNAMED -cp "target/classes:target/test-classes:$(cat target/test-classpath)" "$@")
}

# --- the matrix -------------------------------------------------------------------------------------------------------
matrix() { # every release and mode: the README's table, measured again
    in_tests -Xmx1g dev.kafkaloom.matrix.MatrixMain >"$work/matrix.md" 2>"$work/matrix.err"
    local status=$? rows good
    cat "$work/matrix.md"
    rows=$(count -E '^\| [0-9]' "$work/matrix.md")
    good=$(grep -E '^\| [0-9]' "$work/matrix.md" | count -v FAIL)
    check matrix "exit=$status, $good of $rows releases and modes" test $status = 0 -a "$rows" -ge 16 -a "$good" = "$rows"
}

storm() { # once over fake brokers that fail in every way, once through a bad network to a real one
    local calls=100000 line status; [ -z "$quick" ] || calls=20000
    start_broker 4.3.1 || { say FAIL storm 'no broker'; return; }
    for line in storm storm-real; do
        in_tests -Xmx64m dev.kafkaloom.storm.StormMain $calls "$((RANDOM * 32768 + RANDOM))" \
            $([ $line = storm ] || echo "${bootstrap[4.3.1]}") >"$work/$line.out" 2>"$work/$line.err"
        status=$?
        check $line "exit=$status $(grep -h '^storm: ' "$work/$line.out" | tail -1)" test $status = 0 -a "$(count '^storm: ok' "$work/$line.out")" = 1
        calls=20000
    done
}

# --- the commands, beside Kafka's own tools ---------------------------------------------------------------------------
right=0 asked=0
same() { # same WHAT OURS THEIRS
    asked=$((asked + 1))
    if [ "$2" = "$3" ]; then right=$((right + 1)); else echo "low-level $1: '$2' is not '$3'" >&2; fi
}
numbers() { tr -c '0-9\n' ' ' | tr -s ' ' | sed 's/^ //; s/ $//'; }
end_offsets() { # VERSION BOOTSTRAP TOPIC TIME: lines partition offset, by Kafka's own tool
    if [ "${1%%.*}" = 0 ]; then kafka_tool "$1" kafka.tools.GetOffsetShell --broker-list "$2" --topic "$3" --time "$4"
    else kafka_tool "$1" org.apache.kafka.tools.GetOffsetShell --bootstrap-server "$2" --topic "$3" --time "$4"; fi 2>/dev/null |
        awk -F: -v t="$3" '$1 == t { print $2, $3 }' | sort -n
}
group_offsets() { # VERSION BOOTSTRAP GROUP TOPIC: lines partition committed lag, by Kafka's own tool
    if [ "${1%%.*}" = 0 ]; then
        kafka_tool "$1" kafka.admin.ConsumerGroupCommand --new-consumer --bootstrap-server "$2" --describe --group "$3" 2>/dev/null |
            tr -d ',' | awk -v t="$4" '$2 == t && $4 ~ /^[0-9]/ { print $3, $4, $6 }' | sort -n
    else
        kafka_tool "$1" org.apache.kafka.tools.consumer.group.ConsumerGroupCommand --bootstrap-server "$2" --describe --group "$3" 2>/dev/null |
            awk -v t="$4" '$2 == t && $4 ~ /^[0-9]/ { print $3, $4, $6 }' | sort -n
    fi
}
cells() { # a table on standard input: its rows without the frame and the head, some columns (awk's fields), sorted
    tr '|│' '  ' | awk -v t="$1" -v want="$2" '$1 == t { n = split(want, w, ","); line = ""; for (i = 1; i <= n; i++) line = line (i > 1 ? " " : "") $w[i]; print line }' | sort -n
}
commands() {
    local v=$1 b t=low-level g=low-group old='' member status
    start_broker "$v" || { say FAIL "commands-$v" 'no broker'; return; }
    [ "${v%%.*}" = 0 ] && old=1
    b=${bootstrap[$v]} right=0 asked=0
    run() { "$client" "$1" -b "$b" "${@:2}" 2>>"$work/commands-$v.err"; }
    local partitions=3 both=$'0 0 10\n1 0 5\n2 0 0' committed=$'0 4\n1 5'
    [ -z "$old" ] || partitions=1 both='0 0 10' committed='0 4' # a 0.9 makes topics by itself, with its own number
    run topics create "$t" -p $partitions >/dev/null
    run kafka.produce -t "$t" -p 0 -r 10 a >/dev/null
    [ -n "$old" ] || run kafka.produce -t "$t" -p 1 -r 5 b >/dev/null
    same 'newest offsets' "$(run kafka.list_offsets -t "$t" -1 | cells "$t" 2,3)" "$(end_offsets "$v" "$b" "$t" -1)"
    same 'oldest offsets' "$(run kafka.list_offsets -t "$t" -2 | cells "$t" 2,3)" "$(end_offsets "$v" "$b" "$t" -2)"
    same 'both at once' "$(run kafka.list_offsets -t "$t" 0 | cells "$t" 2,3,4)" "$both"
    run kafka.offset_commit -g "$g" -t "$t" -p 0 4 >"$work/commit.out"
    same 'a first commit, before and after' "$(cells "$t" 2,3 <"$work/commit.out" | grep '^0' | tr '\n' ' ' | tr -s ' ')" '0 0 4 '
    [ -n "$old" ] || run kafka.offset_commit -g "$g" -t "$t" -p 1 5 >/dev/null
    same 'committed offsets' "$(run kafka.offset_fetch -g "$g" -t "$t" | cells "$t" 2,3 | grep ' [0-9]')" "$committed"
    same 'lag, one number' "$(run kafka.customs.lag -g "$g" -t "$t")" 6
    if [ -z "$old" ]; then # the tool of 0.9 describes only groups that have members
        same "committed and lag as Kafka's own tool says" "$(run offset_checker -g "$g" "$t" | cells "$t" 2,3,5 | grep -E '^[01] ')" "$(group_offsets "$v" "$b" "$g" "$t")"
    fi
    kcat -q -b "$b" ${old:+-X api.version.request=false -X broker.version.fallback="$v"} -X client.id=second-client -X session.timeout.ms=6000 -G "$g" "$t" >/dev/null 2>"$work/kcat.err" &
    member=$!; pids+=($member)
    has_member() { run kafka.describe_groups -g "$g" | grep -q second-client; }
    await 30 has_member; same 'a live member is described' $? 0
    same 'groups are listed' "$(run groups --format json | grep -c "\"$g\"")" 1
    same 'groups are described' "$(run groups describe "$g" --format json | grep -c "\"$t\"")" 1
    "$client" kafka.offset_commit -b "$b" -g "$g" -t "$t" -p 0 1 >"$work/live.out" 2>"$work/live.err"; status=$?
    same 'no commit under a live member, said in one line' "$status $(wc -l <"$work/live.err")" '1 1'
    kill $member; wait $member 2>/dev/null
    same 'topics are listed' "$(run topics --format json | grep -c "\"$t\"")" 1
    same 'topics are described' "$(run topics describe "$t" --format json | grep -c "\"$t\"")" 1
    if [ -n "$old" ]; then
        "$client" groups delete "$g" --yes -b "$b" >/dev/null 2>"$work/since.err"; status=$?
        same 'what 0.9 has not is said in one line' "$status $(wc -l <"$work/since.err") $(count -i 'since' "$work/since.err")" '1 1 1'
    else
        left() { run groups delete "$g" --yes >/dev/null; }
        await 20 left; same 'a group is deleted' "$(run groups --format json | grep -c "\"$g\"")" 0
        run topics delete "$t" --yes >/dev/null; same 'a topic is deleted' "$(run topics --format json | grep -c "\"$t\"")" 0
    fi
    check "commands-$v" "$right of $asked as they should be" test "$right" = "$asked"
}

json_everywhere() { # each command in JSON: every line of it begins and ends as a JSON value does, nothing else on standard output
    start_broker 4.3.1 || { say FAIL json 'no broker'; return; }
    local b=${bootstrap[4.3.1]} good=0 n=0 words
    "$client" topics create json -p 1 -b "$b" >/dev/null 2>&1
    "$client" kafka.offset_commit -b "$b" -g json -t json -p 0 0 >/dev/null 2>&1
    for words in 'topics' 'topics describe json' 'groups' 'groups describe json' 'kafka.list_offsets -t json' 'kafka.list_offsets -t json -1' \
        'kafka.offset_fetch -g json -t json' 'kafka.offset_commit -g json -t json -p 0 0' 'kafka.customs.lag -g json -t json' \
        'kafka.describe_groups -g json' 'metadata_brokers' 'topics create json-2 -p 1' 'topics delete json-2 --yes'; do
        n=$((n + 1))
        if "$client" $words -b "$b" --format json >"$work/json.out" 2>"$work/json.err" && [ -s "$work/json.out" ] &&
            ! grep -qvE '^([[{].*[]}]|[0-9]+)$' "$work/json.out"; then good=$((good + 1)); else echo "json $words: $(head -c 200 "$work/json.out") $(head -1 "$work/json.err")" >&2; fi
    done
    check json "$good of $n commands answer in JSON" test "$good" = "$n"
}

# --- networks ---------------------------------------------------------------------------------------------------------
no_timeout() { # a 0.9 does not answer ApiVersions: found out without waiting for anything
    start_broker 0.9.0.1 || { say FAIL no-timeout-0.9 'no broker'; return; }
    local i t took asked=999999 told=999999
    for i in 1 2 3; do # told which release it is, the client does not ask: what asking adds is the difference
        t=$(now); "$client" topics -b "${bootstrap[0.9.0.1]}" >/dev/null 2>&1 || break
        took=$(ms "$t"); [ "$took" -lt "$asked" ] && asked=$took
        t=$(now); "$client" topics -b "${bootstrap[0.9.0.1]}" -X kafka.version=0.9.0.1 >/dev/null 2>&1 || break
        took=$(ms "$t"); [ "$took" -lt "$told" ] && told=$took
    done
    check no-timeout-0.9 "topics of a 0.9.0.1 in $asked ms, told its release $told ms, start included (best of 3)" \
        test "$asked" -lt 15000 -a $((asked - told)) -lt 1000
}

resolve() { # a broker behind a name that does not exist, as through a tunnel: bootstrap and advertised address are rewritten
    start_broker 4.3.1 || { say FAIL resolve 'no broker'; return; }
    local b=${bootstrap[4.3.1]} right=0 status
    "$client" topics -b kafka.example.invalid:9092 --resolve "kafka.example.invalid:9092=$b" >"$work/resolve.out" 2>"$work/resolve.err" && right=$((right + 1))
    "$client" topics -b kafka.example.invalid:9092 -X default.api.timeout.ms=5000 >/dev/null 2>"$work/unresolved.err"; status=$?
    [ $status = 1 ] && [ "$(wc -l <"$work/unresolved.err")" = 1 ] && right=$((right + 1))
    "$client" topics -b "$b" --resolve "$b=127.0.0.1:1" -X default.api.timeout.ms=5000 >/dev/null 2>"$work/wrongly.err"; status=$?
    [ $status = 1 ] && grep -q '127.0.0.1:1' "$work/wrongly.err" && right=$((right + 1))
    check resolve "$right of 3: rewritten; without it one line; both addresses named when it leads nowhere" test "$right" = 3
}

trace() { # every frame decoded and in hex, on standard error; no secret in it
    start_broker 4.3.1 || { say FAIL trace 'no broker'; return; }
    local b=${bootstrap[4.3.1]} plain traced secrets
    "$client" topics -b "$b" --format json >"$work/plain.out" 2>/dev/null
    "$client" topics -b "$b" --format json --trace >"$work/traced.out" 2>"$work/traced.err"
    cmp -s "$work/plain.out" "$work/traced.out"; plain=$?
    traced=$(count -E '> (ApiVersions|Metadata) v[0-9]+|< (ApiVersions|Metadata) v[0-9]+' "$work/traced.err")
    "$client" request IncrementalAlterConfigs -b "$b" --trace \
        --json '{"resources":[{"resourceType":4,"resourceName":"1","configs":[{"name":"listener.name.ssl.ssl.key.password","configOperation":0,"value":"hunter2-secret"}]}],"validateOnly":true}' \
        >"$work/secret.out" 2>"$work/secret.err"
    secrets=$(cat "$work/secret.err" | count -E 'hunter2|68756e746572|68 75 6e 74')
    check trace "standard output the same: $((plain == 0)), $traced heads of ApiVersions and Metadata, $secrets lines with the secret" \
        test "$plain" = 0 -a "$traced" -ge 4 -a "$secrets" = 0 -a "$(count IncrementalAlterConfigs "$work/secret.err")" -ge 1
}

explained() { # brokers close the connection on what they do not understand: one line says what may be wrong
    start_broker 4.3.1 || { say FAIL explained 'no broker'; return; }
    local b=${bootstrap[4.3.1]} status t took
    "$client" topics create explained -p 1 -b "$b" >/dev/null 2>&1
    t=$(now) # told it were a 0.9, it is asked in versions that 4.x has no more
    "$client" kafka.list_offsets -t explained -1 -b "$b" -X kafka.version=0.9.0.1 >/dev/null 2>"$work/explained.err"; status=$?
    took=$(ms "$t")
    check explained "exit=$status after $took ms: $(head -1 "$work/explained.err" | cut -c1-200)" \
        test $status = 1 -a "$(wc -l <"$work/explained.err")" = 1 -a "$took" -lt 15000 -a "$(count -E 'kafka.version|version' "$work/explained.err")" = 1
}

cluster() { # three brokers: one suspended delays nobody else's calls; all of them on other ports are found again; one killed
    mvn_here verify -Pchaos -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='ClusterIT,SpansClusterIT' >"$work/cluster.log" 2>&1
    local status=$?
    check cluster "exit=$status $(grep -ho 'Tests run: [0-9]*, Failures: [0-9]*, Errors: [0-9]*' "$work/cluster.log" | tail -1)" test $status = 0
    check sigstop "$(grep -h '^one of three brokers is silent, ' "$work/cluster.log" | sed 's/^one of three brokers is silent, //' | tr '\n' ';')" \
        test $status = 0 -a "$(count '^one of three brokers is silent' "$work/cluster.log")" -ge 4
    check other-ports "$(grep -h '^all brokers moved to other ports' "$work/cluster.log" | tail -1)" \
        test $status = 0 -a "$(count '^all brokers moved to other ports' "$work/cluster.log")" = 1
}

calls() { # the benchmark, and whether every goal in it is met
    local out=$work/calls.out status rows met
    (cd "$home" && env -u JAVA_HOME mvn -q -Pbench -DskipLint process-test-classes -Dbench=calls) >"$out" 2>&1 </dev/null
    status=$?
    grep '^|' "$out"
    rows=$(count -E '^\|.*\| (yes|NO) \|$' "$out")
    met=$(count -E '^\|.*\| yes \|$' "$out")
    check calls "exit=$status, $met of $rows goals met" test $status = 0 -a "$rows" = 3 -a "$met" = 3
}

wanted commands-4.3.1 && commands 4.3.1
wanted commands-0.9.0.1 && commands 0.9.0.1
wanted json && json_everywhere
wanted no-timeout-0.9 && no_timeout
wanted resolve && resolve
wanted trace && trace
wanted explained && explained
wanted storm && storm
if [ -z "$quick" ]; then
    { wanted cluster || wanted sigstop || wanted other-ports; } && cluster
    wanted calls && calls
    wanted matrix && matrix
fi
exit $failed
