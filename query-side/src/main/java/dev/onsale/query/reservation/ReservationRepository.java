package dev.onsale.query.reservation;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.query.Param;

interface ReservationRepository extends CrudRepository<ReservationRow, String> {

    @Query("select r as reservation, p as payment from ReservationRow r left join PaymentRow p"
            + " on p.paymentId = r.paymentId where r.buyerId = :buyer and r.firstPosition < :before"
            + " order by r.firstPosition desc")
    List<Paid> findNewestOf(@Param("buyer") String buyer, @Param("before") long before, Limit limit);

    @Query("select r as reservation, p as payment from ReservationRow r left join PaymentRow p"
            + " on p.paymentId = r.paymentId where r.reservationId = :id")
    Optional<Paid> findPaid(@Param("id") String id);

    /** A reservation with its newest payment, in one query. */
    interface Paid {
        ReservationRow getReservation();

        @Nullable
        PaymentRow getPayment();
    }
}
