-- The keys that sign tickets. Tickets of all keys are accepted. The greatest slot that has its private half signs.
CREATE TABLE ticket_key (
    slot        INT            NOT NULL,
    key_id      VARCHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    public_key  VARCHAR(1000)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    private_key VARCHAR(2000)  CHARACTER SET ascii COLLATE ascii_bin,
    PRIMARY KEY (slot),
    UNIQUE KEY uk_ticket_key_id (key_id)
) ENGINE = InnoDB;
