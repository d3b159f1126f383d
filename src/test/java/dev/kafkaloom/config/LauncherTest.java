package dev.kafkaloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of bin/kafka-client in a project of its own, with a JDK and a Maven that only say how they were called. */
class LauncherTest {
    /** What the machine has is out of sight: these are moved into the temporary folder. */
    private static final List<String> SYSTEM_FOLDERS =
            List.of("/usr/lib/jvm", "/usr/java", "/opt", "/Library", "/usr/libexec");

    private static final String FAKE_MAVEN = """
            #!/bin/sh
            echo "mvn $*" >>"$TRACE"
            [ -z "${MVN_FAILS:-}" ] || { echo "[ERROR] Foo.java:3 ';' expected"; exit 1; }
            [ -z "${MVN_WAITS_FOR:-}" ] || until [ -e "$MVN_WAITS_FOR" ]; do sleep 0.02; done
            mkdir -p target/classes
            echo "$LIBRARY" >target/classpath
            """;

    @TempDir
    private Path temp;

    private Path project;
    private Path launcher;
    private final Map<String, String> environment = new HashMap<>();

    private record Result(int exit, String out, String err) {}

    @BeforeEach
    void project() throws IOException {
        project = Files.createDirectories(temp.resolve("a project"));
        Files.createDirectories(project.resolve("src/main"));
        Files.createDirectories(project.resolve("src/generator"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        String script = Files.readString(Path.of("bin/kafka-client"));
        for (String folder : SYSTEM_FOLDERS) {
            script = script.replace(folder + "/", "'" + temp + "'" + folder + "/");
        }
        launcher = executable(project.resolve("bin/kafka-client"), script);
        executable(temp.resolve("path/mvn"), FAKE_MAVEN);
        Path library = Files.writeString(temp.resolve("library.jar"), "");
        environment.put("PATH", temp.resolve("path") + ":/usr/bin:/bin");
        environment.put("HOME", temp.resolve("some home").toString());
        environment.put("TRACE", temp.resolve("trace").toString());
        environment.put("LIBRARY", library.toString());
        executable(temp.resolve("path/java"), "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n");
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String folder, String release) throws IOException {
        Path jdk = temp.resolve(folder.startsWith("/") ? folder.substring(1) : folder);
        executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                [ "$1" != -version ] || { echo 'openjdk version "%s" 2026-01-01' >&2; exit 0; }
                echo "java of %s"
                printf '%%s\\n' "$@"
                exit "${JAVA_EXIT:-0}"
                """.formatted(release, jdk));
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        return jdk;
    }

    private static Path withReleaseFile(Path jdk, String release) throws IOException {
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + release + "\"\n");
        return jdk;
    }

    private static Result finish(Process process, Path err) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, Files.readString(err));
    }

    private Result run(String... args) throws IOException, InterruptedException {
        return run(launcher, temp, args);
    }

    private Result run(Path script, Path folder, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Path err = Files.createTempFile(temp, "err", "");
        return finish(builder.redirectError(err.toFile()).start(), err);
    }

    private List<String> builds() throws IOException {
        Path trace = temp.resolve("trace");
        return Files.exists(trace) ? Files.readAllLines(trace) : List.of();
    }

    @Test
    void startsTheProgramWithTheArgumentsAsTheyAre() throws Exception {
        environment.put(
                "JAVA_HOME", withReleaseFile(jdk("my jdk", "25"), "25.0.1").toString());
        environment.put("KAFKA_LOOM_OPTS", "-Xmx99m -Dx=y");
        Result result = run("rpc", "two words", "*", "");
        assertThat(result.exit).isZero();
        assertThat(result.out.lines())
                .startsWith("java of " + temp.resolve("my jdk"))
                .contains(
                        "-Xmx99m",
                        "-Dx=y",
                        "-Dkafkaloom.home=" + project.toRealPath(),
                        "--enable-native-access=ALL-UNNAMED",
                        project.toRealPath() + "/target/classes:" + temp.resolve("library.jar"));
        assertThat(result.out).endsWith("dev.kafkaloom.cli.Main\nrpc\ntwo words\n*\n\n");
        assertThat(result.out).containsPattern("-Djdk.virtualThreadScheduler.parallelism=([4-9]|\\d\\d+)\n");
    }

    @Test
    void jarsOfOnesOwnComeBehindItsOwn() throws Exception {
        environment.put(
                "JAVA_HOME", withReleaseFile(jdk("my jdk", "25"), "25.0.1").toString());
        Path folder = Files.createDirectories(temp.resolve("my sinks"));
        String own = Files.createFile(folder.resolve("a.jar")) + ":" + folder;
        environment.put("KAFKA_LOOM_CLASSPATH", own);
        Result result = run("start");
        assertThat(result.out.lines())
                .contains(project.toRealPath() + "/target/classes:" + temp.resolve("library.jar") + ":" + own);
    }

    @Test
    void aJarOfOnesOwnThatIsNotThereIsNamed() throws Exception {
        environment.put(
                "JAVA_HOME", withReleaseFile(jdk("my jdk", "25"), "25.0.1").toString());
        environment.put("KAFKA_LOOM_CLASSPATH", temp + ":" + temp.resolve("no such.jar"));
        Result result = run("start");
        assertThat(result.exit).isEqualTo(1);
        assertThat(result.err).contains("KAFKA_LOOM_CLASSPATH: there is no " + temp.resolve("no such.jar"));
    }

    @Test
    void passesTheExitCodeOn() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        environment.put("JAVA_EXIT", "2");
        assertThat(run("x").exit).isEqualTo(2);
    }

    @Test
    void worksThroughSymbolicLinksFromAnyFolder() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Path folder = Files.createDirectories(temp.resolve("links here"));
        Files.createSymbolicLink(folder.resolve("second"), Path.of("../a project/bin/kafka-client"));
        Files.createSymbolicLink(folder.resolve("first"), folder.resolve("second"));
        assertThat(run(Path.of("first"), folder).out.lines()).contains("-Dkafkaloom.home=" + project.toRealPath());
    }

    @Test
    void passesOverAnOldJavaHomeAndFindsANewJdkInTheUsualFolders() throws Exception {
        environment.put("JAVA_HOME", withReleaseFile(jdk("old", "17"), "17.0.2").toString());
        withReleaseFile(jdk("usr/lib/jvm/a-21", "21"), "21.0.2");
        Path found = withReleaseFile(jdk("usr/lib/jvm/b-25", "25"), "25");
        assertThat(run("x").out).startsWith("java of " + found + "\n");
    }

    @Test
    void findsTheJdkBehindTheJavaOnThePath() throws Exception {
        Path jdk = jdk("elsewhere/jdk-26", "26-ea");
        Files.delete(temp.resolve("path/java"));
        Files.createSymbolicLink(temp.resolve("path/java"), jdk.resolve("bin/java"));
        assertThat(run("x").out).startsWith("java of " + jdk + "\n");
    }

    @Test
    void findsAJdkOfSdkmanInTheHomeFolder() throws Exception {
        Path jdk = withReleaseFile(jdk("some home/.sdkman/candidates/java/25-tem", "25"), "25.0.3");
        assertThat(run("x").out).startsWith("java of " + jdk + "\n");
    }

    @Test
    void aRuntimeWithoutACompilerIsNoJdk() throws Exception {
        Path jre = jdk("usr/lib/jvm/jre-25", "25");
        Files.delete(jre.resolve("bin/javac"));
        Result result = run("x");
        assertThat(result.exit).isEqualTo(1);
        assertThat(result.out).isEmpty();
        assertThat(result.err.lines())
                .singleElement()
                .asString()
                .contains("no JDK 25 or newer found")
                .contains("JAVA_HOME");
        assertThat(builds()).isEmpty();
    }

    @Test
    void buildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Result first = run("x");
        assertThat(first.err).contains("building").contains("target/build.log");
        assertThat(run("x").err).isEmpty();
        assertThat(builds()).containsExactly("mvn -q -B -DskipTests -DskipLint process-classes");

        Path source = Files.writeString(project.resolve("src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        run("x");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void aBuildIsPackedIntoAJarWithACacheOfOneStart() throws Exception {
        Path jdk = jdk("jdk", "25");
        environment.put("JAVA_HOME", jdk.toString());
        executable(jdk.resolve("bin/jar"), "#!/bin/sh\nwhile [ \"$1\" != --file ]; do shift; done\necho jar >\"$2\"\n");
        executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                [ "$1" != -version ] || { echo 'openjdk version "25"' >&2; exit 0; }
                for arg in "$@"; do
                    case $arg in -XX:AOTCacheOutput=*) echo "$*" >"${arg#*=}"; exit 1 ;; esac
                done
                printf '%s\\n' "$@"
                """);
        Result result = run("x");
        Path target = project.toRealPath().resolve("target");
        assertThat(result.out.lines())
                .contains(
                        "-XX:AOTCache=" + target + "/kafka-client.aot",
                        target + "/kafka-client.jar:" + temp.resolve("library.jar"));
        assertThat(target.resolve("kafka-client.aot"))
                .content()
                .contains("kafka-client.jar")
                .contains("kafka.produce");
        environment.put("KAFKA_LOOM_BUILD", "never");
        assertThat(run("x").out).contains("target/classes:").doesNotContain("AOTCache");
    }

    @Test
    void buildsAgainWhenALibraryIsGone() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        run("x");
        Files.delete(temp.resolve("library.jar"));
        run("x");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void aFailedBuildShowsTheLogsEndAndIsTriedAgain() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        environment.put("MVN_FAILS", "yes");
        Result failed = run("x");
        assertThat(failed.exit).isEqualTo(1);
        assertThat(failed.out).isEmpty();
        assertThat(failed.err)
                .contains("Foo.java:3 ';' expected")
                .contains("the build failed")
                .contains("build.log");
        environment.remove("MVN_FAILS");
        assertThat(run("x").exit).isZero();
        assertThat(builds()).hasSize(2);
    }

