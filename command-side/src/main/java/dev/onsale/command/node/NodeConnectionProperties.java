package dev.onsale.command.node;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the connections between nodes ({@code onsale.command.nodes.*}).
 *
 * @param address host name or IP address of this node for the other nodes; it listens there only. With several machines
 *     set it to an address of the internal network
 * @param port port for the other nodes, 0 for any free one; never open it to clients
 * @param sslBundle name of the SSL bundle ({@code spring.ssl.bundle.*}) with the key of this node and the certificates
 *     that it trusts. With it the connections use TLS 1.3 and both ends show a certificate, which has to name the
 *     address. Without it they are not encrypted; each end still proves that it has the master key. Either all nodes
 *     have a bundle or none
 */
@ConfigurationProperties("onsale.command.nodes")
public record NodeConnectionProperties(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("0") int port,
        @Nullable String sslBundle) {

    public NodeConnectionProperties {
        Assert.hasText(address, "onsale.command.nodes.address is not empty");
        Assert.isTrue(port >= 0 && port <= 65_535, "onsale.command.nodes.port is 0 to 65535");
    }
}
