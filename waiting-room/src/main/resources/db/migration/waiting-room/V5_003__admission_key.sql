-- The keys of the admission tokens, the same for all nodes. Instants are milliseconds since 1970 in UTC.
-- A key with a slot signs from signs_from on, until the next slot does; the first node puts its key in slot 1. A key without a slot
-- is one that a node had in a file of its own before: it signs no more.
-- wrapped_key: a JSON Web Key under the master key, in Base64.
-- verifies_until: tokens are accepted until then, NULL for no end, 0 for a key that was withdrawn. Former keys stay, for receipts
-- have no end.
CREATE TABLE admission_key (
    key_id         VARCHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    slot           INT,
    wrapped_key    VARCHAR(2048)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    signs_from     BIGINT,
    verifies_until BIGINT,
    created_at     BIGINT          NOT NULL,
    PRIMARY KEY (key_id),
    UNIQUE KEY uk_admission_key_slot (slot)
) ENGINE = InnoDB;
