package dev.onsale.web.ratelimit;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Where a request comes from. {@code X-Forwarded-For} can be written by anybody: only as many of its entries are believed,
 * from its end, as there are proxies of our own in front. IPv6 clients own at least a /64 and are one client by it.
 */
final class ClientAddresses {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final int V6_NETWORK_BYTES = 8;

    private final int trustedProxies;
    private final List<Network> exempt;

    ClientAddresses(int trustedProxies, List<String> exempt) {
        this.trustedProxies = trustedProxies;
        this.exempt = exempt.stream().map(Network::of).toList();
    }

    /** Nothing for a client that is not limited. */
    @Nullable
    String limited(ServerHttpRequest request) {
        byte[] address =
                trustedProxies == 0 ? null : forwarded(request.getHeaders().get(FORWARDED_FOR));
        if (address == null) {
            InetSocketAddress remote = request.getRemoteAddress();
            InetAddress inet = remote == null ? null : remote.getAddress();
            if (inet == null) {
                return null;
            }
            address = inet.getAddress();
        }
        byte[] client = address;
        if (exempt.stream().anyMatch(network -> network.has(client))) {
            return null;
        }
        return client.length == 4
                ? NetUtil.bytesToIpAddress(client)
                : NetUtil.bytesToIpAddress(Arrays.copyOf(Arrays.copyOf(client, V6_NETWORK_BYTES), client.length));
    }

    private byte @Nullable [] forwarded(@Nullable List<String> headers) {
        if (headers == null) {
            return null;
        }
        String[] hops = String.join(",", headers).split(",", -1);
        int index = hops.length - trustedProxies;
        byte[] parsed = NetUtil.createByteArrayFromIpAddressString(hops[Math.max(0, index)].strip());
        return parsed;
    }
}
