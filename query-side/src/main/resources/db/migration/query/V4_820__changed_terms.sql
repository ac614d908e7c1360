-- Sales that can change. What was sold before has the terms that it began with.
ALTER TABLE performance_view
    ADD COLUMN price_changes   MEDIUMTEXT  CHARACTER SET utf8mb4,
    ADD COLUMN give_back_until VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN revision        INT         NOT NULL DEFAULT 0;

UPDATE performance_view
SET price_changes = CONCAT('{"changes":[{"from":"1970-01-01T00:00:00Z","prices":', price_zones, '}]}');

ALTER TABLE performance_view MODIFY COLUMN price_changes MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL;

ALTER TABLE campaign_view
    ADD COLUMN discounts TEXT CHARACTER SET utf8mb4,
    ADD COLUMN revision  INT NOT NULL DEFAULT 0;

UPDATE campaign_view SET discounts = CONCAT('[{"fromRank":1,"discount":', discount, '}]');

ALTER TABLE campaign_view MODIFY COLUMN discounts MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL;
