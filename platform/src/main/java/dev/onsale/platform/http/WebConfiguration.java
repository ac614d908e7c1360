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
import java.util.List;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.ReactiveJwtAuthenticationConverterAdapter;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTP as every side speaks it. What is public is public on all sides: looking at performances, seat maps and campaigns;
 * everything else needs a bearer token, and what an operator does needs the role {@code operator}.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
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
    SecurityWebFilterChain security(
            ServerHttpSecurity http,
            ProblemWriter problemWriter,
            ReactiveJwtDecoder tokens,
            Clock clock,
            Endpoints endpoints) {
        ProblemSecurityHandlers problems = new ProblemSecurityHandlers(problemWriter);
        JwtAuthenticationConverter roles = new JwtAuthenticationConverter();
        roles.setJwtGrantedAuthoritiesConverter(jwt -> {
            List<String> claimed = jwt.getClaimAsStringList("roles");
            return claimed == null
                    ? List.of()
                    : claimed.stream()
                            .map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                            .collect(java.util.stream.Collectors.toUnmodifiableList());
        });
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                // Every request carries its token; a session would only be memory that a stampede can fill.
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .authorizeExchange(exchanges -> exchanges
                        // There is nothing to protect: the answer is 404, 405, or what OPTIONS asks
                        // for.
                        .matchers(endpoints.missing())
                        .permitAll()
                        .matchers(reads(
                                "/api/me",
                                "/api/performances/**",
                                "/api/performances",
                                "/api/campaigns/**",
                                "/api/schemas",
                                "/api/schemas/*",
                                "/api/seals/**",
                                "/api/waiting-rooms/*",
                                "/api/waiting-rooms/*/shuffle",
                                "/favicon.ico"))
                        .permitAll()
                        .pathMatchers("/", "/swagger-ui.html", "/swagger-ui/**", "/webjars/**", "/v3/api-docs/**")
                        .permitAll()
                        .pathMatchers("/dev/**", "/.well-known/**")
                        .permitAll()
                        // Removes a cookie, also one whose token is no longer valid.
                        .pathMatchers(HttpMethod.POST, "/logout")
                        .permitAll()
                        // Not by a token but by its signature.
                        .pathMatchers(HttpMethod.POST, "/api/payment-webhooks")
                        .permitAll()
                        // On the management port, which is for operators and their scrapers alone.
                        .pathMatchers("/actuator/health/**", "/actuator/info", "/actuator/prometheus")
                        .permitAll()
                        .pathMatchers("/api/admin/**", "/api/audit/**")
                        .hasRole(OPERATOR)
                        .pathMatchers(
                                HttpMethod.POST,
                                "/api/performances",
                                "/api/performances/*/sale/*",
                                "/api/campaigns",
                                "/api/campaigns/*/close")
                        .hasRole(OPERATOR)
                        .anyExchange()
                        .authenticated())
                .oauth2ResourceServer(server -> server.bearerTokenConverter(new BearerTokens())
                        .jwt(jwt -> jwt.jwtDecoder(new CachingJwtDecoder(tokens, clock))
                                .jwtAuthenticationConverter(new ReactiveJwtAuthenticationConverterAdapter(roles)))
                        .authenticationEntryPoint(problems)
                        .accessDeniedHandler(problems))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }

    /** HEAD is GET without the body, in what it needs as well. */
    private static ServerWebExchangeMatcher reads(String... paths) {
        return new OrServerWebExchangeMatcher(
                ServerWebExchangeMatchers.pathMatchers(HttpMethod.GET, paths),
                ServerWebExchangeMatchers.pathMatchers(HttpMethod.HEAD, paths));
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
    ServerExchangeRejectedHandler rejectedByFirewall(ProblemWriter problems) {
        return new ProblemSecurityHandlers(problems);
    }

    /** The default's rule for header values, without a regular expression over every character of every header. */
    @Bean
    StrictServerWebExchangeFirewall firewall() {
        StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
        // A header that is not there is asked for, too.
        firewall.setAllowedHeaderValues(value -> value == null
                || value.codePoints().allMatch(c -> Character.isDefined(c) && !Character.isISOControl(c)));
        return firewall;
    }

    /** One observation for a request is enough; Spring Security would make one for each of its filters. */
    @Bean
    SecurityObservationSettings noSecurityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    HttpHandlerDecoratorFactory answersOnEventLoop() {
        return new EventLoopResponses();
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
