package dev.onsale.waitingroom;

import java.time.Clock;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/** The waiting room as a process of its own, with the real clock. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(WaitingRoomConfiguration.class)
public class WaitingRoomApplication {

    @Bean
    public Clock clock() {
        return Clock.systemUTC();
    }

    /** Login tokens are given by the tests; one that comes over the wire is no good. */
    @Bean
    public ReactiveJwtDecoder logins() {
        return token -> Mono.error(new BadJwtException("Not in these tests"));
    }
}
