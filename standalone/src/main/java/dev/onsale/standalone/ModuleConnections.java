package dev.onsale.standalone;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.command.reservation.AdmissionGate;
import dev.onsale.eventlog.personal.SecretSeal;
import dev.onsale.waitingroom.Admissions;
import dev.onsale.waitingroom.OpenReservations;
import dev.onsale.waitingroom.SalesLoad;
import dev.onsale.waitingroom.token.KeyWrapping;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Connects the modules of this process that call each other. */
@Configuration(proxyBeanMethods = false)
class ModuleConnections {

    /** Stored: the name under which the admission keys are sealed. */
    private static final String ADMISSION = "admission";

    /** The autopilot of the waiting rooms looks at the same figures as the operator. */
    @Bean
    SalesLoad salesLoad(MeterRegistry metrics) {
        return new WriterLoad(metrics);
    }

    /** The admission keys are in the database under the master key, like the keys of persons. */
    @Bean
    KeyWrapping admissionKeyWrapping(SecretSeal seal) {
        return new KeyWrapping() {
            @Override
            public boolean isAvailable() {
                return seal.isAvailable();
            }

            @Override
            public byte[] wrap(String keyId, byte[] key) {
                return seal.seal(ADMISSION, keyId, key);
            }

            @Override
            public byte[] unwrap(String keyId, byte[] wrapped) {
                return seal.open(ADMISSION, keyId, wrapped);
            }
        };
    }

    @Bean
    AdmissionGate admissionGate(Admissions admissions, OpenReservations reservations, Clock clock) {
        return new AdmissionGate() {
            @Override
            public CompletionStage<Boolean> isInside(PerformanceId sale, BuyerId buyer) {
                return admissions.isActive(sale.toString(), buyer);
            }

            @Override
            public CompletionStage<Void> held(
                    PerformanceId sale, BuyerId buyer, ReservationId reservation, Instant heldUntil) {
                // The room uses the clock of Redis, so it gets a duration.
                Duration remaining = Duration.between(clock.instant(), heldUntil);
                return reservations.held(sale.toString(), buyer, reservation, remaining);
            }
        };
    }
}
