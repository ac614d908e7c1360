package dev.onsale.command.personal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.OperatorId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.personal.ErasedBy;
import dev.onsale.api.personal.PersonalDataErased;
import dev.onsale.api.personal.RecordErasure;
import dev.onsale.command.bus.CommandSender;
import dev.onsale.eventlog.personal.Erasure;
import dev.onsale.eventlog.personal.PersonalKeys;
import dev.onsale.platform.supervision.TaskThreads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Destroys keys, then has the log say so: the other way round the log could claim an erasure that never came. Who dies in between
 * leaves a row that is told by the next erasure or start of any node.
 */
@Component
class ErasureService {

    private static final Logger log = LoggerFactory.getLogger(ErasureService.class);
    private static final int TOLD_AT_ONCE = 100;

    private final PersonalKeys keys;
    private final CommandSender commands;
    private final MeterRegistry metrics;
    private final Executor blocking = TaskThreads.perTask("erasure-");

    ErasureService(PersonalKeys keys, CommandSender commands, MeterRegistry metrics) {
        this.keys = keys;
        this.commands = commands;
        this.metrics = metrics;
        for (ErasedBy by : ErasedBy.values()) {
            var unused = erasures(by);
        }
    }

    private Counter erasures(ErasedBy by) {
        return metrics.counter("onsale.personal.data.erasures", "by", by.name());
    }

    /** How long after an erasure another node may still open what it opened shortly before. */
    Duration delayElsewhere() {
        return keys.cachedFor();
    }

    /**
     * All erasures of the buyer, the newest last; a repeat erases what came since the last one, often nothing.
     *
     * @throws RefusedException by the stage, with {@code PERSONAL_DATA_NOT_FOUND} if there never was anything
     */
    CompletionStage<List<Erasure>> erase(BuyerId buyer, ErasedBy by, @Nullable OperatorId operator) {
        return CompletableFuture.supplyAsync(() -> keys.erase(buyer, by, operator), blocking)
                .thenCompose(erased -> {
                    if (erased.isEmpty()) {
                        throw new RefusedException(
                                RefusalCode.PERSONAL_DATA_NOT_FOUND, "No personal data of this buyer was ever kept");
                    }
                    return tellUntold().thenApply(told -> erased);
                });
    }

    @EventListener(ApplicationReadyEvent.class)
    void tellWhatAnotherStartLeft() {
        var unused = tellUntold().exceptionally(failure -> {
            log.warn("The log could not be told of all erasures yet: {}", failure.toString());
            return null;
        });
    }

    private CompletionStage<@Nullable Void> tellUntold() {
        return CompletableFuture.supplyAsync(() -> keys.untold(TOLD_AT_ONCE), blocking)
                .thenCompose(untold -> untold.isEmpty()
                        ? CompletableFuture.<@Nullable Void>completedStage(null)
                        : CompletableFuture.allOf(untold.stream()
                                        .map(erasure -> tell(erasure).toCompletableFuture())
                                        .toArray(CompletableFuture<?>[]::new))
                                .thenCompose(all -> tellUntold()));
    }

    private CompletionStage<@Nullable Void> tell(Erasure erasure) {
        return commands.send(
                        new RecordErasure(erasure.keyId(), erasure.erasedBy(), erasure.operator(), erasure.erasedAt()),
                        PersonalDataErased.class)
                .thenAcceptAsync(
                        fact -> {
                            keys.told(fact.keyId());
                            erasures(fact.erasedBy()).increment();
                        },
                        blocking);
    }
}
