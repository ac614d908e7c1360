package dev.onsale.platform.supervision;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.kafka.listener.MessageListenerContainer;
import reactor.netty.resources.LoopResources;

/** Collects what the beans of a process supervise. */
@Configuration(proxyBeanMethods = false)
public class SupervisionConfiguration {

    @Bean
    ThreadsHealthIndicator threadsHealthIndicator(ObjectProvider<Supervised> supervised) {
        return new ThreadsHealthIndicator(() -> works(supervised));
    }

    /** All containers of the process, whichever side they belong to. */
    @Bean
    KafkaConsumerSupervision kafkaConsumerSupervision(ApplicationContext context) {
        return new KafkaConsumerSupervision(context.getBeansOfType(MessageListenerContainer.class));
    }

    /** None where the web server is not that of Reactor Netty. */
    @Bean
    EventLoopSupervision eventLoopSupervision(ObjectProvider<ReactorResourceFactory> resources) {
        return new EventLoopSupervision(() -> resources.stream()
                .flatMap(factory -> eventLoops(factory.getLoopResources()))
                .toList());
    }

    private static Stream<EventExecutor> eventLoops(LoopResources resources) {
        return StreamSupport.stream(
                resources.onServer(LoopResources.DEFAULT_NATIVE).spliterator(), false);
    }

    /** After the start: some works are known only when their library has started. The management port's own context is not meant. */
    @Bean
    ApplicationListener<ContextRefreshedEvent> supervisionMetrics(
            ApplicationContext context,
            ObjectProvider<Supervised> supervised,
            ObjectProvider<MeterRegistry> registries) {
        UncaughtFailures.HANDLER.install();
        return started -> {
            if (started.getApplicationContext().equals(context)) {
                registries.ifAvailable(registry -> register(supervised, registry));
            }
        };
    }

    private static void register(ObjectProvider<Supervised> supervised, MeterRegistry registry) {
        works(supervised).forEach(work -> register(work, registry));
        FunctionCounter.builder("onsale.supervised.uncaught", UncaughtFailures.HANDLER, UncaughtFailures::count)
                .description("Threads that ended by a failure that nobody caught")
                .register(registry);
    }

    private static void register(SupervisedWork work, MeterRegistry registry) {
        FunctionCounter.builder("onsale.supervised.failures", work, SupervisedWork::failures)
                .tag("name", work.name())
                .description("Failed rounds of a supervised thread or task")
                .register(registry);
        Gauge.builder("onsale.supervised.up", work, one -> one.isUp() ? 1 : 0)
                .tag("name", work.name())
                .description("0 if a thread or task has failed for good or makes no progress")
                .register(registry);
        Gauge.builder("onsale.supervised.age.seconds", work, SupervisedWork::ageSeconds)
                .tag("name", work.name())
                .description("Time since the last completed round")
                .register(registry);
        Gauge.builder("onsale.supervised.silence.seconds", work, SupervisedWork::silenceSeconds)
                .tag("name", work.name())
                .description("Longest time without progress of a round that is under way")
                .register(registry);
    }

    private static List<SupervisedWork> works(ObjectProvider<Supervised> supervised) {
        return supervised.stream()
                .flatMap(bean -> bean.supervisedWork().stream())
                .sorted(Comparator.comparing(SupervisedWork::name))
                .toList();
    }
}
