package dev.onsale.query.performance;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.query.Param;

interface PerformanceRepository extends CrudRepository<PerformanceRow, String> {

    @Query("select new dev.onsale.query.performance.PerformanceWithCounts(p, m) from PerformanceRow p join SeatMapRow m"
            + " on m.performanceId = p.performanceId where p.firstPosition < :before order by p.firstPosition desc")
    List<PerformanceWithCounts> findNewest(@Param("before") long before, Limit limit);

    @Query("select new dev.onsale.query.performance.PerformanceWithCounts(p, m) from PerformanceRow p join SeatMapRow m"
            + " on m.performanceId = p.performanceId where p.performanceId = :id")
    Optional<PerformanceWithCounts> findOverview(@Param("id") String id);
}
