-- Public halves of the admission keys whose private halves were removed, in the order of their removal: receipts have no end.
-- withdrawn: the key is not published any more, and no node puts it back from a key file.
CREATE TABLE admission_key_archive (
    position   BIGINT        NOT NULL AUTO_INCREMENT,
    key_id     VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    public_key VARCHAR(1024) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    withdrawn  BOOLEAN       NOT NULL,
    removed_at BIGINT        NOT NULL,
    PRIMARY KEY (position),
    UNIQUE KEY uk_admission_key_archive (key_id)
) ENGINE = InnoDB;
