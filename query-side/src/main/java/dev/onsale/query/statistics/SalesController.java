package dev.onsale.query.statistics;

import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Statistics")
class SalesController {

    /** The longest day of any time zone's clock: 25 hours when summer time ends, and an hour to spare. */
    private static final Duration WINDOW_MAX = Duration.ofHours(26);

    private static final Duration WINDOW_DEFAULT = Duration.ofHours(1);

    private final Ranking ranking;
    private final SalesRepository sales;
    private final NamedParameterJdbcTemplate named;
    private final Clock clock;

    SalesController(Ranking ranking, SalesRepository sales, JdbcOperations jdbc, Clock clock) {
        this.ranking = ranking;
        this.sales = sales;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.clock = clock;
    }

    /**
     * One minute of a sale.
     *
     * @param minute when it begins
     * @param seatsGivenUp held and not booked: expired or cancelled
     * @param seatsReturned booked, and cancelled or revoked since
     * @param booked value of what was booked, absent if nothing was
     */
    record Minute(
            Instant minute,
            int seatsHeld,
            int seatsBooked,
            int seatsGivenUp,
            int seatsReturned,
            int reservationsBooked,
            @Nullable Money booked,
            @Nullable Money returned) {}

    record Sales(PerformanceId performanceId, Instant from, Instant to, List<Minute> minutes) {}

    /**
     * A place in the ranking.
     *
     * @param title absent while the performance is not known here
     */
    record Fast(
            int place,
            PerformanceId performanceId,
            @Nullable String title,
            long seatsBooked) {}

    record Fastest(int minutes, List<Fast> performances) {}

    @GetMapping("/api/performances/fastest-selling")
    @Operation(summary = "Performances by seats booked within the last minutes, most first")
    Fastest fastest(@RequestParam(defaultValue = "10") int minutes, @RequestParam(defaultValue = "20") int limit) {
        if (minutes < 1 || minutes > Ranking.MINUTES_MAX) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "minutes is 1 to " + Ranking.MINUTES_MAX);
        }
        if (limit < 1 || limit > Ranking.PLACES_MAX) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "limit is 1 to " + Ranking.PLACES_MAX);
        }
        List<Ranking.Place> places = ranking.fastest(minutes);
        List<Ranking.Place> shown = places.subList(0, Math.min(limit, places.size()));
        Map<String, String> titles = titles(shown);
        List<Fast> fast = new ArrayList<>();
        for (Ranking.Place place : shown) {
            fast.add(new Fast(
                    fast.size() + 1,
                    PerformanceId.of(place.performanceId()),
                    titles.get(place.performanceId()),
                    place.seats()));
        }
        return new Fastest(minutes, fast);
    }

    private Map<String, String> titles(List<Ranking.Place> places) {
        Map<String, String> titles = new HashMap<>();
        if (!places.isEmpty()) {
            named.query(
                    "SELECT performance_id, title FROM performance_view WHERE performance_id IN (:ids)",
                    Map.of(
                            "ids",
                            places.stream().map(Ranking.Place::performanceId).toList()),
                    row -> {
                        titles.put(row.getString(1), row.getString(2));
                    });
        }
        return titles;
    }

    @GetMapping("/api/admin/performances/{performanceId}/sales")
    @Operation(
            summary = "Sales of a performance by minute",
            description =
                    "The last hour, or from (inclusive) to (exclusive), a local day of up to 26 hours at most. Minutes in"
                            + " which nothing happened are left out.")
    Sales sales(
            @PathVariable PerformanceId performanceId,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        Instant end = to == null ? clock.instant().plusSeconds(1) : to;
        Instant begin = from == null ? end.minus(WINDOW_DEFAULT) : from;
        if (!begin.isBefore(end) || Duration.between(begin, end).compareTo(WINDOW_MAX) > 0) {
            throw new RefusedException(
                    RefusalCode.INVALID_WINDOW, "from is before to, by " + WINDOW_MAX.toHours() + " hours at most");
        }
        return new Sales(
                performanceId,
                begin,
                end,
                sales
                        .findByPerformanceIdAndMinuteBetweenOrderByMinute(
                                performanceId.toString(), MinuteKey.minute(begin), MinuteKey.minute(end.minusNanos(1)))
                        .stream()
                        .map(SalesMinute::view)
                        .toList());
    }
}
