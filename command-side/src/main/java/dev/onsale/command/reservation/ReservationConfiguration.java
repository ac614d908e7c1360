package dev.onsale.command.reservation;

import dev.onsale.command.CommandSideProperties;
import dev.onsale.command.performance.Performances;
import java.time.Clock;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReservationConfiguration {

    @Bean
    Reservations reservations(
            Performances performances,
            Repository<Seat> seats,
            Repository<Reservation> reservations,
            Repository<Allowance> allowances,
            CommandSideProperties properties,
            Clock clock) {
        return new Reservations(performances, seats, reservations, allowances, properties.paymentWindow(), clock);
    }
}
