package dev.onsale.rehearsal.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.FailureReport;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each boundary rule detects its deliberate violation. */
@ResourceLock(value = "heap", mode = ResourceAccessMode.READ)
class RulesBiteTest {

    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("dev.onsale.planted");

    static List<Rule> rules() {
        return Rule.ALL;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_finds_its_planted_violation_and_says_what_to_do_instead(Rule rule) {
        FailureReport report = rule.rule().evaluate(PLANTED).getFailureReport();

        String plantedPackage =
                "Package " + rule.planted().substring(0, rule.planted().lastIndexOf('.')) + " ";
        assertThat(report.getDetails()).isNotEmpty().allSatisfy(detail -> assertThat(detail)
                .containsAnyOf(rule.planted(), plantedPackage));
        assertThatThrownBy(() -> rule.rule().check(PLANTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(rule.replacement());
    }

    @Test
    void every_way_to_read_the_wall_clock_is_found() {
        FailureReport report = Rules.TIME_COMES_FROM_THE_CLOCK.evaluate(PLANTED).getFailureReport();

        JavaClass planted = PLANTED.get("dev.onsale.planted.decision.ReadsTheWallClock");
        Set<String> found = new TreeSet<>();
        planted.getMethods().forEach(method -> {
            if (report.getDetails().stream().anyMatch(detail -> detail.contains(method.getFullName()))) {
                found.add(method.getName());
            }
        });
        assertThat(found)
                .containsExactly("asCalendar", "asClock", "asDate", "asInstant", "asLocalDate", "asMillis", "asTicks");
    }

    @Test
    void every_wait_without_a_limit_is_found_and_one_with_a_limit_is_not() {
        FailureReport report = Rules.EVERY_WAIT_HAS_A_LIMIT.evaluate(PLANTED).getFailureReport();

        assertThat(report.getDetails()).hasSize(4).noneMatch(detail -> detail.contains("bounded"));
    }

    @Test
    void every_way_to_start_a_bare_thread_is_found() {
        FailureReport report = Rules.THREADS_ARE_SUPERVISED.evaluate(PLANTED).getFailureReport();

        JavaClass planted = PLANTED.get("dev.onsale.planted.bean.BareThreads");
        Set<String> missed = new TreeSet<>();
        planted.getMethods().forEach(method -> {
            if (report.getDetails().stream().noneMatch(detail -> detail.contains(method.getFullName()))) {
                missed.add(method.getName());
            }
        });
        assertThat(missed).containsExactly("supervised");
    }
}
