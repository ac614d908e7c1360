package dev.onsale.rehearsal.boundary;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.onsale.api.Ids;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.NullMarked;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMapping;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Rules for all classes of Onsale. Each message says what to do instead. */
final class Rules {

    private static final String PLANTED = "dev.onsale.planted.";
    private static final Set<String> FOR_ALL_SIDES = Set.of("api", "eventlog", "platform");

    /** Reactor's scheduler for large bodies and Spring's executor for controllers. A failure becomes the response. */
    private static final Set<String> TASKS_ARE_REQUESTS =
            Set.of("dev.onsale.platform.http.RequestRules", "dev.onsale.platform.http.WebConfiguration");

    /** Classes with an executor whose tasks catch all exceptions and report them to a {@code SupervisedWork}. */
    private static final Set<String> SUPERVISE_THEMSELVES = Set.of(
            "dev.onsale.waitingroom.admission.AdmissionLoop",
            "dev.onsale.waitingroom.recovery.JournalRounds",
            "dev.onsale.waitingroom.recovery.RoomMaintenance");

    private Rules() {}

    static final ArchRule COMMAND_SIDE_SEES_NO_OTHER = sees("command", FOR_ALL_SIDES);
    static final ArchRule SAGA_SEES_NO_OTHER = sees("saga", FOR_ALL_SIDES);
    static final ArchRule QUERY_SIDE_SEES_NO_OTHER = sees("query", Set.of("api", "eventlog", "platform", "proof"));
    static final ArchRule WAITING_ROOM_SEES_NO_OTHER = sees("waitingroom", Set.of("api", "platform"));
    static final ArchRule PAGES_SEE_NO_OTHER = sees("pages", Set.of());

