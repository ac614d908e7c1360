package dev.onsale.command.guard.state;

import dev.onsale.eventlog.EventJson;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** The last reports of each sale, shared by all nodes in Redis. The log has them as well. */
@Component
public final class GuardReports {

    static final String REBUILD = "rebuild";
    public static final String RECONCILIATION = "reconciliation";
    private static final Duration KEPT = Duration.ofDays(7);

    private final GuardRedis redis;

    public GuardReports(GuardRedis redis) {
        this.redis = redis;
    }

    /** Does not wait. The log has the report as well. */
    public void save(RebuildReport report) {
        var unused = save(GuardKeys.report(report.saleKey(), REBUILD), report);
    }

    public CompletionStage<String> save(ReconciliationReport report) {
        return save(GuardKeys.report(report.saleKey(), RECONCILIATION), report);
    }

    public CompletionStage<Optional<ReconciliationReport>> reconciliation(String sale) {
        return find(GuardKeys.report(sale, RECONCILIATION), ReconciliationReport.class);
    }

    public CompletionStage<Optional<RebuildReport>> rebuild(String sale) {
        return find(GuardKeys.report(sale, REBUILD), RebuildReport.class);
    }

    private CompletionStage<String> save(String key, Object report) {
        String json = EventJson.mapper().writeValueAsString(report);
        return redis.call(commands -> commands.set(key, json, SetArgs.Builder.ex(KEPT)));
    }

    private <T> CompletionStage<Optional<T>> find(String key, Class<T> type) {
        return redis.<String>call(commands -> commands.get(key)).thenApply(json -> Optional.ofNullable(json)
                .map(text -> EventJson.mapper().readValue(text, type)));
    }
}
