package dev.onsale.command.node;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;
import org.springframework.boot.ssl.SslBundle;

/**
 * Encrypts the connections between nodes. Both ends show a certificate that the other one trusts, and the called node one for its
 * address.
 */
final class NodeTls {

    private static final String PROTOCOL = "TLSv1.3";

    private final SslContext called;
    private final SslContext calling;

    /**
     * @param bundle key and certificate of this node, and the certificates that it trusts
     */
    NodeTls(SslBundle bundle) {
        try {
            called = SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory())
                    .trustManager(bundle.getManagers().getTrustManagerFactory())
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols(PROTOCOL)
                    .build();
            calling = SslContextBuilder.forClient()
                    .keyManager(bundle.getManagers().getKeyManagerFactory())
                    .trustManager(bundle.getManagers().getTrustManagerFactory())
                    .endpointIdentificationAlgorithm("HTTPS")
                    .protocols(PROTOCOL)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("The SSL bundle of onsale.command.nodes.ssl-bundle cannot be used", e);
        }
    }

    SslHandler toBeCalled(ByteBufAllocator memory) {
        return called.newHandler(memory);
    }

    SslHandler toCall(ByteBufAllocator memory, String host, int port) {
        return calling.newHandler(memory, host, port);
    }
}
