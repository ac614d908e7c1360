package dev.onsale.standalone.monitoring;

import dev.onsale.platform.supervision.PeriodicBean;
import dev.onsale.platform.supervision.SupervisedWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The memory of Redis and its limit, read from {@code INFO memory}. Not known (NaN) before the first answer. */
final class RedisMemory extends PeriodicBean {

    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final Duration SILENT_MAX = Duration.ofMinutes(2);

    private final RedisConnectionFactory redis;
    private volatile double used = Double.NaN;
    private volatile double limit = Double.NaN;

    RedisMemory(RedisConnectionFactory redis, MeterRegistry registry) {
        super(new SupervisedWork("redis-memory", SILENT_MAX).optional(), EVERY);
        this.redis = redis;
        Gauge.builder("onsale.redis.memory.used", this, memory -> memory.used)
                .description("Memory that Redis uses for data")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("onsale.redis.memory.limit", this, memory -> memory.limit)
                .description("maxmemory of Redis, or the memory of its machine if it has no limit")
                .baseUnit("bytes")
                .register(registry);
    }

    @Override
    protected void round() {
        try (RedisConnection connection = redis.getConnection()) {
            Properties memory = connection.serverCommands().info("memory");
            double maxmemory = number(memory, "maxmemory");
            used = number(memory, "used_memory");
            limit = maxmemory > 0 ? maxmemory : number(memory, "total_system_memory");
        }
    }

    private static double number(@Nullable Properties memory, String name) {
        String value = memory == null ? null : memory.getProperty(name);
        return value == null ? Double.NaN : Double.parseDouble(value);
    }
}
