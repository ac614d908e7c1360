package dev.onsale.web.supervision;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Collects what the beans of a process supervise. */
@Configuration(proxyBeanMethods = false)
public class SupervisionConfiguration {

    @Bean
    ThreadsHealthIndicator threadsHealthIndicator(ObjectProvider<Supervised> supervised) {
        return new ThreadsHealthIndicator(() -> works(supervised));
    }

    @Bean
    SmartInitializingSingleton supervisionMetrics(
            ObjectProvider<Supervised> supervised, ObjectProvider<MeterRegistry> registries) {
        return () -> registries.ifAvailable(registry -> works(supervised).forEach(work -> register(work, registry)));
    }

    private static void register(SupervisedWork work, MeterRegistry registry) {
        FunctionCounter.builder("onsale.supervised.failures", work, SupervisedWork::failures)
                .tag("name", work.name())
                .description("Failed rounds of a supervised thread or task")
                .register(registry);
        Gauge.builder("onsale.supervised.age.seconds", work, SupervisedWork::ageSeconds)
                .tag("name", work.name())
                .description("Time since the last completed round")
                .register(registry);
    }

    private static List<SupervisedWork> works(ObjectProvider<Supervised> supervised) {
        return supervised.stream()
                .flatMap(bean -> bean.supervisedWork().stream())
                .sorted(Comparator.comparing(SupervisedWork::name))
                .toList();
    }
}
