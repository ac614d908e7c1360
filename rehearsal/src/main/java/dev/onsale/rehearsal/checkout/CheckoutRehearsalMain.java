package dev.onsale.rehearsal.checkout;

import dev.onsale.eventlog.EventJson;
import dev.onsale.paymentsimulator.PaymentSimulatorMain;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.standalone.OnsaleApplication;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** {@code ./onsale rehearse --checkout}. */
public final class CheckoutRehearsalMain {

    private static final int NOT_PLAYED = 2;
    private static final int IN_FLIGHT_MAX = 64;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
    private static final String READY = "Onsale is ready";

    private CheckoutRehearsalMain() {}

    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "dev/onsale/rehearsal/logback.xml");
        }
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            Optional<CheckoutOptions> options = CheckoutOptions.parse(arguments);
            if (options.isEmpty()) {
                out.print(CheckoutOptions.HELP);
                return 0;
            }
            return play(options.get(), out, err);
        } catch (IllegalArgumentException e) {
            err.println("rehearse: " + e.getMessage());
        } catch (NotDoneException | IOException e) {
            err.println("The rehearsal could not be played. " + e.getMessage());
        } catch (InterruptedException e) {
            err.println("The rehearsal was interrupted.");
        }
        return NOT_PLAYED;
    }

    private static int play(CheckoutOptions options, PrintStream out, PrintStream err)
            throws NotDoneException, IOException, InterruptedException {
        Path data = folder();
        int appPort = freePort();
        int gatewayPort = freePort();
        String secret = UUID.randomUUID().toString();
        List<String> appArguments = List.of(
                "--server.port=" + appPort,
                "--management.server.port=0",
                "--onsale.standalone.data=" + data,
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false",
                "--onsale.payment.base-url=http://127.0.0.1:" + gatewayPort,
                "--onsale.payment.webhook.secret=" + secret);
        ChildJvm gateway = null;
        ChildJvm[] app = new ChildJvm[1];
        try (GatewayBooks books = new GatewayBooks(URI.create("http://127.0.0.1:" + gatewayPort));
                OnsaleClient client = new OnsaleClient("http://127.0.0.1:" + appPort, IN_FLIGHT_MAX, REQUEST_TIMEOUT)) {
            err.println("starting the gateway and the application");
            gateway = ChildJvm.start(
                    PaymentSimulatorMain.class,
                    List.of(
                            "--port", Integer.toString(gatewayPort),
                            "--seed", Long.toString(options.seed()),
                            "--webhook-url", "http://127.0.0.1:" + appPort + "/api/payment-webhooks",
                            "--webhook-secret", secret,
                            "--webhook-duplicates", Double.toString(options.duplicates()),
                            "--webhook-late", Double.toString(options.duplicates())),
                    "Payment simulator answers at");
            books.misbehave(options);
            app[0] = ChildJvm.start(OnsaleApplication.class, appArguments, READY);
            CheckoutRehearsal.Result result = new CheckoutRehearsal(
                            client,
                            books,
                            () -> {
                                err.println("killing the application");
                                app[0].kill();
                                app[0] = ChildJvm.start(OnsaleApplication.class, appArguments, READY);
                                err.println("the application is back");
                            },
                            options,
                            Clock.systemUTC())
                    .run();
            return report(result, out);
        } finally {
            if (app[0] != null) {
                app[0].stop();
            }
            if (gateway != null) {
                gateway.stop();
            }
            remove(data);
        }
    }

    private static int report(CheckoutRehearsal.Result result, PrintStream out) {
        boolean pass = result.findings().isEmpty();
        result.summary().forEach((what, value) -> out.printf("  %-28s %s%n", what, value));
        result.findings().broken().forEach((invariant, broken) -> {
            out.println("BROKEN " + invariant.words() + ": " + broken.count());
            broken.first().forEach(detail -> out.println("    " + detail));
        });
        out.println(pass ? "PASS" : "FAIL");
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", "rehearse-checkout");
        json.putAll(result.summary());
        json.put("pass", pass);
        out.println("RESULT " + EventJson.mapper().writeValueAsString(json));
        return pass ? 0 : 1;
    }

    private static Path folder() throws IOException {
        String named = System.getProperty("onsale.rehearsal.folder");
        Path parent = named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache", "onsale");
        return Files.createTempDirectory(Files.createDirectories(parent), "checkout-");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
