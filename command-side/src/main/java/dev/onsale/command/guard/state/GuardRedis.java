package dev.onsale.command.guard.state;

import dev.onsale.platform.redis.AsyncRedis;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/** The one connection of all guards. The process starts connected, if Redis is there; it starts without it, if not. */
@Component
public final class GuardRedis extends AsyncRedis<String> implements InitializingBean {

    /** Long enough for the first instant of a stampede. A Redis that is gone is noticed at once, without it. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    public GuardRedis(LettuceConnectionFactory connections) {
        super("guard", connections, StringCodec.UTF8, texts -> texts, TIMEOUT);
    }

    @Override
    public void afterPropertiesSet() {
        awaitConnection();
    }
}
