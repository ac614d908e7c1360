package dev.onsale.command.guard.seat;

import dev.onsale.api.PerformanceId;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.Config;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Redisson's locks on the Redis of the guards. Its client exists only where the strategy is chosen. */
public final class RedissonLocks implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int CONNECTIONS = 16;
    /** Each lock that is waited for is a subscription. */
    private static final int SUBSCRIPTIONS_PER_CONNECTION = 5_000;

    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final RedissonClient redisson;

    public RedissonLocks(LettuceConnectionFactory connections) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE)
                .setThreads(THREADS)
                .setNettyThreads(THREADS)
                // Onsale starts and sells without Redis.
                .setLazyInitialization(true);
        address(config, connections);
        redisson = Redisson.create(config);
    }

    private static void address(Config config, LettuceConnectionFactory connections) {
        String scheme = connections.isUseSsl() ? "rediss://" : "redis://";
        RedisSentinelConfiguration sentinel = connections.getSentinelConfiguration();
        if (sentinel != null) {
            var servers = config.useSentinelServers()
                    .setMasterName(String.valueOf(
                            sentinel.getMaster() == null
                                    ? null
                                    : sentinel.getMaster().getName()))
                    .setDatabase(sentinel.getDatabase())
                    .setMasterConnectionPoolSize(CONNECTIONS)
                    .setMasterConnectionMinimumIdleSize(1);
            for (RedisNode node : sentinel.getSentinels()) {
                servers.addSentinelAddress(scheme + node.getHost() + ":" + node.getPort());
            }
            limits(servers);
            credentials(config, sentinel.getUsername(), sentinel.getPassword());
            return;
        }
        RedisStandaloneConfiguration standalone = connections.getStandaloneConfiguration();
        var server = config.useSingleServer()
                .setAddress(scheme + standalone.getHostName() + ":" + standalone.getPort())
                .setDatabase(standalone.getDatabase())
                .setConnectionPoolSize(CONNECTIONS)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(THREADS)
                .setSubscriptionConnectionMinimumIdleSize(1);
        limits(server);
        credentials(config, standalone.getUsername(), standalone.getPassword());
    }

    private static void limits(BaseConfig<?> servers) {
        int timeout = Math.toIntExact(GuardRedis.TIMEOUT.toMillis());
        servers.setTimeout(timeout).setSubscriptionsPerConnection(SUBSCRIPTIONS_PER_CONNECTION);
        servers.setConnectTimeout(timeout);
        servers.setRetryAttempts(0);
    }

    private static void credentials(Config config, @Nullable String user, RedisPassword password) {
        if (user != null) {
            config.setUsername(user);
        }
        if (password.isPresent()) {
            config.setPassword(new String(password.get()));
        }
    }

    /** One lock for all names, taken in their order. */
    RLock inOrder(PerformanceId performance, List<String> names) {
        return redisson.getMultiLock(names.stream()
                .map(name -> redisson.getLock(GuardKeys.lock(performance.toString(), name)))
                .toArray(RLock[]::new));
    }

    @Override
    public void close() {
        redisson.shutdown(0, SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
    }
}
