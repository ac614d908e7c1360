package dev.onsale.command.reservation;

import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.RememberingRepository;
import dev.onsale.command.performance.Performances;
import dev.onsale.command.seating.FreeSeatsIndex;
import java.time.Clock;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReservationConfiguration {

    @Bean
    Repository<Seat> seatRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return RememberingRepository.of(Seat.class, cache, axon);
    }

    @Bean
    Repository<Reservation> reservationRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return RememberingRepository.of(Reservation.class, cache, axon);
    }

    @Bean
    Repository<Allowance> allowanceRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return RememberingRepository.of(Allowance.class, cache, axon);
    }

    @Bean
    Reservations reservations(
            Performances performances,
            Repository<Seat> seats,
            Repository<Reservation> reservations,
            Repository<Allowance> allowances,
            FreeSeatsIndex freeSeats,
            CommandSideProperties properties,
            Clock clock) {
        SaleAggregates aggregates = new SaleAggregates(seats, reservations, allowances, freeSeats);
        return new Reservations(
                performances, aggregates, new Holds(aggregates, freeSeats), properties.paymentWindow(), clock);
    }
}
