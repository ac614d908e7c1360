-- Seals over the event store. No read model: it is written once and never rebuilt, because what it says of the past is
-- its whole worth.

-- Whoever has this row locked seals the next block.
CREATE TABLE seal_turn (
    id TINYINT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB;

INSERT INTO seal_turn (id) VALUES (1);

CREATE TABLE seal (
    number         BIGINT       NOT NULL,
    previous       BINARY(32)   NOT NULL,
    first_position BIGINT       NOT NULL,
    last_position  BIGINT       NOT NULL,
    events         BIGINT       NOT NULL,
    log_digest     BINARY(32)   NOT NULL,
    sales_digest   BINARY(32)   NOT NULL,
    sealed_at      VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seal           BINARY(32)   NOT NULL,
    key_id         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin,
    signature      VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin,
    PRIMARY KEY (number),
    KEY ix_seal_position (last_position)
) ENGINE = InnoDB;

-- Public keys that seals were ever signed with.
CREATE TABLE seal_key (
    key_id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    jwk    TEXT         CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (key_id)
) ENGINE = InnoDB;

CREATE TABLE sealed_sale (
    sale_no     BIGINT       NOT NULL AUTO_INCREMENT,
    sale_key    VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    bucket      INT          NOT NULL,
    sale_digest BINARY(32)   NOT NULL,
    events      BIGINT       NOT NULL,
    head        BINARY(32)   NOT NULL,
    PRIMARY KEY (sale_no),
    UNIQUE KEY uk_sealed_sale (sale_key),
    KEY ix_sealed_sale_bucket (bucket)
) ENGINE = InnoDB;

-- The chain of each sale, and the index of the log by sale: position of the n-th event, and the chain's link with it.
CREATE TABLE sealed_event (
    sale_no  BIGINT     NOT NULL,
    number   BIGINT     NOT NULL,
    position BIGINT     NOT NULL,
    link     BINARY(32) NOT NULL,
    PRIMARY KEY (sale_no, number)
) ENGINE = InnoDB;
