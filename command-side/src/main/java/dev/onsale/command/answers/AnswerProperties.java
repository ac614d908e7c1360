package dev.onsale.command.answers;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the stored answers ({@code onsale.command.answers.*}).
 *
 * @param keptFor how long an answer is given again
 * @param leaseFor how long a lease outlives a process that died over its request; longer than a command may take
 * @param writeEvery how long answers gather before they are written behind their requests
 * @param waitingMax answers that may wait to be written; beyond it they are left out, and the aggregates know the repeat alone
 * @param lookupsMax look-ups in the database at once
 * @param lookupPatience how long a look-up may take
 * @param followEvery how often the names that other nodes stored are read
 * @param cleanEvery how often answers that are over are removed
 * @param cleanBatch how many are removed at once
 * @param expectedPerPeriod answers within {@code keptFor} for which the memory of names is made: about 2 MB a million
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
        require(waitingMax >= 1, "onsale.command.answers.waiting-max is at least 1");
        require(lookupsMax >= 1, "onsale.command.answers.lookups-max is at least 1");
        require(cleanBatch >= 1 && cleanBatch <= 10_000, "onsale.command.answers.clean-batch is 1 to 10000");
        require(
                expectedPerPeriod >= 1000 && expectedPerPeriod <= 500_000_000,
                "onsale.command.answers.expected-per-period is 1000 to 500000000");
    }

    private static void positive(Duration duration, String name) {
        require(duration.isPositive(), "onsale.command.answers." + name + " is positive");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
