package dev.onsale.platform.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Keeps Spring Boot from adding the filter chains of Spring Security: {@link AccessFilter} takes their place. */
final class SecurityAutoConfigurationExclusion implements AutoConfigurationImportFilter {

    private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

    private static final Set<String> EXCLUDED = Set.of(
            SECURITY + "ReactiveUserDetailsServiceAutoConfiguration",
            SECURITY + "web.reactive.ReactiveWebSecurityAutoConfiguration",
            SECURITY + "actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.reactive"
                    + ".ReactiveOAuth2ResourceServerWebSecurityAutoConfiguration");

    @Override
    public boolean[] match(@Nullable String[] classNames, AutoConfigurationMetadata metadata) {
        boolean[] wanted = new boolean[classNames.length];
        for (int index = 0; index < classNames.length; index++) {
            String name = classNames[index];
            wanted[index] = name == null || !EXCLUDED.contains(name);
        }
        return wanted;
    }
}
