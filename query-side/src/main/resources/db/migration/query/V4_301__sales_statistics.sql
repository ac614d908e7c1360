-- What each reservation has done to the counters: a fact that is told again finds that it was counted.
CREATE TABLE counted_reservation (
    reservation_id     VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    performance_id     VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seats              INT         NOT NULL,
    value_minor_units  BIGINT      NOT NULL,
    currency           CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    booked             BOOLEAN     NOT NULL,
    aggregate_sequence BIGINT      NOT NULL,
    log_position       BIGINT      NOT NULL,
    PRIMARY KEY (reservation_id),
    KEY ix_counted_reservation_performance (performance_id)
) ENGINE = InnoDB;

-- facts grows with every fact that is in the row.
CREATE TABLE sales_minute (
    performance_id       VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    minute               CHAR(20)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seats_held           INT         NOT NULL,
    seats_booked         INT         NOT NULL,
    seats_given_up       INT         NOT NULL,
    seats_returned       INT         NOT NULL,
    reservations_booked  INT         NOT NULL,
    booked_minor_units   BIGINT      NOT NULL,
    returned_minor_units BIGINT      NOT NULL,
    currency             CHAR(3)     CHARACTER SET ascii COLLATE ascii_bin,
    facts                BIGINT      NOT NULL,
    log_position         BIGINT      NOT NULL,
    PRIMARY KEY (performance_id, minute),
    KEY ix_sales_minute (minute, performance_id, seats_booked)
) ENGINE = InnoDB;
