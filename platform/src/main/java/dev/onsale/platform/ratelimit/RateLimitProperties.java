package dev.onsale.platform.ratelimit;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the rate limits ({@code onsale.web.rate-limit.*}).
 *
 * @param enabled whether requests are limited
 * @param user changing requests (POST, PUT, PATCH, DELETE) of one buyer
 * @param userReads other requests of one buyer
 * @param address changing requests of one address; an IPv6 client counts by its /64
 * @param addressReads other requests of one address
 * @param exemptAddresses networks without a limit by address, in CIDR notation. By default those of this machine: local
 *     tools, and a local proxy that is not set as trusted
 * @param localPercent percentage of a limit that a node grants by its own count before it asks the shared bucket in
 *     Redis, 0 to 50; 0 asks for every request
 * @param redisPatience how long a request waits for the shared bucket; then the node's own count decides
 * @param askAgainAfter how long a node does not ask Redis after a call failed
 * @param clientsMax clients that a node counts for each limit, at least 1
 */
@ConfigurationProperties("onsale.web.rate-limit")
record RateLimitProperties(
        @DefaultValue("true") boolean enabled,
        Limit user,
        Limit userReads,
        Limit address,
        Limit addressReads,
        @DefaultValue({"127.0.0.0/8", "::1"}) List<String> exemptAddresses,
        @DefaultValue("10") int localPercent,
        @DefaultValue("PT0.1S") Duration redisPatience,
        @DefaultValue("PT1S") Duration askAgainAfter,
        @DefaultValue("200000") int clientsMax) {

    RateLimitProperties {
        user = user == null ? new Limit(200, Duration.ofSeconds(10)) : user;
        userReads = userReads == null ? new Limit(1_000, Duration.ofSeconds(10)) : userReads;
        address = address == null ? new Limit(20_000, Duration.ofSeconds(10)) : address;
        addressReads = addressReads == null ? new Limit(100_000, Duration.ofSeconds(10)) : addressReads;
        Assert.isTrue(localPercent >= 0 && localPercent <= 50, "onsale.web.rate-limit.local-percent is 0 to 50");
        Assert.isTrue(redisPatience.isPositive(), "onsale.web.rate-limit.redis-patience is positive");
        Assert.isTrue(askAgainAfter.isPositive(), "onsale.web.rate-limit.ask-again-after is positive");
        Assert.isTrue(clientsMax >= 1, "onsale.web.rate-limit.clients-max is at least 1");
    }
}
