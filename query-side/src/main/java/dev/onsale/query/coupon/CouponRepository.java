package dev.onsale.query.coupon;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.query.Param;

interface CouponRepository extends CrudRepository<CouponRow, String> {

    @Query(
            "select new dev.onsale.query.coupon.OwnedCoupon(c, m) from CouponRow c join CampaignRow m on m.campaignId = c.campaignId"
                    + " where c.buyerId = :buyer and c.firstPosition < :before order by c.firstPosition desc")
    List<OwnedCoupon> findNewestOf(@Param("buyer") String buyer, @Param("before") long before, Limit limit);
}
