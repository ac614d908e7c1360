-- A show that was called off: how far the scan of its seats has come, and each reservation found with what became of it.
CREATE TABLE call_off (
    performance_id VARCHAR(36)   CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
    operator       VARCHAR(200)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reason         VARCHAR(500)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    called_off_at  DATETIME(3)   NOT NULL,
    scanned_to     VARCHAR(190)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    scanned        BOOLEAN       NOT NULL DEFAULT FALSE,
    paused         BOOLEAN       NOT NULL DEFAULT FALSE,
    PRIMARY KEY (performance_id)
) ENGINE = InnoDB;

-- outcome: OPEN, RELEASED, REVOKED, ENDED_BEFORE or FAILED. refund: NONE, OPEN, REFUNDED, VOIDED or FAILED.
CREATE TABLE call_off_reservation (
    reservation_id VARCHAR(36)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
    performance_id VARCHAR(36)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
    outcome        VARCHAR(20)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
    refund         VARCHAR(20)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
    failure        VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    PRIMARY KEY (reservation_id),
    KEY ix_call_off_reservation_outcome (performance_id, outcome, refund)
) ENGINE = InnoDB;
