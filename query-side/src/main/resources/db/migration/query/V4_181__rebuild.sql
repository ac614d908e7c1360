-- Consumers share this row while they write read models; a switch to a rebuilt table has it for itself.
CREATE TABLE projection_turn (
    id TINYINT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB;

INSERT INTO projection_turn (id) VALUES (1);

-- How often each projection was switched: part of the keys of its copies in Redis.
CREATE TABLE projection_generation (
    name       VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    generation BIGINT      NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB;

-- The newest rebuild of each projection. built_to is committed together with the rows up to it.
CREATE TABLE projection_rebuild (
    name         VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    direction    VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state        VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    switch_after BOOLEAN      NOT NULL,
    started_at   VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ended_at     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin,
    built_to     BIGINT       NOT NULL,
    facts        BIGINT       NOT NULL,
    differences  BIGINT,
    problem      TEXT         CHARACTER SET utf8mb4,
    owner        VARCHAR(60)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    owned_until  BIGINT       NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB;
