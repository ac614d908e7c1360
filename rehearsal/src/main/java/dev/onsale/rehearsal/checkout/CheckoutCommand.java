package dev.onsale.rehearsal.checkout;

import dev.onsale.paymentsimulator.PaymentSimulatorMain;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.CommandRunner;
import dev.onsale.rehearsal.command.ResultLine;
import dev.onsale.rehearsal.command.ServerCommand;
import dev.onsale.rehearsal.command.WorkFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code ./onsale rehearse --checkout}. */
@Command(
        name = "./onsale rehearse --checkout",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Run many payments through a gateway with faults, and kill the application in between.",
        footer = {
            "",
            "Ends with RESULT and one JSON object. Exit codes: 0 the books balance (PASS), 1 they do not (FAIL), 2 it"
                    + " could not run."
        })
public final class CheckoutCommand implements Callable<Integer> {

    private static final int IN_FLIGHT_MAX = 64;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

    @Mixin
    private final CheckoutOptions options = new CheckoutOptions();

    /** Accepted because the launcher passes it on. */
    @Option(names = "--checkout", hidden = true)
    private boolean unused;

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new CheckoutCommand(), arguments));
    }

    @Override
    public Integer call() throws NotDoneException, IOException, InterruptedException {
        options.validate();
        Path data = WorkFolder.create("checkout-");
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
        ChildProcess gateway = null;
        ChildProcess[] app = new ChildProcess[1];
        try (GatewayBooks books = new GatewayBooks(URI.create("http://127.0.0.1:" + gatewayPort));
                OnsaleClient client = new OnsaleClient("http://127.0.0.1:" + appPort, IN_FLIGHT_MAX, REQUEST_TIMEOUT)) {
            System.err.println("starting the gateway and the application");
            gateway = ChildProcess.start(
                    PaymentSimulatorMain.class,
                    List.of(),
                    List.of(
                            "--port", Integer.toString(gatewayPort),
                            "--seed", Long.toString(options.seed),
                            "--webhook-url", "http://127.0.0.1:" + appPort + "/api/payment-webhooks",
                            "--webhook-secret", secret,
                            "--webhook-duplicates", Double.toString(options.duplicates),
                            "--webhook-late", Double.toString(options.duplicates)),
                    line -> line.contains("Payment simulator answers at"));
            books.misbehave(options);
            app[0] = application(appArguments);
            CheckoutRehearsal.Result result = new CheckoutRehearsal(
                            client,
                            books,
                            () -> {
                                System.err.println("killing the application");
                                app[0].kill();
                                app[0] = application(appArguments);
                                System.err.println("the application is back");
                            },
                            options,
                            Clock.systemUTC())
                    .run();
            return report(result) ? CommandRunner.PASS : CommandRunner.FAIL;
        } finally {
            if (app[0] != null) {
                app[0].stop();
            }
            if (gateway != null) {
                gateway.stop();
            }
            FileSystemUtils.deleteRecursively(data);
        }
    }

    private static ChildProcess application(List<String> arguments) throws NotDoneException, InterruptedException {
        return ChildProcess.start(
                "Onsale", ServerCommand.of(arguments), line -> line.contains("Onsale is ready"), null);
    }

    private static boolean report(CheckoutRehearsal.Result result) {
        boolean pass = result.findings().isEmpty();
        result.summary().forEach((what, value) -> System.out.printf("  %-28s %s%n", what, value));
        result.findings().broken().forEach((invariant, broken) -> {
            System.out.println("BROKEN " + invariant.words() + ": " + broken.count());
            broken.first().forEach(detail -> System.out.println("    " + detail));
        });
        System.out.println(pass ? "PASS" : "FAIL");
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("name", "rehearse-checkout");
        figures.putAll(result.summary());
        figures.put("pass", pass);
        ResultLine.print(System.out, figures);
        return pass;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
