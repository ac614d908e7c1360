package dev.onsale.planted.bean;

import dev.onsale.platform.supervision.PeriodicTasks;
import dev.onsale.platform.supervision.SupervisedWork;
import dev.onsale.platform.supervision.TaskThreads;
import java.time.Duration;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import reactor.core.scheduler.Schedulers;

/** Starts threads without supervision. */
public class BareThreads {

    void thread() {
        new Thread(() -> {}).start();
    }

    void virtual() {
        Thread.startVirtualThread(() -> {});
    }

    void platform() {
        Thread.ofPlatform().start(() -> {});
    }

    Object pool() {
        return Executors.newCachedThreadPool();
    }

    Object scheduledPool() {
        return new ScheduledThreadPoolExecutor(1);
    }

    Object springExecutor() {
        return new VirtualThreadTaskExecutor("bare-");
    }

    Object springScheduler() {
        return new ThreadPoolTaskScheduler();
    }

    Object timer() {
        return new Timer();
    }

    Object reactorScheduler() {
        return Schedulers.newSingle("bare");
    }

    CompletableFuture<Integer> commonPool() {
        return CompletableFuture.supplyAsync(() -> 1);
    }

    @Scheduled(fixedDelay = 1)
    void repeated() {}

    @Async
    void elsewhere() {}

    void supervised() {
        var unused = new PeriodicTasks("looked-after")
                .every(Duration.ofSeconds(1), new SupervisedWork("looked-after", Duration.ofMinutes(1)), () -> {});
        TaskThreads.start("looked-after", () -> {});
    }
}
