-- Facts that an operator gave up because Kafka refuses them: no consumer will ever see them.
CREATE TABLE publisher_dropped_fact (
    sale_key             VARCHAR(255)  NOT NULL COLLATE utf8mb4_bin,
    position             BIGINT        NOT NULL,
    aggregate_identifier VARCHAR(255)  NOT NULL,
    sequence_number      BIGINT        NOT NULL,
    refusal              VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
    reason               VARCHAR(2000) CHARACTER SET utf8mb4 NOT NULL,
    dropped_by           VARCHAR(255)  NOT NULL,
    dropped_at           BIGINT        NOT NULL,
    PRIMARY KEY (sale_key, position)
) ENGINE = InnoDB;
