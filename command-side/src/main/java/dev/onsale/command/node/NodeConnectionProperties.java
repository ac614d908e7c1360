package dev.onsale.command.node;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the connections between nodes ({@code onsale.command.nodes.*}).
 *
 * @param address host name or IP address of this node for the other nodes; it listens there only. With several machines
 *     set it to an address of the internal network
 * @param port port for the other nodes, 0 for any free one; never open it to clients
 */
@ConfigurationProperties("onsale.command.nodes")
public record NodeConnectionProperties(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("0") int port) {

    public NodeConnectionProperties {
        Assert.hasText(address, "onsale.command.nodes.address is not empty");
        Assert.isTrue(port >= 0 && port <= 65_535, "onsale.command.nodes.port is 0 to 65535");
    }
}
