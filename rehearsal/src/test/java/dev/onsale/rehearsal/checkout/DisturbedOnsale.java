package dev.onsale.rehearsal.checkout;

import dev.onsale.standalone.OnsaleApplication;
import java.net.URI;
import java.util.Arrays;
import org.axonframework.config.ConfigurerModule;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.support.GenericApplicationContext;

/** All of Onsale in a separate process, with a {@link Disturber}. */
final class DisturbedOnsale {

    static final String READY = "The disturbed Onsale is ready";

    private DisturbedOnsale() {}

    /** Arguments: the address of the stage, then the arguments of the application. */
    public static void main(String[] arguments) {
        Disturber disturber = new Disturber(new StageClient(URI.create(arguments[0])));
        SpringApplication application = new SpringApplication(OnsaleApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean("disturber", BeanPostProcessor.class, () -> disturber);
            beans.registerBean(
                    "disturbedFacts",
                    ConfigurerModule.class,
                    () -> configurer -> configurer.eventProcessing(processing ->
                            processing.registerHandlerInterceptor("reservation-saga", axon -> disturber)));
        });
        application.run(Arrays.copyOfRange(arguments, 1, arguments.length));
        System.out.println(READY);
    }
}
