package dev.onsale.platform.idempotency;

import dev.onsale.platform.http.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.WebFilter;

/** Stored answers, where a side brings a store for them. */
@Configuration(proxyBeanMethods = false)
public class IdempotencyConfiguration {

    /** Behind the rate limits: a repeat is a request as well. */
    private static final int BEHIND_RATE_LIMITS = -80;

    @Bean
    WebFilter idempotencyFilter(
            ObjectProvider<AnswerStore> store,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mapping,
            ProblemWriter problems,
            ObjectProvider<MeterRegistry> registry) {
        AnswerStore answers = store.getIfAvailable();
        return answers == null
                ? (exchange, chain) -> chain.filter(exchange)
                : new IdempotencyFilter(
                        new KeyedEndpoints(mapping::getObject),
                        answers,
                        problems,
                        new IdempotencyMetrics(registry),
                        BEHIND_RATE_LIMITS);
    }
}
