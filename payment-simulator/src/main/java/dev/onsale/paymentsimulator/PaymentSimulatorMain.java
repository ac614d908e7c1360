package dev.onsale.paymentsimulator;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The simulator as a process of its own, until a signal stops it. Ends with 1 if it could not start, 2 for a wrong command line. */
public final class PaymentSimulatorMain {
    private static final String LOGGING_PROPERTY = "logback.configurationFile";

    private PaymentSimulatorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        // A plain logback.xml in this jar would take over the logging of whoever embeds the simulator.
        if (System.getProperty(LOGGING_PROPERTY) == null) {
            System.setProperty(LOGGING_PROPERTY, "payment-simulator-logback.xml");
        }
        int exitCode = run(List.of(arguments), System.out, System.err);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        SimulatorOptions options;
        try {
            options = CommandLine.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            err.println("payment-simulator: " + wrong.getMessage());
            return 2;
        }
        if (options == null) {
            out.print(CommandLine.HELP);
            return 0;
        }
        var simulator = start(options, err);
        if (simulator == null) {
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "payment-simulator-stop"));
        out.println("Payment simulator answers at " + simulator.baseUri());
        simulator.awaitClosed();
        return 0;
    }

    private static @Nullable PaymentSimulator start(SimulatorOptions options, PrintStream err) {
        try {
            return PaymentSimulator.start(options);
        } catch (SimulatorStartException failed) {
            err.println("payment-simulator: " + failed.getMessage());
            return null;
        }
    }
}
