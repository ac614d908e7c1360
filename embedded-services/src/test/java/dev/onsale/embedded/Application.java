package dev.onsale.embedded;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

/** An application in its own JVM that starts the services. The tests stop or kill it. */
final class Application {

    static final String READY = "ready ";
    static final String STILL_SERVED = "Redis responds while the application closes";

    private Application() {}

    /**
     * Arguments: the data directory and, optionally, the name of the only service to start. Closes nothing at the end.
     */
    public static void main(String[] arguments) throws Exception {
        var options = EmbeddedOptions.in(Path.of(arguments[0]));
        if (arguments.length > 1) {
            options = options.only(Service.valueOf(arguments[1]));
        }
        EmbeddedServices services = EmbeddedServices.start(options, System.out::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // Long enough for the services to receive a signal if it were sent to them too.
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> "PONG"
                    .equals(Clients.redis(services.addresses(), "PING")));
            System.out.println(STILL_SERVED);
        }));
        System.out.println(READY + services.pid());
        while (System.in.read() >= 0) {
            // Runs until it is stopped.
        }
    }
}
