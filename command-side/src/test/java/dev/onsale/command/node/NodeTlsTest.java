package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.wallet.ChargePoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import reactor.netty.resources.LoopResources;

/** Connections between nodes with certificates. */
class NodeTlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "changeit";
    private static final byte[] SECRET = NodeSecret.fresh();

    @TempDir
    private static Path folder = Path.of("");

    private final LoopResources loops = LoopResources.create("test-nodes", 2, true);
    private final SimpleCommandBus bus = SimpleCommandBus.builder().build();

    @SuppressWarnings("NullAway.Init") // Started before each test.
    private NodeServer server;

    @BeforeEach
    void start() throws Exception {
        var unused = bus.subscribe(ChargePoints.class.getName(), command -> true);
        server = new NodeServer(loops, "127.0.0.1", 0, new NodeTls(certified("node", "ip:127.0.0.1")), SECRET, bus);
    }

    @AfterEach
    void stop() {
        server.close();
        loops.dispose();
    }

    @Test
    void nodes_that_trust_each_other_send_commands() throws Exception {
        assertThat(send(new NodeTls(certified("node", "ip:127.0.0.1")))).isEqualTo("answered true");
    }

    @Test
    void a_caller_with_a_certificate_that_nobody_trusts_gets_no_command_in() throws Exception {
        assertThat(send(new NodeTls(certified("stranger", "ip:127.0.0.1")))).isEqualTo("not taken");
    }

    @Test
    void a_caller_without_encryption_gets_no_command_in() throws Exception {
        assertThat(send(null)).isEqualTo("not taken");
    }

    @Test
    void a_certificate_for_another_address_is_refused() throws Exception {
        server.close();
        SslBundle elsewhere = certified("elsewhere", "ip:127.0.0.2");
        server = new NodeServer(loops, "127.0.0.1", 0, new NodeTls(elsewhere), SECRET, bus);
        assertThat(send(new NodeTls(elsewhere))).isEqualTo("not taken");
    }

    private String send(@Nullable NodeTls tls) throws Exception {
        Member member = new Member(
                "b", Member.State.READY, "", "h", 1, "127.0.0.1", server.port(), null, 1, LocalDateTime.MIN, false);
        NodePeer peer = new NodePeer(loops.onClient(false), tls, member, SECRET);
        CompletableFuture<String> outcome = new CompletableFuture<>();
        ChargePoints charge =
                new ChargePoints(BuyerId.of("alice"), new ChargeId(UUID.randomUUID()), Money.of(100, "EUR"));
        peer.send(
                CommandCodec.write(GenericCommandMessage.<OnsaleCommand>asCommandMessage(charge)),
                new NodePeer.Reply() {
                    @Override
                    public void answered(byte[] answer) {
                        outcome.complete(
                                "answered " + CommandCodec.readAnswer(answer).getPayload());
                    }

                    @Override
                    public void notTaken() {
                        outcome.complete("not taken");
                    }

                    @Override
                    public void unknown() {
                        outcome.complete("unknown");
                    }
                });
        try {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            peer.close();
        }
    }

    /** A key with a certificate for an address, which trusts itself. */
    private static SslBundle certified(String name, String address) throws Exception {
        Path store = folder.resolve(name + ".p12");
        if (!store.toFile().exists()) {
            generate(store, name, address);
        }
        JksSslStoreDetails details =
                new JksSslStoreDetails("PKCS12", null, store.toUri().toString(), PASSWORD);
        return SslBundle.of(new JksSslStoreBundle(details, details));
    }

    private static void generate(Path store, String name, String address) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        name,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + address,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }
}
