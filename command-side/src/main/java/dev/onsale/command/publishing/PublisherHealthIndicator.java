package dev.onsale.command.publishing;

import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** DOWN while facts wait too long for Kafka; OUT_OF_SERVICE while a sale is held, which only an operator ends. */
final class PublisherHealthIndicator extends AbstractHealthIndicator {

    /** Longer than a restart of a broker. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(60);

    private final PublishingProgress progress;
    private final HeldSales heldSales;

    PublisherHealthIndicator(PublishingProgress progress, HeldSales heldSales) {
        super("The publisher cannot be examined");
        this.progress = progress;
        this.heldSales = heldSales;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Duration age = progress.oldestAge();
        long held = heldSales.sales();
        if (age.compareTo(STUCK_AFTER) > 0) {
            builder.down();
        } else if (held > 0) {
            builder.outOfService();
        } else {
            builder.up();
        }
        builder.withDetail("oldestUnpublishedSeconds", age.toSeconds()).withDetail("heldSales", held);
    }
}
