package dev.onsale.command.performance;

import dev.onsale.api.PerformanceId;
import dev.onsale.api.performance.CallOffPerformance;
import dev.onsale.api.performance.ChangePerformance;
import dev.onsale.api.performance.CloseSale;
import dev.onsale.api.performance.OpenSale;
import dev.onsale.api.performance.PerformanceCalledOff;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PerformanceTerms;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.command.bus.RepositoryAccess;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/** Brings commands to performances. */
@Component
public class PerformanceCommandHandler {

    private final Repository<Performance> performances;
    private final Clock clock;

    public PerformanceCommandHandler(Repository<Performance> performances, Clock clock) {
        this.performances = performances;
        this.clock = clock;
    }

    /** The performance, which may not be scheduled yet. */
    public Aggregate<Performance> find(PerformanceId id) {
        return RepositoryAccess.loadOrCreate(performances, id.toString(), () -> new Performance(id));
    }

    @CommandHandler
    PerformanceScheduled handle(SchedulePerformance command) {
        return find(command.performanceId()).invoke(performance -> performance.schedule(command, clock.instant()));
    }

    @CommandHandler
    PerformanceTerms handle(ChangePerformance command) {
        return find(command.performanceId()).invoke(performance -> performance.change(command, clock.instant()));
    }

    @CommandHandler
    void handle(OpenSale command) {
        find(command.performanceId()).execute(performance -> performance.openSale(clock.instant()));
    }

    @CommandHandler
    PerformanceCalledOff handle(CallOffPerformance command) {
        return find(command.performanceId()).invoke(performance -> performance.callOff(command, clock.instant()));
    }

    @CommandHandler
    void handle(CloseSale command) {
        find(command.performanceId())
                .execute(performance -> performance.closeSale(command.closedBy(), clock.instant()));
    }
}
