package dev.onsale.web;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where a request comes from. {@code X-Forwarded-For} can be written by anybody: only as many of its entries are believed,
 * from its end, as there are proxies of our own in front. With fewer entries than that the request did not pass all proxies;
 * then, and where the entry is no address, the address of the connection counts. An empty entry counts as an entry.
 */
public final class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final int trustedProxies;

    public ClientAddress(int trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    /** Nothing where the connection has no address. */
    public @Nullable InetAddress of(ServerHttpRequest request) {
        InetAddress forwarded =
                trustedProxies == 0 ? null : forwarded(request.getHeaders().get(FORWARDED_FOR));
        if (forwarded != null) {
            return forwarded;
        }
        InetSocketAddress remote = request.getRemoteAddress();
        return remote == null ? null : remote.getAddress();
    }

    private @Nullable InetAddress forwarded(@Nullable List<String> headers) {
        if (headers == null) {
            return null;
        }
        String[] hops = String.join(",", headers).split(",", -1);
        if (hops.length < trustedProxies) {
            return null;
        }
        String hop = hops[hops.length - trustedProxies].strip();
        byte[] address = NetUtil.createByteArrayFromIpAddressString(hop);
        try {
            return address == null ? null : InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }
}
