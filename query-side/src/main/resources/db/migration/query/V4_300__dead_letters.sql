-- Records that a group of consumers could not take, and those of the same key that wait behind them. No read model: what is
-- here is told nowhere else once Kafka has let go of it.
CREATE TABLE kafka_dead_letter (
    id               BIGINT       NOT NULL AUTO_INCREMENT,
    consumer_group   VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    topic            VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    topic_partition  INT          NOT NULL,
    topic_offset     BIGINT       NOT NULL,
    -- A topic that was made anew begins with the same offsets.
    record_timestamp BIGINT       NOT NULL,
    record_key       VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    state            VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    waiting          BOOLEAN      AS (state IN ('DEAD', 'PARKED')) STORED,
    attempts         INT          NOT NULL,
    exception        VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin,
    problem          TEXT         CHARACTER SET utf8mb4,
    headers          MEDIUMTEXT   CHARACTER SET utf8mb4 NOT NULL,
    payload          LONGBLOB,
    filed_at         VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    settled_at       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin,
    settled_by       VARCHAR(128) CHARACTER SET utf8mb4,
    reason           TEXT         CHARACTER SET utf8mb4,
    PRIMARY KEY (id),
    UNIQUE KEY uk_kafka_dead_letter_record (consumer_group, topic, topic_partition, topic_offset, record_timestamp),
    KEY ix_kafka_dead_letter_key (consumer_group, topic, record_key, waiting, id),
    KEY ix_kafka_dead_letter_state (state, id)
) ENGINE = InnoDB;

-- A key with a row here is taken by nobody but who works off its dead letters.
CREATE TABLE parked_key (
    consumer_group VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    topic          VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_key     VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (consumer_group, topic, record_key)
) ENGINE = InnoDB;
