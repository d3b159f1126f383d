package dev.kafkaloom;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the layers of src/DESIGN.md: a package imports only what lies below it, and no package of its own line. */
class LayersTest {
    private static final String ROOT = "dev.kafkaloom.";

    /** From the top; packages of one line never import each other. */
    private static final List<Set<String>> LINES = List.of(
            Set.of("cli"),
            Set.of("console"),
            Set.of("embedded", "fake"),
            Set.of("config"),
            Set.of("runtime"),
            Set.of("sink", "storage"),
            Set.of("producer", "consumer", "admin"),
            Set.of("client"),
            Set.of("network"),
            Set.of("record"),
            Set.of("message"),
            Set.of("protocol", "coroutine"));

    /** What a sink or a storage may know, although more lies below it. */
    private static final Set<String> BELOW_SINK = Set.of("record", "protocol", "coroutine");

    // the generated messages are left out: they are written by one program and reach for nothing but protocol
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(LayersTest::isHandWritten)
            .importPackages("dev.kafkaloom");

    @Test
    void everyPackageHasItsLine() {
        Set<String> known = LINES.stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = OURS.stream()
                .map(type -> type.getPackageName().substring(ROOT.length()))
                .map(name -> name.replaceFirst("\\..*", "")) // what lies within a package is on its line
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).containsAll(found);
    }

    @Test
    void aPackageImportsOnlyWhatLiesBelowIt() {
        for (int line = 0; line < LINES.size(); line++) {
            for (String name : LINES.get(line)) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + name + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above(line, name))
                        .allowEmptyShould(true)
                        .check(OURS);
            }
        }
    }

    @Test
    void sinksAndStoragesKnowOnlyRecordsProtocolAndCoroutines() {
        DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage("dev.kafkaloom..");
        for (String name : Set.of("sink", "storage")) {
            String[] allowed = new TreeSet<>(BELOW_SINK)
                    .stream().map(below -> ROOT + below + "..").toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(ROOT + name + "..")
                    .should()
                    .onlyDependOnClassesThat(DescribedPredicate.not(ours)
                            .or(JavaClass.Predicates.resideInAPackage(ROOT + name + ".."))
                            .or(JavaClass.Predicates.resideInAnyPackage(allowed)))
                    .allowEmptyShould(true)
                    .check(OURS);
        }
    }

    @Test
    void threadsAreMadeInCoroutineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "coroutine..")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it makes a thread",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && Set.of("ofVirtual", "ofPlatform", "startVirtualThread")
                                        .contains(call.getTarget().getName())))
                .orShould()
                .callConstructorWhere(DescribedPredicate.describe(
                        "it makes a thread, and runs not only in the broker's own process",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && !call.getOriginOwner().getName().startsWith(ROOT + "embedded.BrokerLauncher")))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Executors")
                .check(OURS);
    }

    @Test
    void onlyTheConsoleAndTheCommandLineKnowTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "console..", ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jline..", "picocli..")
                .check(OURS);
    }

    private static String[] above(int line, String name) {
        List<String> packages = new ArrayList<>();
        for (int i = 0; i <= line; i++) {
            LINES.get(i).stream()
                    .filter(other -> !other.equals(name))
                    .forEach(other -> packages.add(ROOT + other + ".."));
        }
        return packages.toArray(String[]::new);
    }

    private static boolean isHandWritten(Location location) {
        return !location.contains("/dev/kafkaloom/message/");
    }
}
