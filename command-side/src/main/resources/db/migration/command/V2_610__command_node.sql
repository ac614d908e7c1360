-- The one node that takes commands for this database. All times are the database's, in UTC.
CREATE TABLE command_node (
    id         TINYINT      NOT NULL PRIMARY KEY,
    owner      VARCHAR(64)  NOT NULL,
    host       VARCHAR(255) NOT NULL,
    pid        BIGINT       NOT NULL,
    epoch      BIGINT       NOT NULL,
    since      DATETIME(3)  NOT NULL,
    held_until DATETIME(3)  NOT NULL
);

INSERT INTO command_node (id, owner, host, pid, epoch, since, held_until)
VALUES (1, '', '', 0, 0, '1970-01-01 00:00:01', '1970-01-01 00:00:01');
