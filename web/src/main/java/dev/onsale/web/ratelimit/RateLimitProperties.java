package dev.onsale.web.ratelimit;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the rate limits ({@code onsale.web.rate-limit.*}).
 *
 * @param enabled whether anything is limited at all
 * @param user changing requests (POST, PUT, PATCH, DELETE) of one bearer token's subject
 * @param userReads its other requests
 * @param address changing requests from one address; many people may stand behind one
 * @param addressReads other requests from one address
 * @param exemptAddresses networks whose addresses are not limited; those of this machine are so by default, because what
 *     comes from there is a tool of the operator or a proxy behind which everybody stands
 * @param localPercent how much of a limit a node grants by its own count before it asks the shared bucket; with 0 every
 *     request asks
 * @param redisPatience how long a request may wait for the shared bucket before the node's own count decides
 * @param askAgainAfter how long Redis is left alone after it did not answer
 * @param clientsMax clients of which a node keeps count, for each limit
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
        require(localPercent >= 0 && localPercent <= 50, "onsale.web.rate-limit.local-percent is 0 to 50");
        require(redisPatience.isPositive(), "onsale.web.rate-limit.redis-patience is positive");
        require(askAgainAfter.isPositive(), "onsale.web.rate-limit.ask-again-after is positive");
        require(clientsMax >= 1, "onsale.web.rate-limit.clients-max is at least 1");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
