package dev.onsale.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.testsupport.TestServices;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Tag("services")
class AsyncRedisTest {

    private static final LuaScript<ScriptReply> ECHO = LuaScript.ofList("/redis/echo.lua");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final LettuceConnectionFactory connections =
            connected(TestServices.shared().redisHost(), TestServices.shared().redisPort());

    @AfterEach
    void stop() {
        connections.destroy();
    }

    @Test
    void a_script_that_redis_has_forgotten_is_sent_again_as_a_whole() throws Exception {
        AsyncRedis<String> redis = AsyncRedis.ofTexts("test", connections, TIMEOUT);
        redis.awaitConnection();
        for (int round = 0; round < 2; round++) {
            done(redis.call(commands -> commands.scriptFlush()));
            assertThat(done(redis.run(ECHO, new String[] {"key"}, "é", "5")))
                    .extracting(ScriptReply::outcome, reply -> reply.text(1), reply -> reply.number(2))
                    .containsExactly("ECHO", "key", 5L);
        }
    }

    @Test
    void texts_and_bytes_are_the_same_to_a_script() throws Exception {
        AsyncRedis<String> texts = AsyncRedis.ofTexts("test", connections, TIMEOUT);
        AsyncRedis<byte[]> bytes = AsyncRedis.ofBytes("test", connections, TIMEOUT);
        texts.awaitConnection();
        bytes.awaitConnection();

        List<ScriptReply> replies = List.of(
                done(texts.runWithTexts(ECHO, List.of("key-é"), "ü", "5")),
                done(bytes.runWithTexts(ECHO, List.of("key-é"), "ü", "5")));

        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.text(1)).isEqualTo("key-é");
            assertThat(reply.number(2)).isEqualTo(5);
            assertThat(reply.texts(3)).containsExactly("ü", "7");
        });
    }

    @Test
    void an_error_of_a_script_is_the_failure_of_the_future() {
        AsyncRedis<String> redis = AsyncRedis.ofTexts("test", connections, TIMEOUT);
        redis.awaitConnection();
        CompletableFuture<ScriptReply> reply = redis.run(ECHO, new String[] {"key"});
        assertThatThrownBy(() -> done(reply))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RedisCommandExecutionException.class);
    }

    @Test
    void a_call_that_redis_does_not_answer_ends_at_the_time_limit() throws Exception {
        AsyncRedis<String> redis = AsyncRedis.ofTexts("test", connections, Duration.ofMillis(200));
        redis.awaitConnection();
        String emptyList = "list-" + UUID.randomUUID();
        CompletableFuture<?> reply = redis.call(commands -> commands.blpop(5, emptyList));
        assertThatThrownBy(() -> done(reply)).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void without_a_connection_a_call_fails_at_once() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            LettuceConnectionFactory silent = connected("127.0.0.1", mute.getLocalPort());
            try {
                AsyncRedis<String> redis = AsyncRedis.ofTexts("test", silent, TIMEOUT);
                CompletableFuture<String> reply = redis.call(commands -> commands.ping());
                assertThat(reply).isCompletedExceptionally();
                assertThatThrownBy(() -> done(reply)).hasCauseInstanceOf(RedisConnectionException.class);
                redis.destroy();
            } finally {
                silent.destroy();
            }
        }
    }

    @Test
    void a_connection_that_breaks_is_a_failure_of_redis() {
        AsyncRedis<String> redis = AsyncRedis.ofTexts("test", connections, TIMEOUT);
        redis.awaitConnection();
        CompletableFuture<String> reply =
                redis.call(commands -> CompletableFuture.failedFuture(new IOException("Connection reset by peer")));
        assertThatThrownBy(() -> done(reply))
                .hasCauseInstanceOf(RedisConnectionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }

    private static LettuceConnectionFactory connected(String host, int port) {
        LettuceConnectionFactory factory = new LettuceConnectionFactory(host, port);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }
}
