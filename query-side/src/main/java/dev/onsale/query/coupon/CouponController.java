package dev.onsale.query.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.view.CampaignView;
import dev.onsale.api.view.CouponView;
import dev.onsale.api.view.Page;
import dev.onsale.query.paging.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Coupons")
class CouponController {

    private final CampaignRepository campaigns;
    private final CurrentCoupons coupons;
    private final Clock clock;

    CouponController(CampaignRepository campaigns, CurrentCoupons coupons, Clock clock) {
        this.campaigns = campaigns;
        this.coupons = coupons;
        this.clock = clock;
    }

    @GetMapping("/api/campaigns")
    @Operation(summary = "Campaigns, the last to open first")
    Page<CampaignView> campaigns(
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable CampaignId after) {
        Limit fetched = PageRequest.of(limit, null).fetch();
        Instant now = clock.instant();
        List<CampaignView> views = (after == null
                        ? campaigns.newest(fetched)
                        : campaigns.newestAfter(after.toString(), fetched))
                .stream().map(row -> row.view(now)).toList();
        boolean more = views.size() > limit;
        List<CampaignView> page = more ? views.subList(0, limit) : views;
        return new Page<>(page, more ? page.getLast().campaignId().toString() : null);
    }

    @GetMapping("/api/campaigns/{campaignId}")
    @Operation(
            summary = "One campaign with its counters",
            description = "The ETag is for If-Match of a change of the terms.")
    ResponseEntity<CampaignView> campaign(@PathVariable CampaignId campaignId) {
        Instant now = clock.instant();
        return campaigns
                .findByCampaignId(campaignId.toString())
                .map(row -> ResponseEntity.ok().eTag(row.entityTag(now)).body(row.view(now)))
                .orElseThrow(() ->
                        new RefusedException(RefusalCode.CAMPAIGN_NOT_FOUND, "There is no campaign " + campaignId));
    }

    @GetMapping("/api/me/coupons")
    @Operation(
            summary = "The caller's coupons, newest first",
            description = "Always as the event log has it, also while the read models are behind.")
    Page<CouponView> mine(
            BuyerId buyer,
            @RequestParam(defaultValue = PageRequest.LIMIT_DEFAULT) int limit,
            @RequestParam(required = false) @Nullable Long after) {
        PageRequest page = PageRequest.of(limit, after);
        return page.page(
                coupons.newestOf(buyer, page.before(), page.fetch()),
                owned -> owned.coupon().firstPosition(),
                OwnedCoupon::view);
    }
}