    @Test
    void withoutMavenOneLineSaysSo() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Files.delete(temp.resolve("path/mvn"));
        Path tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : List.of(
                "sed", "head", "tail", "cat", "find", "dirname", "readlink", "mkdir", "mv", "rm", "getconf", "flock")) {
            Path usr = Path.of("/usr/bin", tool);
            Path found = Files.exists(usr) ? usr : Path.of("/bin", tool);
            if (Files.exists(found)) {
                executable(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
            }
        }
        environment.put("PATH", tools.toString());
        Result result = run("x");
        assertThat(result.exit).isEqualTo(1);
        assertThat(result.err.lines()).singleElement().asString().contains("no mvn on the PATH");
    }

    @Test
    void neverBuildingIsForThoseWhoBuiltThemselves() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        environment.put("KAFKA_LOOM_BUILD", "never");
        assertThat(run("x").err).contains("not built");
        Files.createDirectories(project.resolve("target/classes"));
        Files.writeString(project.resolve("target/classpath"), "a.jar");
        assertThat(run("x").exit).isZero();
        assertThat(builds()).isEmpty();
    }

    @Test
    void twoStartersBuildOnce() throws Exception {
        twoStartersBuildOnce(launcher);
    }

    @Test
    void twoStartersBuildOnceWhereThereIsNoFlock() throws Exception {
        String script = Files.readString(launcher);
        assertThat(script).contains("command -v flock");
        twoStartersBuildOnce(executable(launcher, script.replace("command -v flock", "command -v no-such-flock")));
        assertThat(project.resolve("target/.kafka-client-lock.d")).doesNotExist();
    }

    private void twoStartersBuildOnce(Path script) throws IOException, InterruptedException {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        Path go = temp.resolve("go");
        environment.put("MVN_WAITS_FOR", go.toString());
        Path errOfFirst = temp.resolve("first.err");
        Path errOfSecond = temp.resolve("second.err");
        Process first = starter(script, errOfFirst);
        awaitText(errOfFirst, "building");
        Process second = starter(script, errOfSecond);
        awaitText(errOfSecond, "waiting");
        Files.writeString(go, "");
        assertThat(finish(first, errOfFirst).exit).isZero();
        assertThat(finish(second, errOfSecond).exit).isZero();
        assertThat(builds()).hasSize(1);
    }

    private Process starter(Path script, Path err) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString(), "x");
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.redirectError(err.toFile()).start();
    }

    private static void awaitText(Path file, String text) {
        await().until(() -> Files.exists(file) && Files.readString(file).contains(text));
    }

    @Test
    void aLockWhoseOwnerDiedIsTakenOver() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        executable(launcher, Files.readString(launcher).replace("command -v flock", "command -v no-such-flock"));
        Process dead = new ProcessBuilder("/bin/sh", "-c", "exit 0").start();
        dead.waitFor();
        Path lock = Files.createDirectories(project.resolve("target/.kafka-client-lock.d"));
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
        assertThat(run("x").exit).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aSignalDuringTheBuildEndsMavenAsWell() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk", "25").toString());
        environment.put("MVN_WAITS_FOR", temp.resolve("never").toString());
        Path err = temp.resolve("signal.err");
        Process process = starter(launcher, err);
        await().until(() -> !builds().isEmpty());
        ProcessHandle maven = await().until(() -> process.children().findFirst().orElse(null), Objects::nonNull);
        process.toHandle().destroy(); // process.destroy() would close its streams
        assertThat(finish(process, err).exit).isEqualTo(143);
        await().until(() -> !maven.isAlive());
        environment.remove("MVN_WAITS_FOR");
        assertThat(run("x").exit).isZero();
    }

    @Test
    void signalsReachTheProgram() throws Exception {
        Path jdk = jdk("jdk", "25");
        environment.put("JAVA_HOME", jdk.toString());
        executable(
                jdk.resolve("bin/java"),
                "#!/bin/sh\n[ \"$1\" != -version ] || { echo 'openjdk version \"25\"' >&2; exit 0; }\necho $$\nexec sleep 60\n");
        Path err = temp.resolve("signal.err");
        Process process = starter(launcher, err);
        try (var out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo(Long.toString(process.pid()));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
