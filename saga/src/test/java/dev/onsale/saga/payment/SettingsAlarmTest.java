package dev.onsale.saga.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.saga.payment.GatewayAnswer.Authorized;
import dev.onsale.saga.payment.GatewayAnswer.Misconfigured;
import dev.onsale.saga.payment.GatewayAnswer.Settled;
import dev.onsale.saga.payment.GatewayAnswer.Unknown;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Status;

class SettingsAlarmTest {

    private final SettingsAlarm alarm = new SettingsAlarm();

    @ParameterizedTest
    @EnumSource
    void an_operation_that_works_ends_its_own_alarm_and_no_other(GatewayOperation refused) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        alarm.bindTo(meters);
        alarm.heard(refused, new Misconfigured("HTTP 403"));
        for (GatewayOperation other : GatewayOperation.values()) {
            if (other != refused) {
                alarm.heard(other, new Settled());
                assertThat(alarm.health().getStatus()).as(other.tag()).isEqualTo(Status.OUT_OF_SERVICE);
            }
        }
        assertThat(alarm.health().getDetails()).containsOnlyKeys(refused.tag());
        assertThat(meters.get("onsale.payment.gateway.misconfigured")
                        .tag("operation", refused.tag())
                        .counter()
                        .count())
                .isEqualTo(1);

        alarm.heard(refused, new Unknown("HTTP 500"));
        assertThat(alarm.health().getStatus()).as("says nothing").isEqualTo(Status.OUT_OF_SERVICE);
        alarm.heard(refused, new Settled());
        assertThat(alarm.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void the_health_tells_of_each_operation_that_is_refused() {
        alarm.heard(GatewayOperation.AUTHORIZE, new Misconfigured("HTTP 401"));
        alarm.heard(GatewayOperation.REFUND, new Misconfigured("HTTP 403"));
        alarm.heard(GatewayOperation.AUTHORIZE, new Authorized("pi_1"));
        assertThat(alarm.health().getDetails()).containsExactly(java.util.Map.entry("refund", "HTTP 403"));
    }
}
