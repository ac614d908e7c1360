package dev.onsale.benchmarks.reads;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The upper limit: the same bytes from the same server without any work. */
@RestController
public class StaticAnswer {

    static final String PATH = "/api/performances/static-answer";

    private volatile byte[] bytes = {};

    void become(byte[] answer) {
        bytes = answer.clone();
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<byte[]> answer() {
        return Mono.just(bytes);
    }
}
