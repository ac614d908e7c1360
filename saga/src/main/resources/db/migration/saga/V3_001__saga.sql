-- A saga is found by what it is associated with, never by its own identifier first: the index covers that look-up whole.
CREATE TABLE saga (
    saga_id         VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    saga_type       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revision        VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin,
    serialized_saga MEDIUMBLOB   NOT NULL,
    PRIMARY KEY (saga_id)
) ENGINE = InnoDB;

CREATE TABLE saga_association (
    id                BIGINT       NOT NULL AUTO_INCREMENT,
    association_key   VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    association_value VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    saga_id           VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    saga_type         VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (id),
    KEY ix_saga_association_value (association_value, association_key, saga_type, saga_id),
    KEY ix_saga_association_saga (saga_id, saga_type)
) ENGINE = InnoDB;

-- Steps of sagas that are still to be taken, in the table layout of db-scheduler. DATETIME rather than TIMESTAMP: the
-- instants are written as UTC, and a session's time zone must not shift them.
-- The due steps are found by execution_time alone: with "picked" in the index every pick would move its entry, and two
-- nodes that pick at once could lock each other out.
CREATE TABLE saga_step (
    task_name            VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    task_instance        VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    task_data            MEDIUMBLOB,
    execution_time       DATETIME(6)  NOT NULL,
    picked               BOOLEAN      NOT NULL,
    picked_by            VARCHAR(50),
    last_success         DATETIME(6),
    last_failure         DATETIME(6),
    consecutive_failures INT,
    last_heartbeat       DATETIME(6),
    version              BIGINT       NOT NULL,
    PRIMARY KEY (task_name, task_instance),
    KEY ix_saga_step_execution_time (execution_time),
    KEY ix_saga_step_last_heartbeat (last_heartbeat)
) ENGINE = InnoDB;
