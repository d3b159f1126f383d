#!/usr/bin/env bash
# Fuzzes the readers of a built tree (mvn test-compile) for some seconds, 30 unless told otherwise: half of them the readers of 28
# messages in every version, half the reader of record batches, by Jazzer, which is guided by the code that an input reaches. Starts from
# samples and the kept corpus (src/test/resources/fuzz); what it learns stays in target/fuzz for the next run. A finding is left in
# target/failures/fuzz, printed as a line for the corpus, and makes the exit code 1. The last line is the result.
set -u
home=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P) || exit 2
cd "$home" || exit 2
seconds=${1:-30}
case $seconds in '' | *[!0-9]*) echo "usage: fuzz.sh [seconds]" >&2; exit 2 ;; esac
targets=${FUZZ_TARGETS:-MessageFuzz RecordFuzz}

die() { echo "fuzz: $*" >&2; exit 2; }

# ---- a JDK 25 as bin/kafka-client looks for one, and the class path
good_jdk() { [ -n "$1" ] && [ -x "$1/bin/java" ] && grep -q '^JAVA_VERSION="\(2[5-9]\|[3-9][0-9]\)' "$1/release" 2>/dev/null; }
jdk=
onpath=$(readlink -f "$(command -v java 2>/dev/null)" 2>/dev/null)
for candidate in "${JAVA_HOME:-}" ${onpath:+"${onpath%/bin/java}"} /usr/lib/jvm/* /usr/java/* /opt/*jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if good_jdk "$candidate"; then jdk=$candidate; break; fi
done
[ -n "$jdk" ] || die 'no JDK 25 found: set JAVA_HOME'
if [ ! -d target/test-classes/dev/kafkaloom/fuzz ] || [ ! -s target/test-classpath ]; then die 'not built: mvn test-compile'; fi
classpath=${FUZZ_CLASSES:-target/classes:target/test-classes}:$(cat target/test-classpath)
case $classpath in *jazzer*) ;; *) die 'Jazzer is not among the test libraries' ;; esac

options=(-Xmx768m -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
    -Xlog:disable -Xlog:all=error:stderr -cp "$classpath")
[ "$seconds" -gt 120 ] || options=(-XX:TieredStopAtLevel=1 "${options[@]}") # the second compiler pays later
work=target/fuzz
found=$home/target/failures/fuzz
rm -rf "$work/seeds"
mkdir -p "$work" "$found"
"$jdk/bin/java" "${options[@]}" dev.kafkaloom.fuzz.Corpus seeds "$work/seeds" >"$work/seeds.log" 2>&1 || { cat "$work/seeds.log" >&2; exit 2; }

# ---- the runs
status=0
results=
share=$((seconds / $(wc -w <<<"$targets")))
for target in $targets; do
    kind=$(tr '[:upper:]' '[:lower:]' <<<"${target%Fuzz}")s
    log=$work/$target.log
    mkdir -p "$work/$kind"
    nice -n "${FUZZ_NICE:-0}" "$jdk/bin/java" "${options[@]}" com.code_intelligence.jazzer.Jazzer \
        --target_class="dev.kafkaloom.fuzz.$target" --custom_hook_includes='dev.kafkaloom.none.**' \
        --instrumentation_includes='dev.kafkaloom.message.**:dev.kafkaloom.protocol.**:dev.kafkaloom.record.**' \
        --reproducer_path="$work" -artifact_prefix="$found/$kind-" -max_total_time="$((share > 0 ? share : 1))" \
        -max_len=20000 -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 \
        "$work/$kind" "$work/seeds/$kind" >"$log" 2>&1 </dev/null || status=1
    line=$(grep "^$kind: " "$log" | tail -1)
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    reached=$(grep -o 'cov: [0-9]* ft: [0-9]*' "$log" | tail -1 | sed 's/cov: \([0-9]*\) ft: \([0-9]*\)/\1 branches, \2 features/')
    if grep -q '^== Java Exception\|^== libFuzzer crashing\|^==.*ERROR' "$log"; then
        status=1
        grep -A 12 '^== Java Exception\|^==.*ERROR' "$log" | cut -c1-1000
    fi
    [ -n "$line" ] || { status=1; line="$kind: did not run to its end, see $log"; tail -3 "$log"; }
    echo "$line, $rate/s, $reached"
    results="$results${results:+; }$line, $rate/s"
done
[ $status = 0 ] || echo "findings are in $found"
echo "fuzz: $([ $status = 0 ] && echo ok || echo FAILED), $seconds s; $results"
exit $status
