package dev.onsale.query.statistics;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

interface SalesRepository extends Repository<SalesMinute, MinuteKey> {

    @Query("select m from SalesMinute m where m.performanceId in :performances and m.minute in :minutes")
    List<SalesMinute> findIn(
            @Param("performances") Collection<String> performances, @Param("minutes") Collection<String> minutes);

    @Query("select r from CountedReservation r where r.reservationId in :reservations")
    List<CountedReservation> findCounted(@Param("reservations") Collection<String> reservations);
}
