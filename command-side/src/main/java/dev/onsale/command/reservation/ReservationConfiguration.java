package dev.onsale.command.reservation;

import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.bus.AggregateCache;
import dev.onsale.command.bus.CachingRepository;
import dev.onsale.command.performance.PerformanceCommandHandler;
import dev.onsale.command.seating.FreeSeatsIndex;
import java.time.Clock;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReservationConfiguration {

    @Bean
    Repository<Seat> seatRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(Seat.class, cache, axon);
    }

    @Bean
    Repository<Reservation> reservationRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(Reservation.class, cache, axon);
    }

    @Bean
    Repository<Allowance> allowanceRepository(AggregateCache cache, org.axonframework.config.Configuration axon) {
        return CachingRepository.of(Allowance.class, cache, axon);
    }

    @Bean
    ReservationCommandHandler reservations(
            PerformanceCommandHandler performances,
            Repository<Seat> seats,
            Repository<Reservation> reservations,
            Repository<Allowance> allowances,
            FreeSeatsIndex freeSeats,
            CommandSideProperties properties,
            Clock clock) {
        SaleAggregates aggregates = new SaleAggregates(seats, reservations, allowances, freeSeats);
        return new ReservationCommandHandler(
                performances, aggregates, new HoldDecider(aggregates, freeSeats), properties.paymentWindow(), clock);
    }

    @Bean
    SeatBlockCommandHandler seatBlocks(
            PerformanceCommandHandler performances,
            Repository<Seat> seats,
            Repository<Reservation> reservations,
            Repository<Allowance> allowances,
            FreeSeatsIndex freeSeats,
            Clock clock) {
        SaleAggregates aggregates = new SaleAggregates(seats, reservations, allowances, freeSeats);
        return new SeatBlockCommandHandler(performances, new SeatBlockDecider(aggregates, freeSeats), clock);
    }
}
