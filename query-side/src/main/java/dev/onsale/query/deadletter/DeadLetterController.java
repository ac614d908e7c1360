package dev.onsale.query.deadletter;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.api.view.Page;
import dev.onsale.query.deadletter.DeadLetterList.Filter;
import dev.onsale.query.deadletter.DeadLetterList.Letter;
import dev.onsale.query.deadletter.DeadLetterList.Line;
import dev.onsale.query.paging.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Dead letters")
class DeadLetterController {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterController.class);

    private static final int RETRIED_AT_ONCE = 500;
    private static final int REASON_LENGTH_MAX = 500;

    private final DeadLetterList letters;
    private final DeadLetterRetry retry;

    DeadLetterController(DeadLetterList letters, DeadLetterRetry retry) {
        this.letters = letters;
        this.retry = retry;
    }

    /**
     * What came of a retry.
     *
     * @param taken letters that their consumers took
     * @param failedAgain letters that failed once more: they stay where they were
     * @param more whether there are others that can be retried: ask again
     */
    record Retried(int taken, List<Line> failedAgain, boolean more) {}

    record Drop(@Nullable String reason) {}

    @GetMapping("/api/admin/dead-letters")
    @Operation(
            summary = "Records that consumers could not apply, newest first",
            description =
                    "DEAD was tried and failed, PARKED waits behind a dead one of its key; RETRIED and DROPPED are"
                            + " settled and kept for a while.")
    Page<Line> list(
            @RequestParam(required = false) @Nullable DeadLetterState state,
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String topic,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        return page.page(letters.newest(new Filter(state, group, topic, key), page), Line::id, line -> line);
    }

    @GetMapping("/api/admin/dead-letters/{id}")
    @Operation(summary = "One dead letter with its headers and payload")
    Letter letter(@PathVariable long id) {
        return letters.letter(id);
    }

    @PostMapping("/api/admin/dead-letters/{id}/retry")
    @Operation(
            summary = "Retry a dead letter",
            description = "It must be the first of its key. What is parked behind it follows by itself.")
    Retried retry(@PathVariable long id, @Parameter(hidden = true) Authentication operator) {
        boolean taken = retry.retry(id, operator.getName()) == null;
        return new Retried(taken ? 1 : 0, taken ? List.of() : List.of(letters.line(id)), false);
    }

    @PostMapping("/api/admin/dead-letters/retry")
    @Operation(
            summary = "Retry all dead letters, or those of a group, topic or key",
            description = "The first letter of up to 500 keys; more says whether there are others: ask again.")
    Retried retryAll(
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String topic,
            @RequestParam(required = false) @Nullable String key,
            @Parameter(hidden = true) Authentication operator) {
        Filter filter = new Filter(null, group, topic, key);
        List<Line> failedAgain = new ArrayList<>();
        Set<Long> tried = new HashSet<>();
        int taken = 0;
        List<Long> heads = letters.heads(filter, RETRIED_AT_ONCE);
        for (long id : heads) {
            tried.add(id);
            try {
                if (retry.retry(id, operator.getName()) == null) {
                    taken++;
                } else {
                    failedAgain.add(letters.line(id));
                }
            } catch (RefusedException meanwhile) {
                log.info("Dead letter {} is not retried: {}", id, meanwhile.getMessage());
            }
        }
        boolean more = letters.heads(filter, failedAgain.size() + 1).stream().anyMatch(id -> !tried.contains(id));
        return new Retried(taken, failedAgain, more);
    }

    @PostMapping("/api/admin/dead-letters/{id}/drop")
    @Operation(
            summary = "Drop a dead or parked record, with a reason",
            description = "It is remembered with who dropped it and why. What is parked behind it follows by itself.")
    Line drop(@PathVariable long id, @RequestBody Drop order, @Parameter(hidden = true) Authentication operator) {
        String reason = order.reason();
        if (reason == null || !Texts.isText(reason, REASON_LENGTH_MAX)) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, "reason has 1 to " + REASON_LENGTH_MAX + " characters");
        }
        retry.drop(id, operator.getName(), reason);
        return letters.line(id);
    }
}
