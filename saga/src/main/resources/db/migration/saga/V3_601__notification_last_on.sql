-- When the notifications of a group were last on, and how far the log was then; absent for a group of an older version.
ALTER TABLE notification_start
    ADD COLUMN last_on VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN last_position BIGINT;
