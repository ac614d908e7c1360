package dev.onsale.embedded;

import java.nio.file.Path;

/** An application in a JVM of its own that asks for the services and is then at the mercy of the test. */
final class Application {

    static final String READY = "ready ";

    private Application() {}

    /** Arguments: the data folder, then the names of the services; ends without closing them when its input does. */
    public static void main(String[] arguments) throws Exception {
        var options = EmbeddedOptions.in(Path.of(arguments[0]));
        if (arguments.length > 1) {
            options = options.only(Service.valueOf(arguments[1]));
        }
        EmbeddedServices services = EmbeddedServices.start(options, System.out::println);
        System.out.println(READY + services.pid());
        while (System.in.read() >= 0) {
            // lives until it is told to end
        }
    }
}
