package dev.onsale.rehearsal.boundary;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Checks the boundary rules for all classes of Onsale. */
@ResourceLock(value = "heap", mode = ResourceAccessMode.READ)
class BoundaryTest {

    private static final ImportOption SHIPPED =
            location -> !location.contains("/test-classes/") && !location.contains("/dev/onsale/testsupport/");

    private static final JavaClasses ONSALE =
            new ClassFileImporter().withImportOption(SHIPPED).importPackages("dev.onsale");

    @TestFactory
    Stream<DynamicTest> every_rule_holds() {
        return Rule.ALL.stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.toString(), () -> rule.rule().check(ONSALE)));
    }
}
