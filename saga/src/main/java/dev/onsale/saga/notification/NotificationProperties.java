package dev.onsale.saga.notification;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the notifications ({@code onsale.notification.*}). The mail server is set with {@code spring.mail.*}.
 *
 * @param enabled whether this process sends notifications
 * @param groupId consumer group of the notifications
 * @param mailFrom sender address of mails
 * @param mailDomain domain appended to a buyer name that is no address, as in {@code name@domain}; empty: such buyers
 *     get no mail
 * @param webhookUrl URL to which each notification is posted as JSON; empty: none
 * @param replicationFactor copies of each partition of the dead-letter and retry topics when they are created
 * @param start events that buyers are notified of, decided at the first start of the group, and again when notifications
 *     were off for longer than {@code resumeWithin}: {@code now} (later events), {@code beginning} (all events in Kafka,
 *     or all that happened while they were off) or an instant
 * @param resumeWithin longest time that notifications may be off and still tell what happened meanwhile
 */
@ConfigurationProperties("onsale.notification")
record NotificationProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("onsale-notification") String groupId,
        @DefaultValue("tickets@localhost") String mailFrom,
        @DefaultValue("") String mailDomain,
        @DefaultValue("") String webhookUrl,
        @DefaultValue("1") short replicationFactor,
        @DefaultValue("now") String start,
        @DefaultValue("PT24H") Duration resumeWithin) {

    private static final Duration RESUME_WITHIN_MIN = Duration.ofMinutes(5);

    NotificationProperties {
        // Refused at start, not at the first fact.
        StartSetting.of(start);
        if (resumeWithin.compareTo(RESUME_WITHIN_MIN) < 0) {
            throw new IllegalArgumentException("onsale.notification.resume-within is at least " + RESUME_WITHIN_MIN);
        }
    }

    StartSetting startSetting() {
        return StartSetting.of(start);
    }
}
