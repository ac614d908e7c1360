-- The last use of a ticket of each seat.
CREATE TABLE ticket_checkin (
    performance_id VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seat           VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reservation_id VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    fencing_token  BIGINT       NOT NULL,
    checked_in_by  VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    checked_in_at  VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    log_position   BIGINT       NOT NULL,
    PRIMARY KEY (performance_id, seat),
    KEY ix_ticket_checkin_newest (performance_id, log_position)
) ENGINE = InnoDB;
