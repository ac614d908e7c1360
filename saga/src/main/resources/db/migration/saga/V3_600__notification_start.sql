-- Where the notifications of a consumer group begin: decided once, when it first starts.
CREATE TABLE notification_start (
    group_id       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    after_position BIGINT       NOT NULL,
    not_before     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin,
    decided_at     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (group_id)
) ENGINE = InnoDB;
