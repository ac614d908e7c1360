package dev.onsale.saga.notification;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Notifications ({@code onsale.notification.*}). The mail server is set with {@code spring.mail.*}.
 *
 * @param enabled whether this process notifies
 * @param groupId consumer group
 * @param mailFrom sender of mails
 * @param mailDomain appended with an at sign to buyer names that are no addresses; empty to send those no mail
 * @param webhookUrl where every notification is posted as JSON; empty for nowhere
 * @param replicationFactor copies of the dead letters
 * @param start of which facts buyers are notified, decided at the first start of the group, and again when notifications were off
 *     for longer than {@code resumeWithin}: {@code now} for those that come after it; {@code beginning} for all that Kafka has,
 *     and for all that happened while they were off; or an instant, for those that happened since then
 * @param resumeWithin for how long notifications may be off and still tell what happened meanwhile
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
