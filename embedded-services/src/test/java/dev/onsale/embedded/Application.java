package dev.onsale.embedded;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

/** An application in a JVM of its own that asks for the services and is then at the mercy of the test. */
final class Application {

    static final String READY = "ready ";
    static final String STILL_SERVED = "Redis still answers while the application closes";

    private Application() {}

    /** Arguments: the data folder, then the name of a service if not all are wanted. Ends without closing anything. */
    public static void main(String[] arguments) throws Exception {
        var options = EmbeddedOptions.in(Path.of(arguments[0]));
        if (arguments.length > 1) {
            options = options.only(Service.valueOf(arguments[1]));
        }
        EmbeddedServices services = EmbeddedServices.start(options, System.out::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // Long enough for a signal to have reached the services, if it were meant for them too.
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> "PONG"
                    .equals(Clients.redis(services.addresses(), "PING")));
            System.out.println(STILL_SERVED);
        }));
        System.out.println(READY + services.pid());
        while (System.in.read() >= 0) {
            // lives until it is told to end
        }
    }
}
