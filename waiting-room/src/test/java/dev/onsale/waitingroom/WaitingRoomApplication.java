package dev.onsale.waitingroom;

import java.time.Clock;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
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

    /** In these tests a token is its subject behind "buyer-" or "operator-"; every other one is no good. */
    @Bean
    public ReactiveJwtDecoder logins() {
        return token -> {
            boolean operator = token.startsWith("operator-");
            return operator || token.startsWith("buyer-")
                    ? Mono.just(Jwt.withTokenValue(token)
                            .header("alg", "none")
                            .subject(token.substring(token.indexOf('-') + 1))
                            .claim("roles", operator ? List.of("operator") : List.of())
                            .build())
                    : Mono.error(new BadJwtException("Not in these tests"));
        };
    }
}
