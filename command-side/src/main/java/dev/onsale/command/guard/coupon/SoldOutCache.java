package dev.onsale.command.guard.coupon;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.command.guard.state.GuardKeys;
import dev.onsale.command.guard.state.GuardRedis;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Refuses the crowd of an exhausted campaign in this process, for a moment after each time Redis has said so. An issued coupon
 * never comes back to the campaign, so "exhausted" stays true until an operator raises the quantity, which this process forgets
 * it for and others learn with their next question; and who has a coupon is always asked for in Redis, so that a
 * repeat is answered like the first try, whichever node answered that.
 */
public final class SoldOutCache {

    private static final int BYTES_MAX = 64 * 1024 * 1024;
    private static final int PAGE_SIZE = 1_000;
    private static final double TAKEN_FOR_AN_OWNER = 0.01;
    /** Of a Bloom filter with that rate. */
    private static final int BITS_PER_OWNER = 10;
    /** It is read from Redis again after that. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final GuardRedis redis;
    private final long boundNanos;
    private final Set<CampaignId> loading = ConcurrentHashMap.newKeySet();
    private final Cache<CampaignId, Exhausted> campaigns = Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .expireAfterWrite(KEPT)
            .weigher((CampaignId campaign, Exhausted exhausted) -> exhausted.bytes)
            .build();

    private static final class Exhausted {

        /** Buyers who have a coupon, as a Bloom filter: about one in a hundred others is taken for one of them. */
        private final BloomFilter<CharSequence> owners;

        private final int bytes;
        private volatile long until;

        /**
         * @param sizedFor number of owners that the filter was made for
         */
        private Exhausted(BloomFilter<CharSequence> owners, long sizedFor) {
            this.owners = owners;
            this.bytes = Math.toIntExact(Math.min(BYTES_MAX, sizedFor * BITS_PER_OWNER / Byte.SIZE + Long.BYTES));
            this.until = System.nanoTime();
        }
    }

    public SoldOutCache(GuardRedis redis, Duration bound) {
        this.redis = redis;
        this.boundNanos = bound.toNanos();
    }

    /** Whether nothing is left and this buyer has none. */
    boolean knows(CampaignId campaign, BuyerId buyer) {
        Exhausted exhausted = campaigns.getIfPresent(campaign);
        return exhausted != null
                && System.nanoTime() - exhausted.until < 0
                && !exhausted.owners.mightContain(buyer.value());
    }

    /** Redis says that every coupon is issued. */
    void exhausted(CampaignId campaign) {
        if (boundNanos == 0) {
            return;
        }
        Exhausted known = campaigns.getIfPresent(campaign);
        if (known != null) {
            known.until = System.nanoTime() + boundNanos;
        } else if (loading.add(campaign)) {
            var unused = read(campaign).whenComplete((exhausted, failure) -> {
                loading.remove(campaign);
                if (failure == null) {
                    campaigns.put(campaign, exhausted);
                }
            });
        }
    }

    /** Redis says that there may be more: a repaired guard, or one that was lost. */
    void forget(CampaignId campaign) {
        campaigns.invalidate(campaign);
    }

    private CompletionStage<Exhausted> read(CampaignId campaign) {
        String key = GuardKeys.buyers(campaign.toString());
        return redis.<Long>call(commands -> commands.hlen(key))
                .thenCompose(buyers -> owners(key, ScanCursor.INITIAL, filter(buyers))
                        .thenApply(owners -> new Exhausted(owners, buyers)));
    }

    private static BloomFilter<CharSequence> filter(long buyers) {
        return BloomFilter.create(Funnels.stringFunnel(UTF_8), Math.max(1, buyers), TAKEN_FOR_AN_OWNER);
    }

    private CompletionStage<BloomFilter<CharSequence>> owners(
            String key, ScanCursor from, BloomFilter<CharSequence> owners) {
        return redis.<MapScanCursor<String, String>>call(
                        commands -> commands.hscan(key, from, ScanArgs.Builder.limit(PAGE_SIZE)))
                .thenCompose(page -> {
                    page.getMap().forEach((buyer, count) -> {
                        if (!count.equals("0")) {
                            owners.put(buyer);
                        }
                    });
                    return page.isFinished() ? CompletableFuture.completedStage(owners) : owners(key, page, owners);
                });
    }
}
