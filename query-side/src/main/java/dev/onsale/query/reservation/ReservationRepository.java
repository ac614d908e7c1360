package dev.onsale.query.reservation;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.query.Param;

interface ReservationRepository extends CrudRepository<ReservationRow, String> {

    @Query("select new dev.onsale.query.reservation.PaidReservation(r, p) from ReservationRow r left join PaymentRow p"
            + " on p.paymentId = r.paymentId where r.buyerId = :buyer and r.firstPosition < :before"
            + " order by r.firstPosition desc")
    List<PaidReservation> findNewestOf(@Param("buyer") String buyer, @Param("before") long before, Limit limit);

    @Query("select new dev.onsale.query.reservation.PaidReservation(r, p) from ReservationRow r left join PaymentRow p"
            + " on p.paymentId = r.paymentId where r.reservationId = :id")
    Optional<PaidReservation> findPaid(@Param("id") String id);
}
