package dev.onsale.platform.http;

import dev.onsale.api.RefusalCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses paths and queries that are no text: a percent sign without two digits, and bytes that are not valid UTF-8. Spring would
 * fail on the one and put a question mark in place of the other.
 */
final class RequestUriFilter implements WebFilter, Ordered {

    /** Behind the limits by address, in front of security, whose firewall decodes the path. */
    private static final int ORDER = -105;

    private final ProblemWriter problems;

    RequestUriFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean text = isText(exchange.getRequest().getURI().getRawPath())
                && isText(exchange.getRequest().getURI().getRawQuery());
        return text
                ? chain.filter(exchange)
                : problems.write(
                        exchange,
                        Problems.of(
                                RefusalCode.INVALID_REQUEST, "The address is not valid Unicode text, percent-encoded"));
    }

    static boolean isText(@Nullable String encoded) {
        if (encoded == null || encoded.indexOf('%') < 0) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) != '%') {
                // One byte in place of any other character: it ends a sequence that is not complete.
                bytes.put((byte) 'x');
                continue;
            }
            if (at + 2 >= encoded.length()) {
                return false;
            }
            int high = Character.digit(encoded.charAt(++at), 16);
            int low = Character.digit(encoded.charAt(++at), 16);
            if (high < 0 || low < 0) {
                return false;
            }
            bytes.put((byte) (high * 16 + low));
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
