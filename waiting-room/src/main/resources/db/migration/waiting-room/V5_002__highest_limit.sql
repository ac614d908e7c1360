-- A limit may be lowered while a room is full: whether it was ever broken can be judged by the highest one only.
ALTER TABLE waiting_room ADD COLUMN active_limit_max INT NOT NULL DEFAULT 0;
