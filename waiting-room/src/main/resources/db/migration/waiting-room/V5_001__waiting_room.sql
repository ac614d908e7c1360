-- What must outlive Redis: which rooms there are, what happened in them, and which admission tokens were used.
-- Instants are milliseconds since 1970 in UTC: they are compared and subtracted here, never shown.

-- epoch grows whenever the room is built anew in Redis. Whoever writes the journal names the epoch that he read from
-- Redis, under a lock on this row: nothing of a lost Redis is written after the journal was read to rebuild the room.
-- seed decides the order of those who come before the opening; its SHA-256 is published from the start.
CREATE TABLE waiting_room (
    sale_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    settings   TEXT        CHARACTER SET utf8mb4 NOT NULL,
    control    VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seed       CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    epoch      BIGINT      NOT NULL,
    deleted    BOOLEAN     NOT NULL,
    created_at BIGINT      NOT NULL,
    PRIMARY KEY (sale_id)
) ENGINE = InnoDB;

-- In the order in which Redis did it: (entry_millis, entry_number) is the identifier of the entry in the Redis stream.
CREATE TABLE waiting_room_journal (
    sale_id      VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    entry_millis BIGINT       NOT NULL,
    entry_number BIGINT       NOT NULL,
    epoch        BIGINT       NOT NULL,
    kind         VARCHAR(24)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    happened_at  BIGINT       NOT NULL,
    buyer_id     VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    number       BIGINT       NOT NULL,
    detail       VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    token_until  BIGINT       NOT NULL,
    place_until  BIGINT       NOT NULL,
    PRIMARY KEY (sale_id, entry_millis, entry_number),
    KEY ix_waiting_room_journal_buyer (sale_id, buyer_id)
) ENGINE = InnoDB;

-- The last line of defence: an admission token is used once, whatever Redis remembers.
CREATE TABLE admission_entry (
    sale_id     VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    token_id    VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    admitted_at BIGINT       NOT NULL,
    token_until BIGINT       NOT NULL,
    entered_at  BIGINT       NOT NULL,
    PRIMARY KEY (sale_id, token_id),
    KEY ix_admission_entry_time (sale_id, entered_at)
) ENGINE = InnoDB;
