package dev.onsale.platform.supervision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** {@code /actuator/health/threads}: each supervised thread and task with its state and the age of its last completed round. */
final class ThreadsHealthIndicator extends AbstractHealthIndicator {

    private final Supplier<List<SupervisedWork>> works;

    ThreadsHealthIndicator(Supplier<List<SupervisedWork>> works) {
        this.works = works;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (SupervisedWork work : works.get()) {
            SupervisedWork.State state = work.state();
            if (work.isDown()) {
                health.down();
            }
            health.withDetail(work.name(), details(work, state));
        }
    }

    private static Map<String, Object> details(SupervisedWork work, SupervisedWork.State state) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("state", state.name());
        details.put("ageSeconds", work.ageSeconds());
        details.put("silenceSeconds", work.silenceSeconds());
        details.put("failures", work.failures());
        String lastFailure = work.lastFailure();
        if (lastFailure != null) {
            details.put("lastFailure", lastFailure);
        }
        return details;
    }
}
