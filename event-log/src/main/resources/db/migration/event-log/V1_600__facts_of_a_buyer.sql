-- A buyer's own reservations and coupons are found in the log while the read models are behind. The column is computed from the
-- payload of the few types that it is for and is stored in the index alone.
ALTER TABLE domain_event
    ADD COLUMN buyer_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin GENERATED ALWAYS AS (
        CASE WHEN payload_type IN ('onsale.reservation-held', 'onsale.coupon-issued', 'onsale.coupon-redeemed',
                                   'onsale.coupon-restored')
             THEN JSON_VALUE(CONVERT(payload USING utf8mb4), '$.buyerId') END) VIRTUAL;

-- A statement of its own: together with the column it would copy the table.
ALTER TABLE domain_event ADD KEY ix_domain_event_buyer (buyer_id, payload_type);
