-- First answers to requests with an Idempotency-Key. Rows are appended in the order of their time, and removed in that order.
-- status 0: leased, and not answered yet.
CREATE TABLE stored_answer (
    id           BIGINT     NOT NULL AUTO_INCREMENT,
    name         BINARY(16) NOT NULL,
    fingerprint  BINARY(16) NOT NULL,
    status       SMALLINT   NOT NULL,
    content_type VARCHAR(100),
    location     VARCHAR(500),
    etag         VARCHAR(200),
    body         MEDIUMBLOB NOT NULL,
    stored_at    BIGINT     NOT NULL,
    node         BIGINT     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uk_stored_answer_name (name),
    -- What the other nodes stored since a moment, read from the index alone.
    KEY ix_stored_answer_followed (stored_at, node, name)
) ENGINE = InnoDB;
