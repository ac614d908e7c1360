-- The rows of one sale, for whoever compares them with its log.
ALTER TABLE reservation_view ADD KEY ix_reservation_view_performance (performance_id);
ALTER TABLE payment_view ADD KEY ix_payment_view_performance (performance_id);
ALTER TABLE coupon_view ADD KEY ix_coupon_view_campaign (campaign_id);
