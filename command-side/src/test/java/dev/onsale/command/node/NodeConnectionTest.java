package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ChargeId;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.wallet.ChargePoints;
import dev.onsale.command.store.ShardNotOwnedException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

/** What becomes of a command that is sent over a connection. */
class NodeConnectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] SECRET = NodeSecret.fresh();

    private final LoopResources loops = LoopResources.create("test-caller", 1, true);
    private final LoopResources called = LoopResources.create("test-called", 1, true);
    private final SimpleCommandBus bus = SimpleCommandBus.builder().build();
    private final CompletableFuture<CommandMessage<?>> arrived = new CompletableFuture<>();
    private final NodeServer server = new NodeServer(called, "127.0.0.1", 0, null, SECRET, bus);
    private @Nullable NodePeer peer;

    @AfterEach
    void stop() {
        if (peer != null) {
            peer.close();
        }
        server.close();
        loops.dispose();
        called.dispose();
    }

    private static ChargePoints charge() {
        return new ChargePoints(BuyerId.of("alice"), new ChargeId(UUID.randomUUID()), Money.of(100, "EUR"));
    }

    private NodePeer peer(int port, byte[] secret) {
        Member member =
                new Member("b", Member.State.READY, "", "h", 1, "127.0.0.1", port, null, 1, LocalDateTime.MIN, false);
        NodePeer made = new NodePeer(loops.onClient(false), null, member, secret);
        peer = made;
        return made;
    }

    private CompletableFuture<String> send(int port, byte[] secret) {
        return send(peer(port, secret));
    }

    private static CompletableFuture<String> send(NodePeer sending) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        byte[] command = CommandCodec.write(GenericCommandMessage.<OnsaleCommand>asCommandMessage(charge()));
        sending.send(command, new NodePeer.Reply() {
            @Override
            public void answered(byte[] answer) {
                outcome.complete("answered " + CommandCodec.readAnswer(answer).getPayload());
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
        return outcome;
    }

    private void handledBy(Supplier<Object> handler) {
        var unused = bus.subscribe(ChargePoints.class.getName(), command -> {
            arrived.complete(command);
            return handler.get();
        });
    }

    private static String of(CompletableFuture<String> outcome) throws Exception {
        return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void a_command_is_decided_there_and_its_answer_comes_back() throws Exception {
        handledBy(() -> true);
        assertThat(of(send(server.port(), SECRET))).isEqualTo("answered true");
        assertThat(of(send(Objects.requireNonNull(peer))))
                .as("over the same connection")
                .isEqualTo("answered true");
    }

    @Test
    void a_command_for_a_shard_that_is_not_owned_there_is_not_taken() throws Exception {
        handledBy(() -> {
            throw new ShardNotOwnedException("moved");
        });
        assertThat(of(send(server.port(), SECRET))).isEqualTo("not taken");
    }

    @Test
    void who_does_not_know_the_secret_gets_no_command_in() throws Exception {
        handledBy(() -> true);
        assertThat(of(send(server.port(), NodeSecret.fresh()))).isEqualTo("not taken");
        assertThat(arrived).isNotDone();
    }

    @Test
    void a_node_that_does_not_listen_has_taken_nothing() throws Exception {
        int port = server.port();
        server.close();
        assertThat(of(send(port, SECRET))).isEqualTo("not taken");
    }

    @Test
    void a_node_that_answers_is_reachable_and_one_that_does_not_listen_is_not() throws Exception {
        NodePeer there = peer(server.port(), SECRET);
        there.ping();
        assertThat(there.isReachable()).as("it was asked only just now").isTrue();
        server.close();
        await().atMost(PATIENCE).until(() -> {
            there.ping();
            return !there.isReachable();
        });
    }

    @Test
    void a_node_that_is_asked_again_and_again_stays_reachable() {
        NodePeer there = peer(server.port(), SECRET);
        await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> {
            there.ping();
            return there.isReachable();
        });
    }

    @Test
    void a_node_with_another_master_key_is_not_reachable() {
        NodePeer there = peer(server.port(), NodeSecret.fresh());
        await().atMost(PATIENCE).until(() -> {
            there.ping();
            return !there.isReachable();
        });
    }

    @Test
    void a_connection_that_has_gone_silent_is_ended_and_its_outcomes_are_unknown() throws Exception {
        CompletableFuture<Object> never = new CompletableFuture<>();
        handledBy(() -> never.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
        // The handler keeps the thread of the called node's connection, so nothing else is answered.
        CompletableFuture<String> outcome = send(server.port(), SECRET);
        arrived.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> {
            Objects.requireNonNull(peer).ping();
            return outcome.isDone();
        });
        assertThat(of(outcome)).isEqualTo("unknown");
        never.complete(true);
    }

    @Test
    void the_outcome_is_unknown_if_the_connection_is_lost_after_the_command_was_sent() throws Exception {
        CompletableFuture<Object> never = new CompletableFuture<>();
        handledBy(() -> never.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
        CompletableFuture<String> outcome = send(server.port(), SECRET);
        arrived.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Objects.requireNonNull(peer).close();
        assertThat(of(outcome)).isEqualTo("unknown");
        never.complete(true);
    }
}
