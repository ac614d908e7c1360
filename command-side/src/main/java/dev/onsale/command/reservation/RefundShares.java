package dev.onsale.command.reservation;

import dev.onsale.api.Money;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.reservation.HeldSeat;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was paid for each seat of a booking. A coupon reduces all seats in proportion to their prices: in the order of the booking, the
 * first seats up to each one have paid {@code paid * price so far / total}, rounded down. So the shares add up to what was paid, none is
 * above its price, and the order in which seats are cancelled does not matter.
 */
final class RefundShares {

    private final Map<SeatLabel, Long> shares = new HashMap<>();
    private final Money paid;

    RefundShares(List<HeldSeat> booked, Money paid) {
        this.paid = paid;
        long total =
                booked.stream().mapToLong(seat -> seat.price().minorUnits()).sum();
        long soFar = 0;
        long shared = 0;
        for (HeldSeat seat : booked) {
            soFar += seat.price().minorUnits();
            long upToHere = share(soFar, total);
            shares.put(seat.seat(), upToHere - shared);
            shared = upToHere;
        }
    }

    private long share(long soFar, long total) {
        // The product of two amounts can exceed 64 bits.
        return total == 0
                ? 0
                : BigInteger.valueOf(paid.minorUnits())
                        .multiply(BigInteger.valueOf(soFar))
                        .divide(BigInteger.valueOf(total))
                        .longValueExact();
    }

    /** What was paid for these seats together. */
    Money of(Set<SeatLabel> seats) {
        long sum =
                seats.stream().mapToLong(seat -> shares.getOrDefault(seat, 0L)).sum();
        return new Money(sum, paid.currency());
    }
}