    static final ArchRule API_IS_PLAIN_JAVA = noClasses()
            .that()
            .resideInAnyPackage(side("api"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "jakarta..",
                    "javax.persistence..",
                    "org.axonframework..",
                    "org.hibernate..")
            .because("all modules and clients use shared-api: keep it to records and values,"
                    + " and put framework code into the module that uses it");

    static final ArchRule WAITING_ROOM_KNOWS_NO_AXON = noClasses()
            .that()
            .resideInAnyPackage(side("waitingroom"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.axonframework..")
            .because("the waiting room must run without the event store: keep its state in Redis, with a Lua script");

    static final ArchRule TIME_COMES_FROM_THE_CLOCK = noClasses()
            .should()
            .callCodeUnitWhere(call("reads the system clock", Rules::readsTheWallClock))
            .because("tests control the time: inject the java.time.Clock bean and call clock.instant()"
                    + " (for durations System.nanoTime() is fine)");

    static final ArchRule NO_FIELD_INJECTION = noFields()
            .that(
                    new DescribedPredicate<JavaField>(
                            "are not of a saga, which Axon creates without constructor parameters") {
                        @Override
                        public boolean test(JavaField field) {
                            return field.getOwner().getMethods().stream()
                                    .noneMatch(method -> method.isAnnotatedWith(StartSaga.class));
                        }
                    })
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .orShould()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
            .orShould()
            .beAnnotatedWith("jakarta.inject.Inject")
            .orShould()
            .beAnnotatedWith("jakarta.annotation.Resource")
            .because("an object must be complete after construction: use constructor parameters"
                    + " and @ConfigurationProperties records for settings")
            .allowEmptyShould(true);

    static final ArchRule NOBODY_SLEEPS = noClasses()
            .that(areNot(
                    // The operating system does not notify when a file lock is released.
                    "dev.onsale.embedded.DataDirectoryLock",
                    // Simulates the pauses of people.
                    "dev.onsale.rehearsal.client.Deadline"))
            .should()
            .callCodeUnitWhere(call(
                    "sleeps",
                    call -> call.getName().equals("sleep")
                            && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                                    .contains(call.getTargetOwner().getFullName())))
            .because("a sleeping thread notices neither the condition nor a shutdown: schedule a task,"
                    + " or wait on a condition with a time-out");

    static final ArchRule EVERY_WAIT_HAS_A_LIMIT = noClasses()
            .that(areNot(
                    // Calls get on futures that invokeAll has completed.
                    "dev.onsale.embedded.Supervisor"))
            .should()
            .callCodeUnitWhere(call("waits without a limit", Rules::waitsWithoutALimit))
            .because("a missing response must not block the caller: get(timeout, unit), orTimeout(...)"
                    + " or block(Duration), and resultNow() for completed futures");

    static final ArchRule THREADS_ARE_SUPERVISED = classes()
            .that()
            .resideOutsideOfPackages(
                    // Starts the threads of all others.
                    "dev.onsale.platform.supervision..",
                    // Separate processes, which end with their threads.
                    "dev.onsale.embedded..",
                    "dev.onsale.paymentsimulator..",
                    // Clients and measurements; not part of a server.
                    "dev.onsale.rehearsal..",
                    "dev.onsale.benchmarks..")
            .should(new ArchCondition<>("start threads only through the package dev.onsale.platform.supervision") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    String file = type.getFullName().split("\\$", -1)[0];
                    if (!TASKS_ARE_REQUESTS.contains(file) && !SUPERVISE_THEMSELVES.contains(file)) {
                        bareThreads(type).forEach(what -> events.add(SimpleConditionEvent.violated(type, what)));
                    }
                }
            })
            .because("a thread that ends with an Error must be logged, counted and restarted: use PeriodicTasks,"
                    + " SupervisedWorkers, TaskThreads or SupervisedWork.thread");

    static final ArchRule ENDPOINTS_ARE_DESCRIBED = methods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .should()
            .beAnnotatedWith(Operation.class)
            .because("the OpenAPI document is generated from the code:"
                    + " add @Operation with a summary and the refusal codes");

    static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .should(new ArchCondition<>("be in a package that is @NullMarked") {
                private final Map<String, JavaPackage> unmarked = new TreeMap<>();

                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                        unmarked.put(type.getPackageName(), type.getPackage());
                    }
                }

                @Override
                public void finish(ConditionEvents events) {
                    unmarked.forEach((name, unmarkedPackage) -> events.add(
                            SimpleConditionEvent.violated(unmarkedPackage, "Package " + name + " is not @NullMarked")));
                    unmarked.clear();
                }
            })
            .because("NullAway checks only marked packages: add a package-info.java with @NullMarked"
                    + " and a short description of the package");

    static final ArchRule DECISIONS_ARE_PURE = noClasses()
            .that()
            .areAnnotatedWith(Aggregate.class)
            .should()
            .dependOnClassesThat(describe("are a clock or a Spring bean", Rules::isClockOrBean))
            .because("an aggregate decides from its command, its state and an instant: let the command handler read the"
                    + " clock and call the beans, and pass the results as parameters");

    private static ArchRule sees(String side, Set<String> others) {
        String[] seen = others.stream()
                .flatMap(other -> java.util.Arrays.stream(side(other)))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAnyPackage(side(side))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.onsale..")
                        .and(not(resideInAnyPackage(side(side))))
                        .and(not(resideInAnyPackage(seen))))
                .as("The module " + side + " may depend only on itself and " + new java.util.TreeSet<>(others))
                .because("modules exchange commands, events and views of shared-api");
    }

    /** The real package and the package of its deliberate violations. */
    private static String[] side(String name) {
        return new String[] {"dev.onsale." + name + "..", PLANTED + name + ".."};
    }

    private interface CallTest {
        boolean test(JavaCall<?> call);
    }

    private static DescribedPredicate<JavaCall<?>> call(String description, CallTest test) {
        return new DescribedPredicate<>(description) {
            @Override
            public boolean test(JavaCall<?> call) {
                return test.test(call);
            }
        };
    }

    private static boolean readsTheWallClock(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        boolean noArguments = call.getTarget().getRawParameterTypes().isEmpty();
        boolean reads = (owner.isAssignableTo(Temporal.class) && call.getName().equals("now") && !takesAClock(call))
                || (owner.isEquivalentTo(System.class) && call.getName().equals("currentTimeMillis"))
                || (owner.isEquivalentTo(Date.class) && call.getName().equals("<init>") && noArguments)
                || (owner.isEquivalentTo(Calendar.class) && call.getName().equals("getInstance"))
                || (owner.isEquivalentTo(Clock.class)
                        && (call.getName().startsWith("system")
                                || call.getName().startsWith("tick"))
                        && !takesAClock(call));
        return reads && !makesTheClock(call);
    }

    private static boolean takesAClock(JavaCall<?> call) {
        return call.getTarget().getRawParameterTypes().stream().anyMatch(type -> type.isAssignableTo(Clock.class));
    }

    /** The places where a program creates its clock, and identifiers, on which no decision depends. */
    private static boolean makesTheClock(JavaCall<?> call) {
        boolean inIds = call.getOriginOwner().isEquivalentTo(Ids.class)
                && call.getOrigin().getName().equals("timeOrdered");
        boolean inClockBean = call.getOrigin().isAnnotatedWith(Bean.class);
        boolean inMain = call.getTargetOwner().isEquivalentTo(Clock.class)
                && Set.of(
                                "dev.onsale.paymentsimulator.PaymentSimulator",
                                "dev.onsale.proof.verify.WitnessMain",
                                "dev.onsale.rehearsal.checkout.CheckoutCommand",
                                "dev.onsale.rehearsal.RehearseCommand")
                        .contains(call.getOriginOwner().getFullName());
        return inIds || inClockBean || inMain;
    }

    private static boolean waitsWithoutALimit(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        boolean noArguments = call.getTarget().getRawParameterTypes().isEmpty();
        return noArguments
                && ((owner.isAssignableTo(Future.class) && Set.of("get", "join").contains(call.getName()))
                        || (owner.isAssignableTo(Mono.class) && call.getName().equals("block"))
                        || (owner.isAssignableTo(Flux.class)
                                && Set.of("blockFirst", "blockLast", "toIterable", "toStream")
                                        .contains(call.getName()))
                        || (owner.isAssignableTo(Process.class)
                                && call.getName().equals("waitFor")));
    }

    private static boolean startsAThread(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getName();
        boolean made = name.equals("<init>")
                && (owner.isAssignableTo(Thread.class)
                        || owner.isAssignableTo(Executor.class)
                        || owner.isAssignableTo(Timer.class)
                        || owner.isAssignableTo(TaskScheduler.class));
        boolean ofThread = owner.isEquivalentTo(Thread.class)
                && Set.of("ofPlatform", "ofVirtual", "startVirtualThread").contains(name);
        boolean ofExecutors = owner.isEquivalentTo(Executors.class) && name.startsWith("new");
        boolean ofReactor = owner.isEquivalentTo(Schedulers.class) && name.startsWith("new");
        boolean onTheCommonPool = owner.isEquivalentTo(CompletableFuture.class)
                && name.endsWith("Async")
                && call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(type -> type.isAssignableTo(Executor.class));
        return (made && !isOfSupervision(owner)) || ofThread || ofExecutors || ofReactor || onTheCommonPool;
    }

    private static boolean isOfSupervision(JavaClass type) {
        return type.getPackageName().equals("dev.onsale.platform.supervision");
    }

    private static Stream<String> bareThreads(JavaClass type) {
        Stream<JavaCall<?>> calls =
                Stream.concat(type.getMethodCallsFromSelf().stream(), type.getConstructorCallsFromSelf().stream());
        Stream<String> repeated = type.getMethods().stream()
                .filter(method -> method.isAnnotatedWith(Scheduled.class) || method.isAnnotatedWith(Async.class))
                .map(method -> method.getFullName() + " is run by a thread of Spring");
        return Stream.concat(calls.filter(Rules::startsAThread).map(JavaCall::getDescription), repeated);
    }

    private static boolean isClockOrBean(JavaClass type) {
        boolean bean = type.isMetaAnnotatedWith(Component.class)
                && !type.isAnnotatedWith(Aggregate.class)
                && !type.isAnnotation();
        return type.isAssignableTo(Clock.class) || bean || type.getPackageName().startsWith("org.springframework.");
    }

    private static DescribedPredicate<JavaClass> areNot(String... names) {
        Set<String> excepted = Set.of(names);
        return describe("are not " + excepted, type -> !excepted.contains(type.getFullName()));
    }
}
