package dev.onsale.command.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.OperatorAction;
import dev.onsale.api.OperatorId;
import dev.onsale.api.coupon.CampaignChange;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.CampaignTerms;
import dev.onsale.api.coupon.ChangeCampaign;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.RevokeCoupon;
import dev.onsale.command.change.MergePatch;
import dev.onsale.platform.http.IdempotencyKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "Coupons")
class CampaignChangeController {

    private static final CampaignChange NONE = new CampaignChange(null, null, null, null);

    private final CouponService coupons;
    private final JsonMapper json;

    CampaignChangeController(CouponService coupons, JsonMapper json) {
        this.coupons = coupons;
        this.json = json;
    }

    /**
     * What is absent stays.
     *
     * @param discount of coupons issued from now on
     * @param reason why, 1 to 500 characters
     * @param revision the change is made only if the campaign still has this revision
     */
    record ChangeRequest(
            @Nullable Integer quantity,
            @Nullable Instant opensAt,
            @Nullable Instant closesAt,
            @Nullable Discount discount,
            @Nullable String reason,
            @Nullable Integer revision) {}

    /**
     * @param discount of the next coupon
     * @param revision number of changes so far; also the ETag
     */
    record TermsAnswer(
            CampaignId campaignId,
            String name,
            int quantity,
            int maxCouponsPerBuyer,
            Instant opensAt,
            Instant closesAt,
            Discount discount,
            int revision) {

        static TermsAnswer of(CampaignTerms terms) {
            CampaignLaunched current = terms.current();
            return new TermsAnswer(
                    current.campaignId(),
                    current.name(),
                    current.quantity(),
                    current.maxCouponsPerBuyer(),
                    current.opensAt(),
                    current.closesAt(),
                    current.discount(),
                    terms.revision());
        }
    }

    /**
     * @param reason why, 1 to 500 characters
     */
    record RevokeRequest(@Nullable String reason) {}

    @Operation(
            summary = "Change the terms of a campaign",
            description = "Operators only. A JSON merge patch: all of it is done or nothing. Issued coupons keep their"
                    + " discount. 400 INVALID_REQUEST, INVALID_WINDOW; 404 CAMPAIGN_NOT_FOUND; 409 CAMPAIGN_CLOSED,"
                    + " QUANTITY_BELOW_ISSUED, CHANGED_MEANWHILE for a stale revision in the body; 412 STALE_REVISION for"
                    + " a stale If-Match. The errors of both say what has changed since.")
    @PatchMapping("/api/campaigns/{campaignId}")
    Mono<ResponseEntity<TermsAnswer>> change(
            @PathVariable CampaignId campaignId,
            IdempotencyKey key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode patch,
            @Parameter(hidden = true) Authentication operator) {
        ChangeRequest request = MergePatch.read(patch, ChangeRequest.class, json);
        CampaignChange change =
                new CampaignChange(request.quantity(), request.opensAt(), request.closesAt(), request.discount());
        if (change.equals(NONE)) {
            throw new InvalidValueException("The patch changes nothing");
        }
        ChangeCampaign command = new ChangeCampaign(
                campaignId,
                change,
                new OperatorAction(OperatorId.of(operator.getName()), request.reason()),
                MergePatch.basedOn(ifMatch, request.revision()));
        return Mono.fromCompletionStage(() -> coupons.change(command))
                .map(terms ->
                        ResponseEntity.ok().eTag("\"" + terms.revision() + "\"").body(TermsAnswer.of(terms)));
    }

    @Operation(
            summary = "Revoke a coupon that is not redeemed",
            description = "Operators only. It still counts as issued. 400 INVALID_REQUEST; 404 CAMPAIGN_NOT_FOUND,"
                    + " COUPON_NOT_FOUND; 409 COUPON_REDEEMED.")
    @PostMapping("/api/campaigns/{campaignId}/coupons/{couponId}/revoke")
    Mono<ResponseEntity<Void>> revoke(
            @PathVariable CampaignId campaignId,
            @PathVariable CouponId couponId,
            IdempotencyKey key,
            @RequestBody RevokeRequest request,
            @Parameter(hidden = true) Authentication operator) {
        RevokeCoupon command = new RevokeCoupon(
                campaignId, couponId, OperatorAction.withReason(OperatorId.of(operator.getName()), request.reason()));
        return Mono.fromCompletionStage(() -> coupons.revoke(command))
                .then(Mono.fromSupplier(() -> ResponseEntity.noContent().build()));
    }
}
