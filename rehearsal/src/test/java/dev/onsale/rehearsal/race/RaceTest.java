package dev.onsale.rehearsal.race;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Answer;
import dev.onsale.rehearsal.running.AuditLog.Event;
import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import dev.onsale.testsupport.Races;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many buyers make the same request at the same time. The winner is arbitrary; the number of winners is fixed. */
@SharedOnsale
class RaceTest {

    private final Onsale onsale;

    RaceTest(Onsale onsale) {
        this.onsale = onsale;
    }

    @Test
    void of_three_hundred_buyers_one_gets_the_seat_and_the_others_hear_that_it_is_taken() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        List<Person> buyers = people("seat-buyer", 300);

        List<Answer> answers = together(300, i -> () -> buyers.get(i).holds(performance, "key", "P-1-1"));

        assertThat(outcomes(answers)).isEqualTo(Map.of("201", 1L, "409 SEAT_TAKEN", 299L));
        List<Event> events = onsale.log().ofSale(performance);
        assertThat(count(events, "onsale.seat-held")).isEqualTo(1);
        assertThat(count(events, "onsale.reservation-held")).isEqualTo(1);
        assertThat(count(events, "onsale.allowance-used")).isEqualTo(1);
        assertThat(events).as("the losers wrote nothing").hasSize(4);
    }

    @Test
    void of_a_hundred_and_twenty_people_exactly_a_hundred_get_a_coupon_each_with_a_rank_of_its_own() throws Exception {
        String campaign = Sales.launched(onsale, Sales.campaign(100));
        List<Person> people = people("collector", 120);

        List<Answer> answers = together(120, i -> () -> people.get(i).asksForCoupon(campaign, "key"));

        assertThat(outcomes(answers)).isEqualTo(Map.of("201", 100L, "409 SOLD_OUT", 20L));
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 201)
                        .map(answer -> answer.json().path("rank").asInt())
                        .sorted())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(count(onsale.log().ofSale(campaign), "onsale.coupon-issued")).isEqualTo(100);
    }

    @Test
    void one_key_sent_a_hundred_times_at_once_is_one_reservation_and_one_answer() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person buyer = onsale.person("impatient");

        List<Answer> answers = together(100, i -> () -> buyer.holds(performance, "the-key", "P-3-3", "P-3-4"));

        assertThat(outcomes(answers).keySet()).isSubsetOf("201", "409 REQUEST_IN_FLIGHT");
        Answer afterwards = buyer.holds(performance, "the-key", "P-3-3", "P-3-4");
        assertThat(afterwards.status()).isEqualTo(201);
        assertThat(answers.stream().filter(answer -> answer.status() == 201).map(Answer::body))
                .isNotEmpty()
                .allMatch(afterwards.body()::equals);
        List<Event> events = onsale.log().ofSale(performance);
        assertThat(count(events, "onsale.reservation-held")).isEqualTo(1);
        assertThat(count(events, "onsale.seat-held")).isEqualTo(2);
    }

    @Test
    void one_person_who_sends_many_keys_at_once_gets_no_more_seats_than_one_person_may_have() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person greedy = onsale.person("greedy");

        List<Answer> answers = together(
                50, i -> () -> greedy.holds(performance, "key-" + i, "P-" + (1 + i / 10) + "-" + (1 + i % 10)));

        assertThat(outcomes(answers)).isEqualTo(Map.of("201", 4L, "409 ALLOWANCE_EXCEEDED", 46L));
        assertThat(count(onsale.log().ofSale(performance), "onsale.seat-held")).isEqualTo(4);
    }

    @Test
    void buyers_of_overlapping_pairs_hold_both_seats_or_none() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        List<Person> buyers = people("pair-buyer", 90);

        List<Answer> answers = together(
                90, i -> () -> buyers.get(i).holds(performance, "key", "P-1-" + (1 + i % 9), "P-1-" + (2 + i % 9)));

        Map<String, Long> outcomes = outcomes(answers);
        assertThat(outcomes.keySet()).isEqualTo(Set.of("201", "409 SEAT_TAKEN"));
        Set<String> held = new HashSet<>();
        for (Answer answer : answers) {
            if (answer.status() == 201) {
                assertThat(answer.json().path("seats").size()).isEqualTo(2);
                answer.json().path("seats").forEach(seat -> assertThat(
                                held.add(seat.path("seat").asString()))
                        .as("seat %s is held once", seat)
                        .isTrue());
            }
        }
        assertThat(count(onsale.log().ofSale(performance), "onsale.seat-held")).isEqualTo(held.size());
    }

    @Test
    void of_sixty_buyers_of_the_best_pairs_as_many_get_one_as_there_are() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        List<Person> buyers = people("best-buyer", 60);

        List<Answer> answers = together(60, i -> () -> buyers.get(i).holdsBest(performance, "key", 2));

        assertThat(outcomes(answers)).isEqualTo(Map.of("201", 25L, "409 NOT_ENOUGH_SEATS", 35L));
        Set<String> held = new HashSet<>();
        answers.stream().filter(answer -> answer.status() == 201).forEach(answer -> {
            List<String> pair = answer.json()
                    .path("seats")
                    .valueStream()
                    .map(seat -> seat.path("seat").asString())
                    .toList();
            assertThat(pair.getFirst().substring(0, 4))
                    .as("one row")
                    .isEqualTo(pair.getLast().substring(0, 4));
            held.addAll(pair);
        });
        assertThat(held).hasSize(50);
        assertThat(count(onsale.log().ofSale(performance), "onsale.seat-held")).isEqualTo(50);
    }

    @Test
    void seats_that_are_booked_and_cancelled_over_and_over_are_all_there_in_the_end() throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        List<Person> buyers = people("fickle", 8);

        List<Races.Outcome<Integer>> rounds = Races.together(8, i -> () -> {
            Person buyer = buyers.get(i);
            for (int round = 0; round < 3; round++) {
                String id = buyer.holdsBest(performance, "hold-" + round, 2)
                        .require(201)
                        .path("reservationId")
                        .asString();
                if ((i + round) % 2 == 0) {
                    assertThat(buyer.pays(id, "pay-" + round, Person.GOOD_CARD).status())
                            .isEqualTo(202);
                    buyer.awaits(id, "CONFIRMED", "CAPTURED");
                }
                Answer first = buyer.cancels(id);
                first.require(200);
                assertThat(buyer.cancels(id).json()).isEqualTo(first.json());
            }
            return 3;
        });

        assertThat(Races.failures(rounds)).isEmpty();
        int taken = 0;
        for (Event event : onsale.log().ofSale(performance)) {
            taken += switch (event.type()) {
                case "onsale.seat-held" -> 1;
                case "onsale.seat-released", "onsale.seat-freed", "onsale.seat-hold-expired" -> -1;
                default -> 0;
            };
            assertThat(taken).as("taken after %s", event).isBetween(0, 50);
        }
        assertThat(taken).isZero();
        await("the seat map without a seat taken")
                .atMost(Duration.ofSeconds(60))
                .until(() -> onsale.get("/api/performances/" + performance + "/seat-map")
                                .send()
                                .require(200)
                                .path("counts")
                                .path("available")
                                .asInt()
                        == 50);
    }

    private List<Person> people(String name, int count) throws Exception {
        return onsale.people(
                IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList());
    }

    private static List<Answer> together(int n, IntFunction<Callable<Answer>> tasks) throws InterruptedException {
        List<Races.Outcome<Answer>> outcomes = Races.together(n, tasks);
        assertThat(Races.failures(outcomes)).isEmpty();
        return Races.returned(outcomes);
    }

    private static Map<String, Long> outcomes(List<Answer> answers) {
        return answers.stream()
                .collect(groupingBy(
                        answer -> (answer.status() + " " + answer.code()).strip(), TreeMap::new, counting()));
    }

    private static long count(List<Event> events, String type) {
        return events.stream().filter(event -> event.type().equals(type)).count();
    }
}
