package dev.onsale.rehearsal.boundary;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/**
 * @param planted class that violates the rule
 * @param replacement part of the message that says what to do instead
 */
record Rule(String name, ArchRule rule, String planted, String replacement) {

    static final List<Rule> ALL = List.of(
            of(
                    "command side sees no other module",
                    Rules.COMMAND_SIDE_SEES_NO_OTHER,
                    "command.AsksTheSaga",
                    "shared-api"),
            of("saga sees no other module", Rules.SAGA_SEES_NO_OTHER, "saga.AsksTheQuerySide", "shared-api"),
            of(
                    "query side sees no other module",
                    Rules.QUERY_SIDE_SEES_NO_OTHER,
                    "query.AsksTheCommandSide",
                    "shared-api"),
            of(
                    "waiting room sees no other module",
                    Rules.WAITING_ROOM_SEES_NO_OTHER,
                    "waitingroom.ReadsTheLog",
                    "shared-api"),
            of("pages see no other module", Rules.PAGES_SEE_NO_OTHER, "pages.KnowsASeat", "shared-api"),
            of("api is plain Java", Rules.API_IS_PLAIN_JAVA, "api.MadeBySpring", "the module that uses it"),
            of("waiting room knows no axon", Rules.WAITING_ROOM_KNOWS_NO_AXON, "waitingroom.SendsCommands", "Redis"),
            of(
                    "time comes from the clock",
                    Rules.TIME_COMES_FROM_THE_CLOCK,
                    "decision.ReadsTheWallClock",
                    "Clock bean"),
            of("no field injection", Rules.NO_FIELD_INJECTION, "bean.InjectedFields", "constructor parameters"),
            of("no sleep", Rules.NOBODY_SLEEPS, "bean.Sleeper", "condition with a time-out"),
            of("every wait has a limit", Rules.EVERY_WAIT_HAS_A_LIMIT, "bean.WaitsForEver", "get(timeout, unit)"),
            of("threads are supervised", Rules.THREADS_ARE_SUPERVISED, "bean.BareThreads", "PeriodicTasks"),
            of("endpoints are described", Rules.ENDPOINTS_ARE_DESCRIBED, "bean.UndescribedController", "@Operation"),
            of("packages are null marked", Rules.PACKAGES_ARE_NULL_MARKED, "unmarked.Unmarked", "package-info.java"),
            of(
                    "decisions are pure",
                    Rules.DECISIONS_ARE_PURE,
                    "decision.ImpureAggregate",
                    "pass the results as parameters"));

    private static Rule of(String name, ArchRule rule, String planted, String replacement) {
        return new Rule(name, rule, "dev.onsale.planted." + planted, replacement);
    }

    @Override
    public String toString() {
        return name;
    }
}
