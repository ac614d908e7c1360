-- Performances that were scheduled before there were latest instants have the start of the show as each of them.
ALTER TABLE performance_view
    ADD COLUMN holding_ends_at   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN selling_ends_at   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN cancellable_until VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin;

UPDATE performance_view
SET holding_ends_at = starts_at, selling_ends_at = starts_at, cancellable_until = starts_at;

ALTER TABLE performance_view
    MODIFY COLUMN holding_ends_at   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    MODIFY COLUMN selling_ends_at   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    MODIFY COLUMN cancellable_until VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
