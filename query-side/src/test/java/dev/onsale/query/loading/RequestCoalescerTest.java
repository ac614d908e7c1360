package dev.onsale.query.loading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestCoalescerTest {

    private final List<CompletableFuture<String>> begun = new ArrayList<>();
    private final RequestCoalescer<String, String> look = new RequestCoalescer<>(key -> {
        CompletableFuture<String> answer = new CompletableFuture<>();
        begun.add(answer);
        return answer;
    });

    @Test
    void those_who_come_while_a_look_is_under_way_share_the_next_one() {
        CompletableFuture<String> first = look.at("hall");
        CompletableFuture<String> second = look.at("hall");
        CompletableFuture<String> third = look.at("hall");
        assertThat(begun).as("looks under way").hasSize(1);

        begun.get(0).complete("before");
        assertThat(first).isCompletedWithValue("before");
        assertThat(second).isNotDone();
        assertThat(begun).hasSize(2);

        begun.get(1).complete("after");
        assertThat(second).isCompletedWithValue("after");
        assertThat(third).isCompletedWithValue("after");
        assertThat(begun).hasSize(2);

        CompletableFuture<String> later = look.at("hall");
        assertThat(later).isNotDone();
        assertThat(begun).hasSize(3);
    }

    @Test
    void a_look_that_fails_fails_those_who_shared_it_and_no_later_one() {
        CompletableFuture<String> first = look.at("hall");
        CompletableFuture<String> second = look.at("hall");
        begun.get(0).completeExceptionally(new IllegalStateException("away"));
        assertThat(first).isCompletedExceptionally();

        begun.get(1).complete("back");
        assertThat(second).isCompletedWithValue("back");
    }

    @Test
    void one_key_does_not_wait_for_another() {
        CompletableFuture<String> hall = look.at("hall");
        CompletableFuture<String> stadium = look.at("stadium");
        begun.get(1).complete("seen");
        assertThat(stadium).isCompletedWithValue("seen");
        assertThat(hall).isNotDone();
    }

    @Test
    void nobody_gets_an_answer_older_than_his_question() throws Exception {
        int askers = 8;
        int questions = 5_000;
        AtomicLong now = new AtomicLong();
        RequestCoalescer<String, Long> clock = new RequestCoalescer<>(key -> CompletableFuture.supplyAsync(now::get));
        AtomicInteger tooOld = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(askers);
        for (int asker = 0; asker < askers; asker++) {
            Thread.ofVirtual().start(() -> {
                for (int question = 0; question < questions; question++) {
                    long asked = now.incrementAndGet();
                    if (clock.at("hall").orTimeout(60, TimeUnit.SECONDS).join() < asked) {
                        tooOld.incrementAndGet();
                    }
                }
                done.countDown();
            });
        }
        assertThat(done.await(2, TimeUnit.MINUTES)).as("all answered").isTrue();
        assertThat(tooOld).hasValue(0);
    }
}
