package dev.onsale.benchmarks.http;

import com.nimbusds.jose.jwk.RSAKey;
import dev.onsale.benchmarks.load.Load;
import dev.onsale.benchmarks.load.LoadGenerator;
import dev.onsale.benchmarks.load.PersonTokens;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.ServerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a run: MariaDB, Redis and Kafka, the product with all its followers, the stock service, the bare server
 * and the load generator, each in a process of its own.
 */
final class Topology implements AutoCloseable {

    private static final Pattern PRODUCT_PORT = Pattern.compile("Onsale is ready: http://127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern PORT = Pattern.compile(" port (\\d+)");
    private final EmbeddedServices services;
    private final List<AutoCloseable> started = new ArrayList<>();
    private final Path folder;
    private final List<String> serverPrefix;
    private final List<String> clientPrefix;
    private final ChildProcess product;
    private final ChildProcess stock;
    private final ChildProcess bare;
    private final LoadGenerator load;

    /**
     * @param serverCores cores of the servers, as taskset names them; absent for all
     * @param clientCores cores of the load generator; absent for all
     */
    Topology(Path folder, @Nullable String serverCores, @Nullable String clientCores)
            throws NotDoneException, IOException, InterruptedException {
        this.folder = folder;
        this.serverPrefix = pinned(serverCores);
        this.clientPrefix = pinned(clientCores);
        this.services = EmbeddedServices.start(EmbeddedOptions.in(folder).withFreshData(), System.err::println);
        try {
            product = startProduct();
            stock = startStock();
            bare = startBare();
            load = LoadGenerator.start(clientPrefix, key());
            started.add(load);
        } catch (NotDoneException | IOException | InterruptedException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private static List<String> pinned(@Nullable String cores) {
        return cores == null ? List.of() : List.of("taskset", "-c", cores);
    }

    private ChildProcess startProduct() throws NotDoneException, InterruptedException {
        List<String> arguments = new ArrayList<>(services.addresses().springArguments());
        arguments.addAll(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--onsale.standalone.development-tokens.enabled=true",
                "--onsale.standalone.demo=false",
                "--onsale.standalone.data=" + folder));
        return start("Onsale", ServerCommand.of(arguments), PRODUCT_PORT);
    }

    private ChildProcess startStock() throws NotDoneException, InterruptedException {
        String classPath = System.getProperty("onsale.stock.class-path");
        if (classPath == null) {
            throw new NotDoneException("The class path of the stock service is not known; use ./onsale bench http");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "dev.onsale.stock.StockServiceMain",
                "--server.port=0"));
        command.addAll(services.addresses().springArguments());
        return start("The stock service", command, PORT);
    }

    private ChildProcess startBare() throws NotDoneException, InterruptedException {
        return start(
                "The bare server",
                ChildProcess.command(
                        BareServerMain.class,
                        List.of("-Xmx256m"),
                        List.of(
                                folder.toString(),
                                services.addresses().redisHost(),
                                Integer.toString(services.addresses().redisPort()))),
                PORT);
    }

    private ChildProcess start(String name, List<String> command, Pattern ready)
            throws NotDoneException, InterruptedException {
        List<String> pinned = new ArrayList<>(serverPrefix);
        pinned.addAll(command);
        ChildProcess process =
                ChildProcess.start(name, pinned, line -> ready.matcher(line).find(), null);
        started.add(process::stop);
        return process;
    }

    private Path key() {
        return folder.resolve("development-key.json");
    }

    String operatorToken() throws Exception {
        return new PersonTokens(RSAKey.parse(Files.readString(key()))).sign("operator", List.of("operator"));
    }

    String buyerToken(String subject) throws Exception {
        return new PersonTokens(RSAKey.parse(Files.readString(key()))).sign(subject, List.of());
    }

    ChildProcess product() {
        return product;
    }

    int productPort() {
        return port(product, PRODUCT_PORT);
    }

    int stockPort() {
        return port(stock, PORT);
    }

    int barePort() {
        return port(bare, PORT);
    }

    private static int port(ChildProcess process, Pattern pattern) {
        return Integer.parseInt(pattern.matcher(process.readyLine())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1));
    }

    Load.Result run(Load measured) throws IOException {
        return load.run(measured);
    }

    /** What the bare server answers at {@code /bare/NAME} and {@code /redis/NAME}. */
    void answerOf(String name, byte[] body) throws IOException {
        Files.write(folder.resolve(name), body);
    }

    @Override
    public void close() {
        for (AutoCloseable process : started.reversed()) {
            try {
                process.close();
            } catch (Exception e) {
                System.err.println("A process did not stop: " + e);
            }
        }
        services.close();
    }
}
