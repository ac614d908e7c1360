package dev.onsale.query.ticket;

import java.util.Collection;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

interface CheckInRepository extends Repository<CheckInRow, CheckInKey> {

    List<CheckInRow> findByPerformanceIdAndSeatIn(String performanceId, Collection<String> seats);

    long countByPerformanceId(String performanceId);

    @Query("select c from CheckInRow c where c.performanceId = :performance and c.position < :before"
            + " order by c.position desc")
    List<CheckInRow> newestOf(@Param("performance") String performance, @Param("before") long before, Limit limit);
}
