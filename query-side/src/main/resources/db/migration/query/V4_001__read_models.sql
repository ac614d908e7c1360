-- Read models: a fold of the facts, to be thrown away and built again at will. No foreign keys between them: each table
-- follows its own stream.
-- log_position is the newest fact a row has seen; a fact at or below it changes nothing.
-- Instants are ISO 8601 text in UTC, as in the facts: no session time zone can move them and no digit is lost.
-- Lists are ordered by positions, never by time.

-- Large and unchanging, so it stays out of the row that lists are made of.
CREATE TABLE performance_plan (
    performance_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    plan           LONGBLOB    NOT NULL,
    PRIMARY KEY (performance_id)
) ENGINE = InnoDB;

CREATE TABLE performance_view (
    performance_id      VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    title               VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL,
    hall                TEXT         CHARACTER SET utf8mb4 NOT NULL,
    starts_at           VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sale_opens_at       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sale_closes_at      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    opened_by_operator  BOOLEAN      NOT NULL,
    closed_by_operator  BOOLEAN      NOT NULL,
    max_seats_per_buyer INT          NOT NULL,
    hold_duration       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    waiting_room        BOOLEAN      NOT NULL,
    price_zones         MEDIUMTEXT   CHARACTER SET utf8mb4 NOT NULL,
    first_position      BIGINT       NOT NULL,
    aggregate_sequence  BIGINT       NOT NULL,
    log_position        BIGINT       NOT NULL,
    PRIMARY KEY (performance_id),
    KEY ix_performance_view_newest (first_position)
) ENGINE = InnoDB;

-- One row a performance, whose version is that of the seat map as a whole. facts counts the seat facts in it: it grows
-- with each, so that "the map after this one" can be told from "a map from before a gap".
CREATE TABLE seat_map_view (
    performance_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seats          INT    NOT NULL,
    held           INT    NOT NULL,
    booked         INT    NOT NULL,
    version        BIGINT NOT NULL,
    facts          BIGINT NOT NULL,
    PRIMARY KEY (performance_id),
    CONSTRAINT ck_seat_map_view_stock CHECK (held >= 0 AND booked >= 0 AND held + booked <= seats)
) ENGINE = InnoDB;

-- A seat has a row from its first fact on; before, the plan says that it is available.
CREATE TABLE seat_view (
    performance_id     VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seat               VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state              VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reservation_id     VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin,
    aggregate_sequence BIGINT       NOT NULL,
    log_position       BIGINT       NOT NULL,
    PRIMARY KEY (performance_id, seat)
) ENGINE = InnoDB;

CREATE TABLE reservation_view (
    reservation_id     VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    performance_id     VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id           VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    status             VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seats              MEDIUMTEXT   CHARACTER SET utf8mb4 NOT NULL,
    total_minor_units  BIGINT       NOT NULL,
    currency           CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    held_until         VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payment_id         VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin,
    payment_failure    TEXT         CHARACTER SET utf8mb4,
    first_position     BIGINT       NOT NULL,
    aggregate_sequence BIGINT       NOT NULL,
    log_position       BIGINT       NOT NULL,
    PRIMARY KEY (reservation_id),
    KEY ix_reservation_view_buyer (buyer_id, first_position)
) ENGINE = InnoDB;

-- Fed by the payment's own stream alone: its facts and the reservation's are written by two writers and may be told in
-- either order.
CREATE TABLE payment_view (
    payment_id         VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reservation_id     VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    performance_id     VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    status             VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason             TEXT        CHARACTER SET utf8mb4,
    aggregate_sequence BIGINT      NOT NULL,
    log_position       BIGINT      NOT NULL,
    PRIMARY KEY (payment_id)
) ENGINE = InnoDB;

CREATE TABLE campaign_view (
    campaign_id           VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name                  VARCHAR(200) CHARACTER SET utf8mb4 NOT NULL,
    quantity              INT          NOT NULL,
    issued                INT          NOT NULL,
    redeemed              INT          NOT NULL,
    max_coupons_per_buyer INT          NOT NULL,
    opens_at              VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    closes_at             VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    closed_by_operator    BOOLEAN      NOT NULL,
    discount              TEXT         CHARACTER SET utf8mb4 NOT NULL,
    facts                 BIGINT       NOT NULL,
    aggregate_sequence    BIGINT       NOT NULL,
    log_position          BIGINT       NOT NULL,
    PRIMARY KEY (campaign_id),
    CONSTRAINT ck_campaign_view_stock CHECK (issued BETWEEN 0 AND quantity AND redeemed BETWEEN 0 AND issued)
) ENGINE = InnoDB;

CREATE TABLE coupon_view (
    coupon_id      VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    campaign_id    VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    issue_rank     INT          NOT NULL,
    status         VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reservation_id VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin,
    issued_at      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    first_position BIGINT       NOT NULL,
    log_position   BIGINT       NOT NULL,
    PRIMARY KEY (coupon_id),
    KEY ix_coupon_view_buyer (buyer_id, first_position)
) ENGINE = InnoDB;
