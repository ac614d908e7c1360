-- The nodes that take commands for this database, each with one lease for all of its shards. All times are the database's, in UTC.
CREATE TABLE node_lease (
    id         CHAR(36)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    state      VARCHAR(16)    NOT NULL,
    process    VARCHAR(255)   NOT NULL,
    host       VARCHAR(255)   NOT NULL,
    pid        BIGINT         NOT NULL,
    address    VARCHAR(255)   NOT NULL,
    port       INT            NOT NULL,
    secret     VARCHAR(255)   NULL,
    renewals   BIGINT         NOT NULL,
    since      DATETIME(3)    NOT NULL,
    held_until DATETIME(3)    NOT NULL
) ENGINE = InnoDB;

-- Who owns each shard of the routing keys. The epoch grows with each change of the owner and never shrinks.
CREATE TABLE shard_owner (
    shard SMALLINT NOT NULL PRIMARY KEY,
    node  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    epoch BIGINT   NOT NULL
) ENGINE = InnoDB;

INSERT INTO shard_owner (shard, node, epoch)
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 255)
SELECT n, NULL, 1 FROM numbers;

-- A node of an older version checks this row only: it loses its lease now, and none starts any more.
UPDATE command_node
SET owner = 'shard_owner', host = 'this database belongs to nodes of a newer version', pid = 0, epoch = epoch + 1,
    since = UTC_TIMESTAMP(3), held_until = '9999-12-31 00:00:00'
WHERE id = 1;
