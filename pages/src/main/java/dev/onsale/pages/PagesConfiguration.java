package dev.onsale.pages;

import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** Serves the pages for buyers from the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "onsale.pages.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PagesProperties.class)
public class PagesConfiguration {

    /** Behind the endpoints, so that a request of the API never looks at the pages. */
    private static final int BEHIND_CONTROLLERS = 10;

    @Bean
    StaticFiles staticFiles() throws IOException {
        return StaticFiles.load();
    }

    @Bean
    SimpleUrlHandlerMapping pageRoutes(StaticFiles files, PagesProperties properties) {
        return new SimpleUrlHandlerMapping(
                PageRoutes.handlers(files, new Shell(files, properties.frameAncestors())), BEHIND_CONTROLLERS);
    }
}
