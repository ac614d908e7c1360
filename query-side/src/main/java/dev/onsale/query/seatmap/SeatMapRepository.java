package dev.onsale.query.seatmap;

import org.springframework.data.repository.CrudRepository;

interface SeatMapRepository extends CrudRepository<SeatMapRow, String> {}
