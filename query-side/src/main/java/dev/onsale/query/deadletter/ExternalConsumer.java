package dev.onsale.query.deadletter;

import dev.onsale.api.Topics;

/** Consumers of other sides, whose dead letters are filed here so that operators find all of them in one place. */
enum ExternalConsumer {
    NOTIFICATIONS("notifications", Topics.NOTIFICATION_DEAD_LETTERS, Topics.NOTIFICATION_RETRIES),
    WAITING_ROOM(Topics.WAITING_ROOM_JOINS, Topics.WAITING_ROOM_JOIN_DEAD_LETTERS, Topics.WAITING_ROOM_JOINS);

    private final String group;
    private final String deadLetters;
    private final String retries;

    /**
     * @param group under which its letters are filed
     * @param deadLetters topic to which it sends what it cannot take
     * @param retries topic from which it, and nobody else, takes records again
     */
    ExternalConsumer(String group, String deadLetters, String retries) {
        this.group = group;
        this.deadLetters = deadLetters;
        this.retries = retries;
    }

    String group() {
        return group;
    }

    String deadLetters() {
        return deadLetters;
    }

    String retries() {
        return retries;
    }
}
