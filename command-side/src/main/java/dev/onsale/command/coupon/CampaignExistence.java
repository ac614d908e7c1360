package dev.onsale.command.coupon;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.CampaignId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.command.guard.state.GuardRetention;
import dev.onsale.command.guard.state.SaleTerms;
import dev.onsale.command.store.AggregateKinds;
import dev.onsale.eventlog.StoredEvents;
import dev.onsale.platform.supervision.TaskThreads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** Which campaigns exist. Checked before the guard, so that a made-up id does not start a rebuild. */
@Component
class CampaignExistence {

    private static final int CAMPAIGNS_MAX = 10_000;

    /** Another node may have extended the window. */
    private static final Duration CHECKED_EVERY = Duration.ofSeconds(10);

    private static final String AGGREGATE_TYPE = "Campaign";

    private final StoredEvents events;
    private final AggregateKinds kinds;
    private final GuardRetention retention;
    private final Clock clock;
    /** Until when each campaign has a guard. */
    private final AsyncLoadingCache<CampaignId, Optional<Instant>> known;

    CampaignExistence(StoredEvents events, AggregateKinds kinds, GuardRetention retention, Clock clock) {
        this.kinds = kinds;
        this.events = events;
        this.retention = retention;
        this.clock = clock;
        known = Caffeine.newBuilder()
                .maximumSize(CAMPAIGNS_MAX)
                .executor(TaskThreads.perTask("known-campaigns-"))
                .refreshAfterWrite(CHECKED_EVERY)
                .buildAsync(this::guardedUntil);
    }

    /** An id of another aggregate is no campaign: its events cannot be replayed as a campaign. */
    private Optional<Instant> guardedUntil(CampaignId id) {
        if (!kinds.isOf(id.toString(), AGGREGATE_TYPE)) {
            return Optional.empty();
        }
        return SaleTerms.now(events, id.toString()) instanceof CampaignLaunched terms
                ? Optional.of(retention.guardedUntil(terms))
                : Optional.empty();
    }

    /** Discards reads that began before the campaign was launched or changed. */
    void readAgain(CampaignId id) {
        known.synchronous().invalidate(id);
    }

    /** Fails with {@code CAMPAIGN_NOT_FOUND}. */
    CompletionStage<CampaignId> require(CampaignId id) {
        return find(id).thenApply(guardedUntil -> id);
    }

    /** Fails with {@code CAMPAIGN_CLOSED} long after the campaign's end as well, when it has no guard any more. */
    CompletionStage<CampaignId> requireGuarded(CampaignId id) {
        return find(id).thenApply(guardedUntil -> {
            if (!clock.instant().isBefore(guardedUntil)) {
                throw new RefusedException(RefusalCode.CAMPAIGN_CLOSED, "The campaign is over");
            }
            return id;
        });
    }

    private CompletionStage<Instant> find(CampaignId id) {
        return known.get(id)
                .thenApply(guardedUntil -> guardedUntil.orElseThrow(() -> {
                    // Not cached: the campaign may be launched the next moment.
                    known.synchronous().invalidate(id);
                    return new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no such campaign");
                }));
    }
}
