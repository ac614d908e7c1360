package dev.onsale.saga.notification;

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
 * @param start of which facts buyers are notified, decided at the first start of the group: {@code now} for those that come
 *     after it, {@code beginning} for all that Kafka has, or an instant
 */
@ConfigurationProperties("onsale.notification")
record NotificationProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("onsale-notification") String groupId,
        @DefaultValue("tickets@localhost") String mailFrom,
        @DefaultValue("") String mailDomain,
        @DefaultValue("") String webhookUrl,
        @DefaultValue("1") short replicationFactor,
        @DefaultValue("now") String start) {

    NotificationProperties {
        // Refused at start, not at the first fact.
        StartSetting.of(start);
    }

    StartSetting startSetting() {
        return StartSetting.of(start);
    }
}
