package dev.onsale.query.coupon;

import org.springframework.data.repository.CrudRepository;

interface CampaignRepository extends CrudRepository<CampaignRow, String> {}
