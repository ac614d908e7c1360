package dev.onsale.saga.notification;

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
 * @param start facts that buyers are notified of, decided once at the first start of the group: {@code now} (later
 *     facts), {@code beginning} (all facts in Kafka) or an instant
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
