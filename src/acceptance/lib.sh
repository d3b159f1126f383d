# What the acceptance scripts share; sourced by them. A script says what it is in $name, then sources this with its arguments:
#
#   src/acceptance/NAME.sh            clones the repository into a temporary folder and checks that
#   src/acceptance/NAME.sh --here     checks this work tree
#   ... --quick                       without the lines that take minutes
#   ... --only LINE                   one line (its name as printed)
#
# Each prints PASS|FAIL|TODO <line> <figure> and ends with $failed: 1 unless all pass.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here='' quick='' only=''
while [ $# -gt 0 ]; do
    case $1 in
        --here) here=1 ;;
        --quick) quick=1 ;;
        --only) only=$2; shift ;;
        *) echo "usage: $name.sh [--here] [--quick] [--only LINE]" >&2; exit 2 ;;
    esac
    shift
done

work=$(mktemp -d "${TMPDIR:-/tmp}/$name.XXXXXX")
pids=()
cleanup() {
    for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
    for p in "${pids[@]}"; do for _ in $(seq 50); do kill -0 "$p" 2>/dev/null || break; sleep 0.1; done; kill -9 "$p" 2>/dev/null; done
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

if [ -n "$here" ]; then home=$root; else
    git clone -q "$root" "$work/clone" || exit 2
    home=$work/clone
fi
client=$home/bin/kafka-client
failed=0
say() { # say PASS|FAIL|TODO line figure
    printf '%s %s %s\n' "$1" "$2" "${3:-}"
    [ "$1" = PASS ] || failed=1
}
check() { # check line figure command...: PASS when the command succeeds
    local line=$1 figure=$2; shift 2
    if "$@"; then say PASS "$line" "$figure"; else say FAIL "$line" "$figure"; fi
}
wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }
now() { date +%s%N; }
ms() { echo $((($(now) - $1) / 1000000)); }
await() { # await SECONDS command...: until it succeeds
    local end=$(($(now) + $1 * 1000000000)); shift
    until "$@"; do [ "$(now)" -lt "$end" ] || return 1; sleep 0.2; done
}
count() { grep -c "$@" || true; }

declare -A bootstrap broker_pid
start_broker() { # start_broker VERSION: a real broker; sets bootstrap[VERSION]
    local v=$1 out=$work/broker-$1.out
    [ -z "${bootstrap[$v]:-}" ] || return 0
    "$client" broker --kafka-version "$v" >"$out" 2>"$out.err" </dev/null &
    broker_pid[$v]=$!
    pids+=($!)
    await 120 grep -q '^bootstrap ' "$out" || { echo "no broker $v:" >&2; tail -5 "$out.err" >&2; return 1; }
    bootstrap[$v]=$(sed -n 's/^bootstrap //p' "$out" | head -1)
}

class_path() { # the jars that hold Kafka's own tools: those of the old broker itself, a jar of their own since 4.x
    if [ "${1%%.*}" = 0 ]; then
        local child
        for child in $(cat /proc/"${broker_pid[$1]}"/task/*/children 2>/dev/null); do
            tr '\0' '\n' <"/proc/$child/cmdline" | grep -A1 -x -e '-cp' -e '-classpath' -e '--class-path' | tail -1 && return
        done
        return 1
    fi
    local tools=$work/tools-$1
    if [ ! -d "$tools/lib" ]; then
        mkdir -p "$tools"
        printf '<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>tools</artifactId><version>1</version><dependencies><dependency>
            <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>%s</version></dependency></dependencies></project>' "$1" >"$tools/pom.xml"
        mvn -q -B -f "$tools/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
            -DoutputDirectory="$tools/lib" >"$tools/mvn.log" 2>&1 </dev/null || { tail -3 "$tools/mvn.log" >&2; return 1; }
    fi
    printf '%s\n' "$tools/lib/*"
}
kafka_tool() { # kafka_tool VERSION CLASS args...: one of Kafka's own tools of that version
    local v=$1 class=$2; shift 2
    local cp java
    cp=$(class_path "$v") || return 1
    java=$(readlink "/proc/${broker_pid[$v]}/exe")
    ${run:-} "$java" -Xmx256m -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$cp" "$class" "$@"
}

# --- for scripts that run mains of the test classes: build_tests first ---
mvn_here() { (cd "$home" && env -u JAVA_HOME mvn -B -ntp -DskipLint "$@"); }
build_tests() { # builds the program, so that no line is timed with it, and compiles the tests; finds the JDK
    "$client" --version >/dev/null 2>"$work/build.err" || { cat "$work/build.err" >&2; exit 2; }
    if [ ! -d "$home/target/test-classes" ] || [ -n "$(find "$home/src" "$home/pom.xml" -newer "$home/target/test-classes" -type f -print -quit)" ]; then
        mvn_here -q -DskipTests test-compile >"$work/compile.log" 2>&1 || { tail -5 "$work/compile.log" >&2; exit 2; }
    fi
    java=$("$client" jshell - 2>/dev/null <<<'System.out.println(System.getProperty("java.home") + "/bin/java")' | grep '/bin/java' | tail -1)
    [ -x "$java" ] || java=$(ls -d /usr/lib/jvm/*25*/bin/java 2>/dev/null | head -1)
}
in_tests() { # in_tests JVM-OPTIONS... CLASS args...: a main of the test classes
    (cd "$home" && "$java" --enable-native-access=ALL-UNNAMED -Djdk.virtualThreadScheduler.parallelism=4 \
        -cp "target/classes:target/test-classes:$(cat target/test-classpath)" "$@")
}
measured() { # measured LINE CLASS args...: a main that prints one line "LINE: figure" and says by its exit code whether that is right
    local line=$1 status; shift
    in_tests "$@" >"$work/$line.out" 2>"$work/$line.err"
    status=$?
    [ $status = 0 ] || tail -5 "$work/$line.err" >&2
    check "$line" "exit=$status $(grep -h "^$line: " "$work/$line.out" | tail -1 | cut -d' ' -f2-)" \
        test $status = 0 -a "$(count "^$line: " "$work/$line.out")" -ge 1
}
