package dev.onsale.platform.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.rehearsal.running.Onsale;
import dev.onsale.rehearsal.running.Person;
import dev.onsale.rehearsal.running.Sales;
import dev.onsale.rehearsal.running.SharedOnsale;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * In the whole application an Error in any supervised thread or task is counted, the work continues, and selling
 * continues.
 */
@SharedOnsale
class SupervisedProductTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Work that runs only on demand or once in many minutes. See SupervisedTasksTest. */
    private static final Set<String> SELDOM = Set.of(
            "answers-forget",
            "campaign-snapshots",
            "conflict-retry",
            "guard-rebuild",
            "guard-reconciler",
            "guard-reconciler-lease",
            "guard-reconciler-rounds",
            "rebuild");

    private final Onsale onsale;

    SupervisedProductTest(Onsale onsale) {
        this.onsale = onsale;
    }

    private List<SupervisedWork> works() {
        return onsale.beans(Supervised.class).stream()
                .flatMap(bean -> bean.supervisedWork().stream())
                .toList();
    }

    @Test
    void every_name_is_there_once() {
        assertThat(works().stream().map(SupervisedWork::name))
                .doesNotHaveDuplicates()
                .containsAll(SELDOM)
                .contains("http-event-loops", "waiting-room-builder", "waiting-room-restoration");
    }

    @Test
    void every_kafka_consumer_of_every_side_is_supervised_once() {
        List<String> consumers = onsale.beanNames(MessageListenerContainer.class).stream()
                .map(name -> "kafka-" + name)
                .toList();
        assertThat(consumers).contains("kafka-waitingRoomIntake", "kafka-readModelConsumers");
        assertThat(works().stream().map(SupervisedWork::name).filter(name -> name.startsWith("kafka-")))
                .containsExactlyInAnyOrderElementsOf(consumers);
    }

    @TestFactory
    Stream<DynamicTest> an_error_is_counted_and_the_work_goes_on() throws Exception {
        Map<SupervisedWork, Long> before = new LinkedHashMap<>();
        works().stream().filter(SupervisedProductTest::hasRounds).forEach(work -> before.put(work, work.failures()));
        before.keySet().forEach(work -> work.failNextRound(new NoClassDefFoundError("injected")));
        sellSomething("supervised-1");
        return Stream.concat(
                before.entrySet().stream()
                        .map(work -> DynamicTest.dynamicTest(
                                work.getKey().name(), () -> await(work.getKey().name())
                                        .atMost(PATIENCE)
                                        .until(() -> work.getKey().failures() > work.getValue()
                                                && work.getKey().state() == SupervisedWork.State.RUNNING))),
                Stream.of(DynamicTest.dynamicTest("and selling continues", () -> sellSomething("supervised-2"))));
    }

    /**
     * False for threads on which Axon runs its tasks: an Error there ends the work. See EventProcessorSupervisionTest.
     */
    private static boolean hasRounds(SupervisedWork work) {
        return !SELDOM.contains(work.name())
                && !work.name().endsWith("-coordinator")
                && !work.name().endsWith("-workers")
                // db-scheduler reports its rounds and catches exceptions of listeners.
                && !work.name().equals("saga-step-scheduler")
                && work.state() != SupervisedWork.State.STOPPED
                // Tested separately.
                && !work.name().startsWith("waiting-room");
    }

    private void sellSomething(String buyer) throws Exception {
        String performance = Sales.scheduled(onsale, Sales.performance());
        Person person = onsale.person(buyer);
        String reservation = person.hasHeld(performance, "P-1-1");
        assertThat(person.pays(reservation, buyer + "-pays", Person.GOOD_CARD).status())
                .isEqualTo(202);
        person.awaits(reservation, "CONFIRMED", "CAPTURED");
    }
}
