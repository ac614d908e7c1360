package dev.onsale.command.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onsale.api.Fault;
import dev.onsale.api.RefusedException;
import dev.onsale.api.performance.SeatingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SeatingPlanJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void missing_names_are_derived() {
        SeatingPlan plan =
                read(plan("{\"zone_id\":\"balcony\",\"rows\":[" + row("a") + "]},{\"rows\":[" + row("b") + "]}"));
        assertThat(plan.name()).isNotBlank();
        assertThat(plan.zones()).extracting(SeatingPlan.Zone::name).containsExactly("balcony", "Zone 2");
    }

    @Test
    void all_faults_are_reported_with_their_places_in_the_order_of_the_plan() {
        RefusedException refused = refusal(plan("{\"rows\":[{\"seats\":["
                + "{\"seat_guid\":\"a\",\"category\":\"I\"},"
                + "{\"seat_guid\":\"a\",\"category\":\"II\"},"
                + "{\"category\":\"I\",\"position\":{\"x\":\"left\"}}]}]}"));
        assertThat(refused.faults())
                .extracting(Fault::place)
                .containsExactly(
                        "zone 1, row 1, seat 2",
                        "zone 1, row 1, seat 2",
                        "zone 1, row 1, seat 3",
                        "zone 1, row 1, seat 3");
        assertThat(refused.faults().getFirst().problem()).contains("there twice, first at zone 1, row 1, seat 1");
        assertThat(refused.faultCount()).isEqualTo(4);
    }

    @Test
    void a_hundred_faults_are_listed_and_all_are_counted() {
        String seats = IntStream.range(0, 250)
                .mapToObj(seat -> "{\"seat_guid\":\"s" + seat + "\",\"category\":\"none\"}")
                .collect(Collectors.joining(","));
        RefusedException refused = refusal(plan("{\"rows\":[{\"seats\":[" + seats + "]}]}"));
        assertThat(refused.faults()).hasSize(Fault.REPORTED_MAX);
        assertThat(refused.faultCount()).isEqualTo(250);
    }

    @Test
    void zones_rows_and_seats_without_a_position_do_not_overlap() {
        String zone = "{\"rows\":[" + row("%1$s-a", "%1$s-b") + "," + row("%1$s-c", "%1$s-d") + "]}";
        SeatingPlan plan = read(plan(String.join(",", zone.formatted("x"), zone.formatted("y"), zone.formatted("z"))));
        List<String> places = new ArrayList<>();
        plan.zones().forEach(z -> z.rows().forEach(r -> r.seats()
                .forEach(s -> places.add((z.x() + r.x() + s.x()) + "/" + (z.y() + r.y() + s.y())))));
        assertThat(places).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void a_zone_without_a_position_is_put_beneath_one_that_has_its_place() {
        SeatingPlan plan = read(
                plan("{\"rows\":[" + row("a") + "]},{\"position\":{\"x\":0,\"y\":0},\"rows\":[" + row("b") + "]}"));
        assertThat(plan.zones().getLast().y()).isZero();
        assertThat(plan.zones().getFirst().y()).isGreaterThan(25);
    }

    @Test
    void a_zone_whose_rows_are_placed_apart_from_the_others_stays_where_it_is() {
        SeatingPlan plan = read(
                plan(
                        "{\"position\":{\"x\":0,\"y\":0},\"rows\":[" + row("a")
                                + "]},{\"rows\":[{\"position\":{\"x\":0,\"y\":500},\"seats\":[{\"seat_guid\":\"b\",\"category\":\"I\"}]}]}"));
        assertThat(plan.zones().getLast().y()).isZero();
    }

    private static String plan(String zones) {
        return "{\"categories\":[{\"name\":\"I\"}],\"zones\":[" + zones + "]}";
    }

    private static String row(String... labels) {
        return Arrays.stream(labels)
                .map(label -> "{\"seat_guid\":\"" + label + "\",\"category\":\"I\"}")
                .collect(Collectors.joining(",", "{\"seats\":[", "]}"));
    }

    private static SeatingPlan read(String json) {
        return SeatingPlanJson.read(JSON.readTree(json));
    }

    private static RefusedException refusal(String json) {
        return catchThrowableOfType(RefusedException.class, () -> read(json));
    }
}
