-- A read model knows up to where a row has seen the log. A plan is the first event of its performance.
ALTER TABLE performance_plan ADD COLUMN log_position BIGINT NOT NULL DEFAULT 0;

UPDATE performance_plan p
    JOIN domain_event e ON e.aggregate_identifier = p.performance_id AND e.sequence_number = 0
SET p.log_position = e.global_index;

ALTER TABLE performance_plan ALTER COLUMN log_position DROP DEFAULT;
