package dev.onsale.query.audit;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.Texts;
import dev.onsale.eventlog.StoredEvents;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Audit")
class AuditController {

    private static final int FILTER_LENGTH_MAX = 190;

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    @GetMapping("/api/audit/events")
    @Operation(
            summary = "The event store in pages",
            description =
                    "Go on with after=nextAfter. A page may be short or empty before the end, because the search for"
                            + " one page is bounded. from is inclusive, to is exclusive.")
    AuditPage events(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "1000") int limit,
            @RequestParam(required = false) @Nullable String sale,
            @RequestParam(required = false) @Nullable String aggregate,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String buyer,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        if (after < 0) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "after is a position, 0 or more");
        }
        if (limit < 1 || limit > StoredEvents.PAGE_SIZE_MAX) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "limit is 1 to " + StoredEvents.PAGE_SIZE_MAX);
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw new RefusedException(RefusalCode.INVALID_WINDOW, "from must be before to");
        }
        return log.page(
                new AuditFilter(
                        checked("sale", sale),
                        checked("aggregate", aggregate),
                        checked("type", type),
                        checked("buyer", buyer),
                        from,
                        to),
                after,
                limit);
    }

    private static @Nullable String checked(String name, @Nullable String filter) {
        if (filter != null && !Texts.isText(filter, FILTER_LENGTH_MAX)) {
            throw new RefusedException(
                    RefusalCode.INVALID_REQUEST, name + " has 1 to " + FILTER_LENGTH_MAX + " characters");
        }
        return filter;
    }
}
