package dev.onsale.command.answers;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the stored answers to requests with an idempotency key ({@code onsale.command.answers.*}).
 *
 * @param keptFor how long a stored answer is replayed to a repeated request
 * @param leaseFor how long an idempotency key stays in flight after its process has died; must be longer than a command
 *     may take
 * @param writeEvery how long answers are collected before they are written to the database in one batch
 * @param waitingMax answers that may wait to be written. Beyond this number they are not stored, and only the
 *     aggregates recognise a repeat
 * @param lookupsMax concurrent lookups of stored answers in the database
 * @param lookupPatience time-out of one lookup
 * @param followEvery how often a node reads the keys that other nodes have stored
 * @param cleanEvery how often expired answers are deleted
 * @param cleanBatch answers deleted in one statement, 1 to 10,000
 * @param expectedPerPeriod number of answers within {@code kept-for} for which the Bloom filters of stored keys are
 *     sized, 1,000 to 500,000,000. Two filters of about 2 MB per million. With more answers the filters cause more
 *     useless lookups
 */
@ConfigurationProperties("onsale.command.answers")
record AnswerProperties(
        @DefaultValue("PT24H") Duration keptFor,
        @DefaultValue("PT30S") Duration leaseFor,
        @DefaultValue("PT0.05S") Duration writeEvery,
        @DefaultValue("20000") int waitingMax,
        @DefaultValue("32") int lookupsMax,
        @DefaultValue("PT2S") Duration lookupPatience,
        @DefaultValue("PT1S") Duration followEvery,
        @DefaultValue("PT1M") Duration cleanEvery,
        @DefaultValue("1000") int cleanBatch,
        @DefaultValue("4000000") int expectedPerPeriod) {

    AnswerProperties {
        positive(keptFor, "kept-for");
        positive(leaseFor, "lease-for");
        positive(writeEvery, "write-every");
        positive(lookupPatience, "lookup-patience");
        positive(followEvery, "follow-every");
        positive(cleanEvery, "clean-every");
        Assert.isTrue(waitingMax >= 1, "onsale.command.answers.waiting-max is at least 1");
        Assert.isTrue(lookupsMax >= 1, "onsale.command.answers.lookups-max is at least 1");
        Assert.isTrue(cleanBatch >= 1 && cleanBatch <= 10_000, "onsale.command.answers.clean-batch is 1 to 10000");
        Assert.isTrue(
                expectedPerPeriod >= 1000 && expectedPerPeriod <= 500_000_000,
                "onsale.command.answers.expected-per-period is 1000 to 500000000");
    }

    private static void positive(Duration duration, String name) {
        Assert.isTrue(duration.isPositive(), "onsale.command.answers." + name + " is positive");
    }
}
