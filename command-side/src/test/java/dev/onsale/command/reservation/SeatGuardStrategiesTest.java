package dev.onsale.command.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatLabel;
import dev.onsale.command.CommandSideHost;
import dev.onsale.command.guard.seat.SeatGuard;
import dev.onsale.testsupport.TestDatabase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** One suite for every strategy, and for one that does nothing: on that the suite has to fail. */
@Tag("services")
class SeatGuardStrategiesTest {

    @Nested
    class Lua extends SeatGuardConformance {
        Lua() {
            super(true);
        }

        @Override
        ConfigurableApplicationContext start() {
            return withStrategy("lua");
        }
    }

    @Nested
    class RedissonLock extends SeatGuardConformance {
        RedissonLock() {
            super(true);
        }

        @Override
        ConfigurableApplicationContext start() {
            return withStrategy("redisson-lock");
        }
    }

    @Nested
    class Optimistic extends SeatGuardConformance {
        Optimistic() {
            super(false);
        }

        @Override
        ConfigurableApplicationContext start() {
            return withStrategy("optimistic");
        }
    }

    @Test
    void the_suite_fails_on_a_guard_that_does_nothing() {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(DoNothing.class))
                .execute()
                .testEvents();
        assertThat(tests.failed().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .contains(
                        "who_has_no_chance_never_reaches_the_seats()",
                        "a_claim_of_all_seats_or_none_is_granted_once_and_again_to_the_same_reservation()",
                        "claims_that_are_not_decided_yet_count_for_their_buyer_until_they_lapse_or_are_given_back()",
                        "a_claim_given_back_is_free_for_others_and_its_token_never_comes_back()");
        assertThat(tests.succeeded().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .as("the store alone sees to it that there is one winner")
                .contains("one_seat_has_one_winner_and_everybody_else_is_told_so()");
    }

    /** Not found by name: only the test above runs it. */
    static final class DoNothing extends SeatGuardConformance {
        DoNothing() {
            super(true);
        }

        @Override
        ConfigurableApplicationContext start() {
            return CommandSideHost.start(TestDatabase.fresh(), List.of(WithDoNothingGuard.class));
        }
    }

    /** Without annotation: what is annotated, the scan of every other test's command side would find as well. */
    static class WithDoNothingGuard {

        @Bean
        @Primary
        SeatGuard doNothing() {
            return new SeatGuard() {
                @Override
                public CompletionStage<SeatClaims> claim(Request request) {
                    return CompletableFuture.completedStage(new SeatClaims.Granted(
                            request.seats().stream().map(seat -> 1L).toList()));
                }

                @Override
                public CompletionStage<Void> release(
                        PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletionStage<Void> freedPartly(
                        PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletionStage<Void> freed(
                        PerformanceId performance, ReservationId reservation, BuyerId buyer, List<SeatLabel> seats) {
                    return CompletableFuture.completedFuture(null);
                }
            };
        }
    }

    private static ConfigurableApplicationContext withStrategy(String name) {
        return CommandSideHost.start(TestDatabase.fresh(), "--onsale.command.guard.strategy=" + name);
    }
}
