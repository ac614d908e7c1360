-- What was given back of a payment, in parts and at last, and why a reservation was cancelled for its buyer.
ALTER TABLE payment_view
    ADD COLUMN refunded_minor_units BIGINT NOT NULL DEFAULT 0;

UPDATE payment_view SET refunded_minor_units = COALESCE(amount_minor_units, 0) WHERE status = 'REFUNDED';

ALTER TABLE reservation_view
    ADD COLUMN cancel_reason VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

UPDATE reservation_view SET cancel_reason = payment_failure
WHERE status = 'CANCELLED' AND payment_failure IS NOT NULL;

ALTER TABLE performance_view
    ADD COLUMN called_off_at VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;
