-- Seats whose category has no price. In performances of before every category had one.
ALTER TABLE seat_map_view ADD COLUMN blocked INT NOT NULL DEFAULT 0;
