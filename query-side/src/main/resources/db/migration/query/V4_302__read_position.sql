-- Up to where the read models have seen each sale.
CREATE TABLE read_position (
    sale_key     VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    log_position BIGINT       NOT NULL,
    PRIMARY KEY (sale_key)
) ENGINE = InnoDB;
