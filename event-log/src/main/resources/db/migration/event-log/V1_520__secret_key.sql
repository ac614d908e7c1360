-- Keys under which other parts of the product keep their secrets, one for each name, wrapped by the master key like the keys of
-- persons. A change of the master key wraps these few anew, and what they seal stays as it is.
CREATE TABLE secret_key (
    name        VARCHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    wrapped_key VARBINARY(128) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB;
