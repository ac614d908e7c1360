package dev.onsale.platform.http;

import dev.onsale.platform.http.WebProperties.ForwardedHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where a request comes from. {@code X-Forwarded-For} and {@code Forwarded} can be written by anybody: only the header that the
 * proxies of our own write counts, and only as many of its entries are believed, from the end, as there are such proxies. With fewer
 * entries than that the request did not pass all proxies; then, and where the entry is no address, the address of the connection
 * counts. An empty entry counts as an entry.
 */
public final class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";

    private final int trustedProxies;
    private final ForwardedHeader header;

    /**
     * @param header the one that the trusted proxies write
     */
    public ClientAddress(int trustedProxies, ForwardedHeader header) {
        this.trustedProxies = trustedProxies;
        this.header = header;
    }

    /** Nothing where the connection has no address. */
    public @Nullable InetAddress of(ServerHttpRequest request) {
        InetAddress forwarded = trustedProxies == 0 ? null : forwarded(request.getHeaders());
        if (forwarded != null) {
            return forwarded;
        }
        InetSocketAddress remote = request.getRemoteAddress();
        return remote == null ? null : remote.getAddress();
    }

    private @Nullable InetAddress forwarded(HttpHeaders headers) {
        return switch (header) {
            case X_FORWARDED_FOR -> believed(headers.get(FORWARDED_FOR), ForwardedHop::ofForwardedFor);
            case FORWARDED -> believed(headers.get(FORWARDED), ForwardedHop::ofForwarded);
        };
    }

    /** Commas in quotes separate too: the entries of our own proxies have none, and those of others must not hide them. */
    private @Nullable InetAddress believed(
            @Nullable List<String> headers, Function<String, @Nullable InetAddress> address) {
        if (headers == null) {
            return null;
        }
        String[] hops = String.join(",", headers).split(",", -1);
        return hops.length < trustedProxies ? null : address.apply(hops[hops.length - trustedProxies]);
    }
}
