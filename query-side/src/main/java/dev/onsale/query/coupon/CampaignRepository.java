package dev.onsale.query.coupon;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

interface CampaignRepository extends Repository<CampaignRow, String> {

    /** The last to open first. A campaign moves to another page only if an operator changes its opening. */
    @Query("select c from CampaignRow c order by c.opensAt desc, c.campaignId desc")
    List<CampaignRow> newest(Limit limit);

    /** The campaigns that follow one in the order of {@link #newest}. */
    @Query("select c from CampaignRow c, CampaignRow last where last.campaignId = :after and (c.opensAt < last.opensAt"
            + " or (c.opensAt = last.opensAt and c.campaignId < last.campaignId))"
            + " order by c.opensAt desc, c.campaignId desc")
    List<CampaignRow> newestAfter(@Param("after") String after, Limit limit);

    Optional<CampaignRow> findByCampaignId(String id);

    List<CampaignRow> findByCampaignIdIn(Collection<String> ids);
}
