-- What went out over which channel: a repeat of a fact is not told again.
CREATE TABLE notification_sent (
    event_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sent_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (event_id, channel)
) ENGINE = InnoDB;
