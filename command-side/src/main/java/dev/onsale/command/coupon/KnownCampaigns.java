package dev.onsale.command.coupon;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onsale.api.CampaignId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.coupon.CampaignLaunched;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Which campaigns exist, for the check in front of the guard: a made-up campaign must not become a rebuild. */
@Component
class KnownCampaigns {

    private static final int CAMPAIGNS_MAX = 10_000;

    private final AsyncLoadingCache<CampaignId, Boolean> known;

    KnownCampaigns(@Qualifier("eventStorageEngine") EventStorageEngine store) {
        known = Caffeine.newBuilder()
                .maximumSize(CAMPAIGNS_MAX)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .buildAsync(id -> isCampaign(store.readEvents(id.toString(), 0)));
    }

    /** An id of something else is no campaign: asked of the aggregates, it would meet facts they do not know. */
    private static boolean isCampaign(DomainEventStream facts) {
        return facts.hasNext() && facts.next().getPayload() instanceof CampaignLaunched;
    }

    /** Who asks from now on does not get the answer of a read that began before the campaign was launched. */
    void readAgain(CampaignId id) {
        known.synchronous().invalidate(id);
    }

    /** Fails with {@code CAMPAIGN_NOT_FOUND}. */
    CompletionStage<CampaignId> require(CampaignId id) {
        return known.get(id).thenApply(exists -> {
            if (exists) {
                return id;
            }
            // Not found is not remembered: the campaign may be launched the next moment.
            known.synchronous().invalidate(id);
            throw new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no such campaign");
        });
    }
}
