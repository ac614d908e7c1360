package dev.onsale.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.embedded.EmbeddedAddresses;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("services")
class TestServicesTest {

    private static final Map<String, String> GIVEN = Map.of(
            "ONSALE_TEST_JDBC_URL", "jdbc:mysql://db:3306/onsale",
            "ONSALE_TEST_JDBC_USER", "alice",
            "ONSALE_TEST_JDBC_PASSWORD", "secret",
            "ONSALE_TEST_REDIS", "redis:6379",
            "ONSALE_TEST_KAFKA", "kafka:9092");

    @Test
    void given_addresses_are_used_as_they_are() {
        assertThat(TestServices.given(GIVEN))
                .contains(new EmbeddedAddresses(
                        "jdbc:mysql://db:3306/onsale", "alice", "secret", "redis", 6379, "kafka:9092"));
    }

    @Test
    void without_given_addresses_there_are_none() {
        assertThat(TestServices.given(Map.of("PATH", "/bin"))).isEmpty();
    }

    @Test
    void addresses_given_in_part_are_refused_by_the_name_of_the_missing_one() {
        var partly = new HashMap<>(GIVEN);
        partly.remove("ONSALE_TEST_KAFKA");

        assertThatThrownBy(() -> TestServices.given(partly)).hasMessageContaining("ONSALE_TEST_KAFKA is missing");
    }

    @Test
    void the_shared_services_are_started_once() {
        assertThat(TestServices.shared()).isSameAs(TestServices.shared());
    }
}
