-- Sales whose facts are not published, because Kafka refuses one of them, until an operator retries or drops it.
CREATE TABLE publisher_held_sale (
    sale_key VARCHAR(255)  NOT NULL COLLATE utf8mb4_bin,
    position BIGINT        NOT NULL,
    reason   VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
    held_at  BIGINT        NOT NULL,
    PRIMARY KEY (sale_key)
) ENGINE = InnoDB;

-- The refused fact and those that follow it, in the order of the log.
CREATE TABLE publisher_held_fact (
    sale_key             VARCHAR(255) NOT NULL COLLATE utf8mb4_bin,
    position             BIGINT       NOT NULL,
    aggregate_identifier VARCHAR(255) NOT NULL,
    sequence_number      BIGINT       NOT NULL,
    PRIMARY KEY (sale_key, position)
) ENGINE = InnoDB;
