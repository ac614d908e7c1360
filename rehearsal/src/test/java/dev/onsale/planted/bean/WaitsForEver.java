package dev.onsale.planted.bean;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Four waits without a time limit and one with a limit. */
public class WaitsForEver {

    void joined(CompletableFuture<Integer> future) {
        future.join();
    }

    void got(CompletableFuture<Integer> future) throws ExecutionException, InterruptedException {
        future.get();
    }

    void gotOfAny(Future<Integer> future) throws ExecutionException, InterruptedException {
        future.get();
    }

    @Nullable
    Integer blocked(Mono<Integer> mono) {
        return mono.block();
    }

    void bounded(CompletableFuture<Integer> future) throws ExecutionException, InterruptedException, TimeoutException {
        future.get(1, TimeUnit.SECONDS);
    }
}
