package dev.onsale.query.coupon;

import dev.onsale.api.CampaignId;
import dev.onsale.api.CouponId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.coupon.CouponIssued;
import dev.onsale.api.coupon.CouponRedeemed;
import dev.onsale.api.coupon.CouponRestored;
import dev.onsale.api.coupon.CouponRevoked;
import dev.onsale.api.view.CouponStatus;
import dev.onsale.api.view.CouponView;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One issued coupon. It follows a part of its campaign's stream, so that its sequence would say nothing about gaps. */
@Entity
@Immutable
@Table(name = "coupon_view")
class CouponRow {

    @Id
    private String couponId;

    private String campaignId;

    @SuppressWarnings("UnusedVariable") // Written by the declaration of the table.
    private String buyerId;

    @Column(name = "issue_rank")
    private int rank;

    @Enumerated(EnumType.STRING)
    private CouponStatus status = CouponStatus.ISSUED;

    private @Nullable String reservationId;

    private Instant issuedAt;
    private long firstPosition;

    @Column(name = "log_position")
    private long position;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    protected CouponRow() {}

    CouponRow(CouponIssued issued, long firstPosition) {
        couponId = issued.couponId().toString();
        campaignId = issued.campaignId().toString();
        buyerId = issued.buyerId().toString();
        rank = issued.rank();
        issuedAt = issued.issuedAt();
        this.firstPosition = firstPosition;
    }

    /** Whether a fact at this position of the log is news to the row. */
    boolean moveTo(long factPosition) {
        if (factPosition <= position) {
            return false;
        }
        position = factPosition;
        return true;
    }

    void become(CouponEvent event) {
        switch (event) {
            case CouponRedeemed redeemed -> {
                status = CouponStatus.REDEEMED;
                reservationId = redeemed.reservationId().toString();
            }
            case CouponRestored restored -> {
                status = CouponStatus.ISSUED;
                reservationId = null;
            }
            case CouponRevoked revoked -> status = CouponStatus.REVOKED;
            default -> {}
        }
    }

    CouponView view(CampaignRow campaign) {
        return new CouponView(
                CouponId.of(couponId),
                CampaignId.of(campaignId),
                campaign.name(),
                rank,
                campaign.discountOf(rank),
                status,
                issuedAt,
                reservationId == null ? null : ReservationId.of(reservationId));
    }

    String couponId() {
        return couponId;
    }

    String campaignId() {
        return campaignId;
    }

    long firstPosition() {
        return firstPosition;
    }
}
