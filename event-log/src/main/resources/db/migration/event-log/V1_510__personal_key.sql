-- One key per person, wrapped by the master key of the configuration. Erasing is forgetting the key: the row stays as the record of it.
-- "live" is TRUE or NULL and never FALSE: so the unique key lets a person have one live key and any number of erased ones, and two
-- nodes that make a key for the same person at once end with one of them.
CREATE TABLE personal_key (
    key_id      CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id    VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    live        BOOLEAN,
    wrapped_key VARBINARY(128),
    created_at  VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    erased_at   VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin,
    erased_by   VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin,
    operator    VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    -- TRUE from the erasure until the log has its fact, else NULL.
    untold      BOOLEAN,
    PRIMARY KEY (key_id),
    UNIQUE KEY uk_personal_key_live (buyer_id, live),
    KEY ix_personal_key_untold (untold)
) ENGINE = InnoDB;

-- Which master key wrapped them all: a node that has another one must not start.
CREATE TABLE personal_master_key (
    id          TINYINT  NOT NULL,
    fingerprint CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB;
