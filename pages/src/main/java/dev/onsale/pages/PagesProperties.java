package dev.onsale.pages;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the pages for buyers ({@code onsale.pages.*}).
 *
 * @param enabled whether this process serves the pages
 * @param frameAncestors origins that may show the pages in a frame, such as {@code https://shop.example}; none by default
 */
@ConfigurationProperties("onsale.pages")
record PagesProperties(
        @DefaultValue("true") boolean enabled, @DefaultValue List<String> frameAncestors) {

    PagesProperties {
        for (String origin : frameAncestors) {
            // The value becomes part of a header: a semicolon or a space would begin another rule of the policy.
            if (!origin.matches("https?://[A-Za-z0-9.*-]+(:\\d{1,5})?")) {
                throw new IllegalArgumentException(
                        "Each of onsale.pages.frame-ancestors is an origin, such as https://shop.example");
            }
        }
    }
}
