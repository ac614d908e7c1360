package dev.onsale.command.coupon;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.Ids;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.coupon.CampaignLaunched;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.coupon.LaunchCampaign;
import dev.onsale.platform.http.IdempotencyKey;
import dev.onsale.platform.idempotency.NaturallyIdempotent;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
@RequestMapping("/api/campaigns")
@Tag(name = "Coupons")
class CampaignController {

    private final CouponService coupons;

    CampaignController(CouponService coupons) {
        this.coupons = coupons;
    }

    /**
     * @param maxCouponsPerBuyer 1 if absent
     */
    record LaunchRequest(
            @Nullable String name,
            int quantity,
            @Nullable Integer maxCouponsPerBuyer,
            @Nullable Instant opensAt,
            @Nullable Instant closesAt,
            @Nullable Discount discount) {}

    record IssuedAnswer(CouponId couponId, CampaignId campaignId, int rank, Instant issuedAt) {}

    @Operation(
            summary = "Launch a coupon campaign",
            description = "Operators only. 400 INVALID_WINDOW, INVALID_REQUEST; 422 IDEMPOTENCY_KEY_REUSED.")
    @NaturallyIdempotent
    @PostMapping
    Mono<ResponseEntity<CampaignLaunched>> launch(
            BuyerId operator, IdempotencyKey key, @RequestBody LaunchRequest request) {
        LaunchCampaign command = new LaunchCampaign(
                new CampaignId(Ids.derived("campaign", operator.value(), key.value())),
                required(request.name(), "name"),
                request.quantity(),
                request.maxCouponsPerBuyer() == null ? 1 : request.maxCouponsPerBuyer(),
                required(request.opensAt(), "opensAt"),
                required(request.closesAt(), "closesAt"),
                required(request.discount(), "discount"));
        return Mono.fromCompletionStage(() -> coupons.launch(command))
                .map(fact -> ResponseEntity.created(URI.create("/api/campaigns/" + fact.campaignId()))
                        .body(fact));
    }

    @Operation(
            summary = "Get a coupon, first come, first served",
            description =
                    "404 CAMPAIGN_NOT_FOUND; 409 SOLD_OUT, ALREADY_ISSUED, CAMPAIGN_NOT_OPEN, CAMPAIGN_CLOSED; 503"
                            + " OVERLOADED; 503 TEMPORARILY_UNAVAILABLE while the guard is away. A repeat with the same key is answered like the"
                            + " first.")
    @NaturallyIdempotent
    @PostMapping("/{campaignId}/coupons")
    Mono<ResponseEntity<IssuedAnswer>> issue(@PathVariable CampaignId campaignId, BuyerId buyer, IdempotencyKey key) {
        CouponId coupon = new CouponId(Ids.derived("coupon", campaignId.toString(), buyer.value(), key.value()));
        return Mono.fromCompletionStage(() -> coupons.issue(campaignId, coupon, buyer))
                .map(fact -> ResponseEntity.created(URI.create("/api/me/coupons"))
                        .body(new IssuedAnswer(fact.couponId(), fact.campaignId(), fact.rank(), fact.issuedAt())));
    }

    @Operation(
            summary = "Close a campaign now",
            description = "Operators only. Issued coupons stay valid. 404 CAMPAIGN_NOT_FOUND.")
    @PostMapping("/{campaignId}/close")
    Mono<ResponseEntity<Void>> close(@PathVariable CampaignId campaignId, IdempotencyKey key) {
        return Mono.fromCompletionStage(() -> coupons.close(campaignId))
                .then(Mono.fromSupplier(() -> ResponseEntity.noContent().build()));
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new InvalidValueException(name + " is missing");
        }
        return value;
    }
}
