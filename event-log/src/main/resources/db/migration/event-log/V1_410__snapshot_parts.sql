-- The bytes of a snapshot whose row in snapshot_event names the fact it was made from: in rows of a megabyte, because a whole
-- snapshot may be larger than a packet (max_allowed_packet). Rows without such a row are left over and mean nothing.
CREATE TABLE snapshot_part (
    aggregate_identifier VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sequence_number      BIGINT       NOT NULL,
    part                 INT          NOT NULL,
    payload              MEDIUMBLOB   NOT NULL,
    PRIMARY KEY (aggregate_identifier, sequence_number, part)
) ENGINE = InnoDB;
