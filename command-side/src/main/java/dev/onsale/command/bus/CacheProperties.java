package dev.onsale.command.bus;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Memory limits of the caches of the command side ({@code onsale.command.cache.*}). 0 means a share of the maximum
 * heap.
 *
 * @param aggregatesMax estimated memory for cached aggregates; {@code 0B} means one third of the maximum heap
 * @param saleFactsMax estimated memory for the cached terms and seats of performances; {@code 0B} means one tenth of
 *     the maximum heap
 */
@ConfigurationProperties("onsale.command.cache")
public record CacheProperties(
        @DefaultValue("0B") DataSize aggregatesMax,
        @DefaultValue("0B") DataSize saleFactsMax) {

    private static final int AGGREGATES_SHARE = 3;
    private static final int SALE_FACTS_SHARE = 10;

    public CacheProperties {
        Assert.isTrue(!aggregatesMax.isNegative(), "onsale.command.cache.aggregates-max is not negative");
        Assert.isTrue(!saleFactsMax.isNegative(), "onsale.command.cache.sale-facts-max is not negative");
    }

    public static CacheProperties defaults() {
        return new CacheProperties(DataSize.ofBytes(0), DataSize.ofBytes(0));
    }

    public long aggregatesBytesMax() {
        return orShare(aggregatesMax, AGGREGATES_SHARE);
    }

    public long saleFactsBytesMax() {
        return orShare(saleFactsMax, SALE_FACTS_SHARE);
    }

    private static long orShare(DataSize size, int share) {
        return size.toBytes() == 0 ? Runtime.getRuntime().maxMemory() / share : size.toBytes();
    }
}
