-- The truth. Two unique keys carry the promises: (aggregate, sequence) lets exactly one of two writers win,
-- event_identifier lets an append whose outcome was lost be asked for again.
-- Binary collations: seat "A-1" and seat "a-1" are two seats.
CREATE TABLE domain_event (
    global_index         BIGINT       NOT NULL AUTO_INCREMENT,
    event_identifier     VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_identifier VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sequence_number      BIGINT       NOT NULL,
    type                 VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    time_stamp           VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payload_type         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payload_revision     VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin,
    payload              LONGBLOB     NOT NULL,
    meta_data            MEDIUMBLOB,
    PRIMARY KEY (global_index),
    UNIQUE KEY uk_domain_event_aggregate_sequence (aggregate_identifier, sequence_number),
    UNIQUE KEY uk_domain_event_identifier (event_identifier)
) ENGINE = InnoDB;

CREATE TABLE snapshot_event (
    event_identifier     VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    aggregate_identifier VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sequence_number      BIGINT       NOT NULL,
    type                 VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    time_stamp           VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payload_type         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payload_revision     VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin,
    payload              LONGBLOB     NOT NULL,
    meta_data            MEDIUMBLOB,
    PRIMARY KEY (aggregate_identifier, sequence_number),
    UNIQUE KEY uk_snapshot_event_identifier (event_identifier)
) ENGINE = InnoDB;

CREATE TABLE token_entry (
    processor_name VARCHAR(150) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    segment        INT          NOT NULL,
    token          MEDIUMBLOB,
    token_type     VARCHAR(255),
    time_stamp     VARCHAR(40),
    owner          VARCHAR(255),
    PRIMARY KEY (processor_name, segment)
) ENGINE = InnoDB;

-- Two nodes that start on an empty database would race to insert this row; it identifies the token store for good.
INSERT INTO token_entry (processor_name, segment, token, token_type, time_stamp)
VALUES ('__config', 0, CONCAT('{"config":{"id":"', UUID(), '"}}'),
        'org.axonframework.eventhandling.tokenstore.ConfigToken', '1970-01-01T00:00:00Z');

CREATE TABLE dead_letter (
    dead_letter_identifier VARCHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    processing_group       VARCHAR(100)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sequence_identifier    VARCHAR(190)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sequence_index         BIGINT        NOT NULL,
    message_type           VARCHAR(255)  NOT NULL,
    event_identifier       VARCHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    time_stamp             VARCHAR(40)   NOT NULL,
    payload_type           VARCHAR(255)  NOT NULL,
    payload_revision       VARCHAR(20),
    payload                LONGBLOB      NOT NULL,
    meta_data              MEDIUMBLOB,
    type                   VARCHAR(60),
    aggregate_identifier   VARCHAR(190)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    sequence_number        BIGINT,
    token_type             VARCHAR(255),
    token                  MEDIUMBLOB,
    enqueued_at            VARCHAR(40)   NOT NULL,
    last_touched           VARCHAR(40),
    processing_started     VARCHAR(40),
    cause_type             VARCHAR(255),
    cause_message          VARCHAR(1023),
    diagnostics            MEDIUMBLOB,
    PRIMARY KEY (dead_letter_identifier),
    UNIQUE KEY uk_dead_letter_sequence (processing_group, sequence_identifier, sequence_index)
) ENGINE = InnoDB;
