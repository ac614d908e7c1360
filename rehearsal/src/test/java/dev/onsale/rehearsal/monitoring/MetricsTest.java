package dev.onsale.rehearsal.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/operations.md and the alert rules name is in the scrape of a running application. */
@SharedOnsale
class MetricsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LAZY = "exists after the first";
    private static final Pattern NAME = Pattern.compile("`([a-z][a-z0-9_]+)`");
    private static final Pattern IN_RULES =
            Pattern.compile("\\b((?:onsale|reservation|http_server|resilience4j|jvm|hikaricp|kafka)_[a-z0-9_]+)\\b");

    /** Ids, digests, addresses, times and long numbers: a label with one of them has a value for each buyer or sale. */
    private static final Pattern UNBOUNDED = Pattern.compile(
            "[0-9a-f]{8}-[0-9a-f]{4}-.*|[0-9a-f]{16,}|\\d{6,}|\\d+\\.\\d+\\.\\d+\\.\\d+(:\\d+)?|\\d{4}-\\d\\d-\\d\\dT.*");

    /** As many as there are servers of Redis. */
    private static final String ADDRESS_OF_REDIS = "net_sock_peer_addr";

    private static final int VALUES_OF_A_LABEL_MAX = 150;
    private static final int SERIES_OF_A_METRIC_MAX = 2_500;

    private final Onsale onsale;

    MetricsTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private record Documented(Set<String> required, Set<String> lazy) {}

    @Test
    void every_documented_metric_is_scraped() throws Exception {
        a_seat_is_sold();
        Documented documented = documented();
        assertThat(documented.required()).hasSizeGreaterThan(80);
        await("all documented metrics").atMost(LIMIT).untilAsserted(() -> assertThat(missing(documented.required()))
                .as("documented in docs/operations.md and not in the scrape")
                .isEmpty());
    }

    @Test
    void every_metric_of_the_alert_rules_is_scraped_or_documented() throws Exception {
        Set<String> used = new TreeSet<>();
        for (String line : Files.readAllLines(repository("deploy/prometheus/onsale-rules.yml"))) {
            if (!line.strip().startsWith("#") && !line.contains("summary:") && !line.contains("description:")) {
                IN_RULES.matcher(line).results().forEach(found -> used.add(found.group(1)));
            }
        }
        assertThat(used).hasSizeGreaterThan(15);
        used.removeAll(documented().lazy());
        await("all metrics of the alert rules").atMost(LIMIT).untilAsserted(() -> assertThat(missing(used))
                .as("used in onsale-rules.yml and not in the scrape")
                .isEmpty());
    }

    @Test
    void no_label_has_a_value_for_each_buyer_sale_or_request() throws Exception {
        a_seat_is_sold();
        Scrape scrape = Scrape.of(onsale);
        List<String> unbounded = new ArrayList<>();
        scrape.labels()
                .forEach((name, labels) -> labels.forEach((label, values) -> {
                    if (values.size() > VALUES_OF_A_LABEL_MAX) {
                        unbounded.add(name + " has " + values.size() + " values of " + label);
                    }
                    values.stream()
                            .filter(value -> !label.equals(ADDRESS_OF_REDIS)
                                    && UNBOUNDED.matcher(value).matches())
                            .forEach(value -> unbounded.add(name + "{" + label + "=" + value + "}"));
                }));
        assertThat(unbounded).isEmpty();
        scrape.series().forEach((name, count) -> assertThat(count).as(name).isLessThan(SERIES_OF_A_METRIC_MAX));
    }

    @Test
    void an_address_that_does_not_exist_is_one_series() throws Exception {
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(onsale.get("/api/nothing-of-this-kind-" + attempt)
                            .as(onsale.operator())
                            .send()
                            .status())
                    .isEqualTo(404);
        }
        assertThat(Scrape.of(onsale)
                        .labels()
                        .getOrDefault("http_server_requests_seconds_count", java.util.Map.of())
                        .getOrDefault("uri", Set.of()))
                .isNotEmpty()
                .noneMatch(uri -> uri.contains("nothing-of-this-kind"));
    }

    private void a_seat_is_sold() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person buyer = onsale.person("metrics-" + performance);
        String reservation = buyer.hasHeld(performance, "P-1-1");
        buyer.pays(reservation, "metrics-" + reservation, Person.GOOD_CARD).require(202);
        buyer.awaits(reservation, "CONFIRMED", "CAPTURED");
    }

    private List<String> missing(Set<String> names) throws Exception {
        Scrape scrape = Scrape.of(onsale);
        return names.stream().filter(name -> !scrape.has(name)).toList();
    }

    private static Documented documented() throws IOException {
        Set<String> required = new TreeSet<>();
        Set<String> lazy = new TreeSet<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(repository("docs/operations.md"))) {
            if (line.startsWith("| metric |")) {
                inTable = true;
            } else if (inTable && line.isBlank()) {
                break;
            } else if (inTable && !line.startsWith("|---")) {
                Set<String> into = line.contains(LAZY) ? lazy : required;
                String names = List.of(line.split("\\|")).get(1);
                NAME.matcher(names).results().forEach(found -> into.add(found.group(1)));
            }
        }
        return new Documented(required, lazy);
    }

    private static Path repository(String file) {
        return Path.of(System.getProperty("basedir", "."), "..", file).normalize();
    }
}
