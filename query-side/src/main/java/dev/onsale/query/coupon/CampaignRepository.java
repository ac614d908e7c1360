package dev.onsale.query.coupon;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

interface CampaignRepository extends Repository<CampaignRow, String> {

    Optional<CampaignRow> findByCampaignId(String id);

    List<CampaignRow> findByCampaignIdIn(Collection<String> ids);
}
