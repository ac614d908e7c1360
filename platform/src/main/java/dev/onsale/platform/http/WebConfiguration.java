package dev.onsale.platform.http;

import dev.onsale.api.BuyerId;
import dev.onsale.platform.idempotency.IdempotencyConfiguration;
import dev.onsale.platform.login.LoginConfiguration;
import dev.onsale.platform.ratelimit.RateLimitConfiguration;
import dev.onsale.platform.supervision.SupervisionConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.time.Clock;
import java.util.Arrays;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.ResponseBodyResultHandler;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityResultHandler;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** HTTP as every side speaks it. Who may send which request is in {@link AccessRules}. */
@Configuration(proxyBeanMethods = false)
@Import({
    ProblemHandler.class,
    RequestRules.class,
    RateLimitConfiguration.class,
    IdempotencyConfiguration.class,
    LoginConfiguration.class,
    SupervisionConfiguration.class
})
@EnableConfigurationProperties(WebProperties.class)
public class WebConfiguration {

    /** The role that operators carry in the {@code roles} claim. */
    public static final String OPERATOR = "operator";

    @Bean
    ClientAddress clientAddress(WebProperties properties) {
        return new ClientAddress(properties.trustedProxies(), properties.forwardedHeader());
    }

    /** Else Spring Boot lets Reactor Netty believe the headers of anybody on a cloud platform such as Kubernetes. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connectionsKeepTheirAddress() {
        return factory -> factory.setUseForwardHeaders(false);
    }

    @Bean
    AccessFilter accessFilter(ReactiveJwtDecoder tokens, Clock clock, Endpoints endpoints, ProblemWriter problems) {
        return new AccessFilter(new TokenVerifier(tokens, clock), endpoints, problems);
    }

    @Bean
    ProblemWriter problemWriter(JsonMapper json) {
        return new ProblemWriter(json);
    }

    @Bean
    WebFluxConfigurer onsaleWeb() {
        return new WebFluxConfigurer() {
            @Override
            public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
                configurer.addCustomResolver(new ArgumentResolvers.Buyer(), new ArgumentResolvers.Key());
            }

            // Set here and not left to Boot, whose own executor is not there as soon as any other executor is a bean.
            @Override
            public void configureBlockingExecution(BlockingExecutionConfigurer configurer) {
                configurer.setExecutor(new VirtualThreadTaskExecutor("http-"));
            }

            @Override
            public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
                configurer.defaultCodecs().maxInMemorySize(BodyLimit.BYTES_MAX);
            }
        };
    }

    /** 49.99 minor units are not 49, and "4900" is a text: a request that means something else is refused, never bent. */
    @Bean
    JsonMapperBuilderCustomizer exactNumbers() {
        return builder -> builder.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
    }

    @Bean
    HttpHandlerDecoratorFactory answersOnEventLoop() {
        return new EventLoopResponses();
    }

    @Bean
    EventLoopResultHandler resultsOnEventLoop(
            ObjectProvider<ResponseEntityResultHandler> entities, ObjectProvider<ResponseBodyResultHandler> bodies) {
        return new EventLoopResultHandler(entities, bodies);
    }

    @Bean
    WebFluxRegistrations handlerMappings(ObjectProvider<Endpoints> endpoints) {
        return new WebFluxRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new IndexedHandlerMapping(endpoints);
            }
        };
    }

    /** The buyer comes with the token and the key with a header: neither is a parameter that a client fills in. */
    @Bean
    OperationCustomizer idempotencyKeyHeader() {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(BuyerId.class, IdempotencyKey.class);
        return (operation, handler) -> {
            if (Arrays.asList(handler.getMethod().getParameterTypes()).contains(IdempotencyKey.class)) {
                operation.addParametersItem(new HeaderParameter()
                        .name(IdempotencyKey.HEADER)
                        .required(true)
                        .description("Your name for this request; a repeat with the same key is the same request")
                        .schema(new StringSchema().maxLength(200)));
            }
            return operation;
        };
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Onsale")
                        .description("Sells numbered seats and limited coupons to many people at the same time.")
                        .version("1"))
                .components(new Components()
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }
}
