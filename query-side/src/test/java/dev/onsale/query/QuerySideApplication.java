package dev.onsale.query;

import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.platform.http.WebConfiguration;
import dev.onsale.query.readmodel.Projection;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/** The query side as a process of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(QuerySideConfiguration.class)
class QuerySideApplication {

    static final String OPERATOR = "olivia";
    static final String BROKEN_TITLE = "Endless recursion";

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Fails with an {@link Error}, as code that recurses for ever does, on a performance of this title. */
    @Bean
    Projection brokenProjection() {
        return (facts, outcomes) -> {
            for (var fact : facts.of(PerformanceScheduled.class)) {
                if (BROKEN_TITLE.equals(fact.event().title())) {
                    throw new StackOverflowError("of a test");
                }
            }
        };
    }

    /** The token is the buyer's name; what makes a token genuine is tested elsewhere. */
    @Bean
    ReactiveJwtDecoder logins() {
        return token -> Mono.just(Jwt.withTokenValue(token)
                .header("alg", "none")
                .subject(token)
                .claim("roles", token.equals(OPERATOR) ? List.of(WebConfiguration.OPERATOR) : List.of())
                .build());
    }
}
