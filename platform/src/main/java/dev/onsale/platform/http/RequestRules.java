package dev.onsale.platform.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.json.JsonMapper;

/** What every request has to keep to, whichever endpoint it is for. */
@Configuration(proxyBeanMethods = false)
class RequestRules {

    /** In front of the limits by address, so that a browser may read their refusals as well. */
    private static final int CORS_ORDER = -120;

    /** A plan of 100,000 seats with all its optional properties has 3,000,000. */
    private static final long JSON_TOKENS_MAX = 4_000_000;

    private static final int DECODER_THREADS = 2;
    private static final int DECODER_QUEUE_MAX = 100;

    @Bean
    Endpoints endpoints(ApplicationContext context) {
        return new Endpoints(context);
    }

    @Bean
    ClientDisconnects clientDisconnects(ObjectProvider<io.micrometer.core.instrument.MeterRegistry> registry) {
        return new ClientDisconnects(registry);
    }

    @Bean
    CommonHeadersFilter commonHeadersFilter(Clock clock) {
        return new CommonHeadersFilter(clock);
    }

    @Bean
    RequestUriFilter addressFilter(ProblemWriter problems) {
        return new RequestUriFilter(problems);
    }

    @Bean(destroyMethod = "dispose")
    Scheduler largeBodies() {
        return Schedulers.newBoundedElastic(DECODER_THREADS, DECODER_QUEUE_MAX, "large-body");
    }

    @Bean
    BodyFilter bodyFilter(Endpoints endpoints, ProblemWriter problems, Scheduler largeBodies) {
        return new BodyFilter(endpoints, problems, largeBodies);
    }

    @Bean
    ConnectionLimits connectionLimits(WebProperties properties, ObjectProvider<ClientDisconnects> disconnects) {
        return new ConnectionLimits(properties.timeouts(), disconnects);
    }

    @Bean
    FaviconController favicon() {
        return new FaviconController();
    }

    @Bean
    JsonFactoryBuilderCustomizer boundedJson() {
        return builder -> builder.streamReadConstraints(
                StreamReadConstraints.builder().maxTokenCount(JSON_TOKENS_MAX).build());
    }

    @Bean
    @Order(CORS_ORDER)
    @ConditionalOnProperty("onsale.web.cors.allowed-origins")
    CorsWebFilter corsFilter(WebProperties properties) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(properties.cors().allowedOrigins());
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PATCH", "DELETE"));
        cors.setAllowedHeaders(List.of(
                "Authorization",
                "Content-Type",
                IdempotencyKey.HEADER,
                "If-None-Match",
                "Last-Event-ID",
                PositionHeaders.POSITION,
                PositionHeaders.READ_AFTER));
        cors.setExposedHeaders(List.of(
                PositionHeaders.POSITION,
                CommonHeadersFilter.TIME,
                "RateLimit",
                "RateLimit-Policy",
                "Retry-After",
                "Location",
                "ETag",
                "Idempotency-Replayed"));
        cors.setMaxAge(Duration.ofHours(1));
        UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
        everywhere.registerCorsConfiguration("/**", cors);
        return new CorsWebFilter(everywhere);
    }

    @Bean
    WebFluxConfigurer strictTimes(JsonMapper json) {
        return new WebFluxConfigurer() {
            @Override
            public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
                configurer
                        .defaultCodecs()
                        .jacksonJsonDecoder(new JacksonJsonDecoder(json.rebuild()
                                .addModule(StrictTimeFormats.module())
                                .build()));
            }

            @Override
            public void addFormatters(FormatterRegistry registry) {
                // No lambdas: the registry reads the types off the class.
                registry.addConverter(new Converter<String, Instant>() {
                    @Override
                    public Instant convert(String text) {
                        return StrictTimeFormats.instant(text);
                    }
                });
                registry.addConverter(new Converter<String, Duration>() {
                    @Override
                    public Duration convert(String text) {
                        return StrictTimeFormats.duration(text);
                    }
                });
            }
        };
    }
}
