-- What operators did is rare, and is found by an index instead of a walk through a stream. Every such fact names its operator; the
-- text is searched in the payload because that costs less than to parse it, and a text in JSON never has these quotes. All other
-- facts have no value here, so their entries are appended to the index in the order of the log.
ALTER TABLE domain_event
    ADD COLUMN operated_aggregate VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin GENERATED ALWAYS AS (
        CASE WHEN LOCATE('"operator":"', payload) > 0 THEN aggregate_identifier END) VIRTUAL;

-- A statement of its own: together with the column it would copy the table.
ALTER TABLE domain_event ADD KEY ix_domain_event_operated (operated_aggregate);
