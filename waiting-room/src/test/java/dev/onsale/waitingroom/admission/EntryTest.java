package dev.onsale.waitingroom.admission;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.BOUND;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.get;
import static dev.onsale.waitingroom.RoomFixture.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.key.SaleId;
import dev.onsale.waitingroom.redis.RedisScripts;
import dev.onsale.waitingroom.room.RoomSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@Tag("services")
class EntryTest {

    private static final Duration ACTIVE = Duration.ofSeconds(RoomSettings.ACTIVE_SECONDS_DEFAULT);
    private static final Duration TOKEN = Duration.ofSeconds(RoomSettings.TOKEN_SECONDS_DEFAULT);

    private final RoomFixture room = new RoomFixture().open(10, 10);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void an_admission_token_opens_the_sale_once() throws Exception {
        String token = room.admissionTokenOf(ALICE);
        assertThat(room.isActive(ALICE)).isFalse();

        room.enter(ALICE, token);

        assertThat(room.isActive(ALICE)).isTrue();
        assertThat(room.poll(ALICE).entered()).isTrue();
        assertThat(room.status().entered()).isEqualTo(1);
        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, token));
    }

    @Test
    void of_a_thousand_entries_with_one_token_at_once_one_succeeds() {
        String token = room.admissionTokenOf(ALICE);

        Map<String, Long> outcomes = await(Flux.range(0, 1_000)
                        .flatMap(
                                i -> room.entries
                                        .enter(room.sale, ALICE, token)
                                        .map(until -> "ENTERED")
                                        .onErrorResume(
                                                RefusedException.class,
                                                refused ->
                                                        Mono.just(refused.code().name())),
                                1_000)
                        .collectList())
                .stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(outcomes).isEqualTo(Map.of("ENTERED", 1L, "ADMISSION_TOKEN_USED", 999L));
    }

    @Test
    void the_token_is_given_as_often_as_asked_and_all_copies_are_the_same_token() {
        String first = room.admissionTokenOf(ALICE);
        String again = token(room.poll(ALICE));
        String joinedAgain = token(room.join(ALICE));

        room.enter(ALICE, again);

        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, first));
        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, joinedAgain));
    }

    @Test
    void somebody_elses_token_is_refused() {
        String token = room.admissionTokenOf(ALICE);
        room.admissionTokenOf(BOB);

        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> room.enter(BOB, token));
        room.enter(ALICE, token);
    }

    @Test
    void a_token_of_another_sale_is_refused() {
        String token = room.admissionTokenOf(ALICE);
        SaleId other = SaleId.of("another-sale");

        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> await(room.entries.enter(other, ALICE, token)));
    }

    @Test
    void a_place_that_ended_opens_nothing_though_the_token_is_still_valid() {
        String token = room.admissionTokenOf(ALICE);
        room.clock.advance(ACTIVE);

        assertRefused(RefusalCode.NOT_ADMITTED, () -> room.enter(ALICE, token));
        room.admit();
        assertRefused(RefusalCode.NOT_ADMITTED, () -> room.enter(ALICE, token));
    }

    @Test
    void an_expired_token_is_refused() {
        String token = room.admissionTokenOf(ALICE);
        room.clock.advance(TOKEN);

        assertRefused(RefusalCode.ADMISSION_TOKEN_INVALID, () -> room.enter(ALICE, token));
    }

    @Test
    void a_token_of_an_earlier_admission_does_not_open_for_the_next() {
        String earlier = room.admissionTokenOf(ALICE);
        room.leave(ALICE);
        assertRefused(RefusalCode.NOT_ADMITTED, () -> room.enter(ALICE, earlier));
        String later = room.admissionTokenOf(ALICE);

        assertRefused(RefusalCode.NOT_ADMITTED, () -> room.enter(ALICE, earlier));
        room.enter(ALICE, later);
    }

    @Test
    void a_used_token_stays_used_after_leaving_and_coming_back() {
        String token = room.admissionTokenOf(ALICE);
        room.enter(ALICE, token);
        room.leave(ALICE);
        room.admissionTokenOf(ALICE);

        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, token));
    }

    @Test
    void the_place_starts_anew_with_the_entry_and_then_ends() throws Exception {
        String token = room.admissionTokenOf(ALICE);
        room.clock.advance(ACTIVE.minusMillis(1));

        Instant until = room.enter(ALICE, token);

        assertThat(until).isEqualTo(room.clock.instant().plus(ACTIVE));
        room.clock.advance(ACTIVE.minusMillis(1));
        assertThat(room.isActive(ALICE)).isTrue();
        room.clock.advance(Duration.ofMillis(1));
        assertThat(room.isActive(ALICE)).isFalse();
        assertThat(room.admit().expired()).isEqualTo(1);
        assertThat(room.status().entered()).isZero();
    }

    @Test
    void leaving_ends_the_place_and_may_be_repeated() throws Exception {
        room.enter(ALICE, room.admissionTokenOf(ALICE));

        leaveAsSeller(room.sale.value());
        leaveAsSeller(room.sale.value());

        assertThat(room.isActive(ALICE)).isFalse();
        assertThat(room.status().active()).isZero();
    }

    @Test
    void nobody_is_active_in_a_sale_without_a_room() throws Exception {
        assertThat(get(room.entries.isActive("unknown", ALICE))).isFalse();
        leaveAsSeller("unknown");
    }

    private void leaveAsSeller(String saleId) throws Exception {
        room.entries.leave(saleId, ALICE).toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void of_a_thousand_entries_on_two_nodes_one_succeeds() {
        String token = room.admissionTokenOf(ALICE);

        assertThat(enterOnTwoNodes(token, () -> {})).isEqualTo(Map.of("ENTERED", 1L, "ADMISSION_TOKEN_USED", 999L));
    }

    @RepeatedTest(5)
    void on_two_nodes_a_token_opens_once_at_most_though_redis_is_lost_in_between(RepetitionInfo repetition)
            throws Exception {
        String token = room.admissionTokenOf(ALICE);
        room.writer.write(room.sale);

        Map<String, Long> outcomes = enterOnTwoNodes(token, () -> {
            Mono.delay(Duration.ofMillis(3L * repetition.getCurrentRepetition()))
                    .block(BOUND);
            room.loseRedis();
            room.restorer.restore(room.sale);
        });

        assertThat(outcomes.getOrDefault("ENTERED", 0L)).isLessThanOrEqualTo(1);
        // Whoever comes now finds it used or, if none of them had got so far, uses it: once.
        long later = enterOnTwoNodes(token, () -> {}).getOrDefault("ENTERED", 0L);
        assertThat(outcomes.getOrDefault("ENTERED", 0L) + later).isLessThanOrEqualTo(1);
        assertThat(room.isActive(ALICE)).isTrue();
        assertThat(room.jdbc.queryForObject(
                        "SELECT COUNT(*) FROM admission_entry WHERE sale_id = ?", Long.class, room.sale.value()))
                .isEqualTo(1);
    }

    @Test
    void a_redis_that_has_gone_back_in_time_opens_nothing_twice() throws Exception {
        String token = room.admissionTokenOf(ALICE);
        room.enter(ALICE, token);
        room.raw.delete(room.raw.keys("onsale:waiting-room:{" + room.sale + "}:used:*"));
        room.raw.delete(room.keys.entered());
        assertThat(room.isActive(ALICE)).isFalse();

        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, token));

        assertThat(room.isActive(ALICE)).as("who was inside is inside").isTrue();
    }

    @Test
    void an_attempt_that_died_on_the_way_has_used_the_token_and_its_buyer_is_inside_after_the_next() throws Exception {
        String token = room.admissionTokenOf(ALICE);
        room.entryStore.use(room.tokens.verify(token, room.sale.value(), ALICE));

        assertRefused(RefusalCode.ADMISSION_TOKEN_USED, () -> room.enter(ALICE, token));

        assertThat(room.poll(ALICE).entered()).isTrue();
        assertThat(room.isActive(ALICE)).isTrue();
    }

    private Map<String, Long> enterOnTwoNodes(String token, Runnable meanwhile) {
        LettuceConnectionFactory connections = room.connectAgain();
        try {
            EntryService other = new EntryService(
                    new RedisScripts(connections, Duration.ofSeconds(10)),
                    room.tokens,
                    room.entryStore,
                    room.visitors,
                    room.watch,
                    room.clock);
            Mono<List<String>> attempts = Flux.range(0, 1_000)
                    .flatMap(
                            i -> (i % 2 == 0 ? room.entries : other)
                                    .enter(room.sale, ALICE, token)
                                    .map(until -> "ENTERED")
                                    .onErrorResume(
                                            RefusedException.class,
                                            refused -> Mono.just(refused.code().name())),
                            1_000)
                    .collectList();
            Mono<Boolean> loss = Mono.fromCallable(() -> {
                        meanwhile.run();
                        return true;
                    })
                    .subscribeOn(Schedulers.boundedElastic());
            return await(Mono.zip(attempts, loss)).getT1().stream()
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        } finally {
            connections.destroy();
        }
    }
}
