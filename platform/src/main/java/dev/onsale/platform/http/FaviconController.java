package dev.onsale.platform.http;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers browsers' requests for an icon with 204, so that they are no errors. */
@Hidden
@RestController
class FaviconController {

    private static final Duration REMEMBERED = Duration.ofDays(1);

    @Operation(summary = "No icon")
    @GetMapping("/favicon.ico")
    ResponseEntity<Void> icon() {
        return ResponseEntity.noContent()
                .cacheControl(CacheControl.maxAge(REMEMBERED))
                .build();
    }
}
