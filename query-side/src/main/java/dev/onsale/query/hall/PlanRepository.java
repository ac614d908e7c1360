package dev.onsale.query.hall;

import org.springframework.data.repository.CrudRepository;

interface PlanRepository extends CrudRepository<PlanRow, String> {}
