-- What a buyer sees of a payment: what it is about, until when it is known, and what a coupon takes off.
ALTER TABLE reservation_view
    ADD COLUMN pay_before           VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN discount_payment_id  VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN discount_minor_units BIGINT;

ALTER TABLE payment_view
    ADD COLUMN amount_minor_units BIGINT,
    ADD COLUMN currency           CHAR(3) CHARACTER SET ascii COLLATE ascii_bin;

CREATE TABLE wallet_view (
    buyer_id            VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency            CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    balance_minor_units BIGINT       NOT NULL,
    log_position        BIGINT       NOT NULL,
    PRIMARY KEY (buyer_id, currency),
    CONSTRAINT ck_wallet_view_balance CHECK (balance_minor_units >= 0)
) ENGINE = InnoDB;

CREATE TABLE wallet_entry (
    buyer_id            VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    log_position        BIGINT       NOT NULL,
    kind                VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount_minor_units  BIGINT       NOT NULL,
    balance_minor_units BIGINT       NOT NULL,
    currency            CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payment_id          VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin,
    reservation_id      VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin,
    moved_at            VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (buyer_id, log_position)
) ENGINE = InnoDB;
