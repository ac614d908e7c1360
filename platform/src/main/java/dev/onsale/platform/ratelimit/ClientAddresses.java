package dev.onsale.platform.ratelimit;

import dev.onsale.platform.http.ClientAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Whom a limit by address counts. IPv6 clients own at least a /64 and are one client by it. */
final class ClientAddresses {

    private static final int V6_NETWORK_BYTES = 8;

    private final ClientAddress clients;
    private final List<Network> exempt;

    ClientAddresses(ClientAddress clients, List<String> exempt) {
        this.clients = clients;
        this.exempt = exempt.stream().map(Network::of).toList();
    }

    /** Nothing for a client that is not limited. */
    @Nullable
    String limited(ServerHttpRequest request) {
        InetAddress address = clients.of(request);
        if (address == null) {
            return null;
        }
        byte[] client = address.getAddress();
        if (exempt.stream().anyMatch(network -> network.has(client))) {
            return null;
        }
        return client.length == 4
                ? NetUtil.bytesToIpAddress(client)
                : NetUtil.bytesToIpAddress(Arrays.copyOf(Arrays.copyOf(client, V6_NETWORK_BYTES), client.length));
    }
}
