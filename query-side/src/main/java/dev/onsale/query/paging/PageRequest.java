package dev.onsale.query.paging;

import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.view.Page;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * A page of a list that runs from the newest entry to the oldest. An entry's place is the log position of its first fact,
 * which never changes: what comes in meanwhile moves no entry from one page to the next.
 *
 * @param before exclusive position of the page's beginning
 * @param limit entries in the page
 */
public record PageRequest(long before, int limit) {

    public static final int LIMIT_MAX = 100;

    /** As text, for the default of a query parameter. */
    public static final String LIMIT_DEFAULT = "20";

    /**
     * @param limit 1 to {@value #LIMIT_MAX}
     * @param after {@code next} of the page before; absent for the first page
     * @throws RefusedException with {@code INVALID_REQUEST} if either is out of its range
     */
    public static PageRequest of(int limit, @Nullable Long after) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "limit is 1 to " + LIMIT_MAX);
        }
        if (after != null && after < 1) {
            throw new RefusedException(RefusalCode.INVALID_REQUEST, "after is the next of an earlier page");
        }
        return new PageRequest(after == null ? Long.MAX_VALUE : after, limit);
    }

    /** One entry more than the page has: whether it is there says whether there is a next page. */
    public Limit fetch() {
        return Limit.of(limit + 1);
    }

    public <R, V> Page<V> page(List<R> fetched, ToLongFunction<R> position, Function<R, V> view) {
        List<R> rows = fetched.subList(0, Math.min(limit, fetched.size()));
        String next = fetched.size() > limit ? Long.toString(position.applyAsLong(rows.getLast())) : null;
        return new Page<>(rows.stream().map(view).toList(), next);
    }
}
