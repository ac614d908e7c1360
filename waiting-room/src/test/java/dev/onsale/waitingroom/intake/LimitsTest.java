package dev.onsale.waitingroom.intake;

import static dev.onsale.waitingroom.Refusals.assertRefused;
import static dev.onsale.waitingroom.RoomFixture.ALICE;
import static dev.onsale.waitingroom.RoomFixture.BOB;
import static dev.onsale.waitingroom.RoomFixture.await;
import static dev.onsale.waitingroom.RoomFixture.buyer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.RefusalCode;
import dev.onsale.waitingroom.RoomFixture;
import dev.onsale.waitingroom.challenge.Challenge;
import dev.onsale.waitingroom.challenge.Challenges;
import dev.onsale.waitingroom.queue.JoinOrigin;
import dev.onsale.waitingroom.room.RoomSettings;
import dev.onsale.waitingroom.room.RoomStatus;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("services")
class LimitsTest {

    private static final byte[] KEY = "a key of the tests".getBytes(StandardCharsets.UTF_8);

    private final RoomFixture room = new RoomFixture();
    private final Challenges challenges = new Challenges(KEY, RoomFixture.JSON, room.clock);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void one_address_gets_so_many_places_in_a_while_and_who_has_one_keeps_it() {
        room.open(new RoomSettings(10, 10, null, null, null, null, null, 2, 60, null, null, null));
        JoinOrigin home = new JoinOrigin("home", null);
        await(room.visitors.join(room.sale, buyer(1), home));
        await(room.visitors.join(room.sale, buyer(2), home));

        assertRefused(RefusalCode.RATE_LIMITED, () -> await(room.visitors.join(room.sale, buyer(3), home)));
        assertThat(await(room.visitors.join(room.sale, buyer(2), home)).position())
                .isEqualTo(2);
        assertThat(await(room.visitors.join(room.sale, buyer(3), new JoinOrigin("work", null)))
                        .position())
                .isEqualTo(3);
        assertThat(room.status().refused()).containsEntry("ADDRESS_LIMIT", 1L);
    }

    @Test
    void addresses_of_one_ipv6_network_are_one_and_cannot_be_read() throws Exception {
        AddressDigest addresses = new AddressDigest(KEY::clone);
        String one = addresses.digest(room.sale, InetAddress.getByName("2001:db8::1"));
        assertThat(addresses.digest(room.sale, InetAddress.getByName("2001:db8::2")))
                .isEqualTo(one);
        assertThat(addresses.digest(room.sale, InetAddress.getByName("2001:db8:0:1::2")))
                .isNotEqualTo(one);
        assertThat(addresses.digest(room.sale, null)).isNull();
    }

    @Test
    void a_room_may_ask_for_a_proof_of_work_and_takes_each_once() throws Exception {
        room.open(new RoomSettings(10, 10, null, null, null, null, null, null, null, 500, null, null));
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> room.join(ALICE));
        String work = challenges.verify(room.sale.value(), solved(challenges.create(room.sale.value(), 500), 0));

        await(room.visitors.join(room.sale, ALICE, new JoinOrigin(null, work)));

        assertRefused(
                RefusalCode.PROOF_OF_WORK_REQUIRED,
                () -> await(room.visitors.join(room.sale, BOB, new JoinOrigin(null, work))));
        assertThat(room.join(ALICE).position())
                .as("who has a place needs no proof")
                .isEqualTo(1);
    }

    @Test
    void a_check_before_the_queue_of_joins_gives_no_place_and_reserves_the_proof_for_its_buyer() throws Exception {
        room.open(new RoomSettings(10, 10, null, null, null, null, null, null, null, 500, null, null));
        String work = challenges.verify(room.sale.value(), solved(challenges.create(room.sale.value(), 500), 0));
        JoinOrigin solver = new JoinOrigin(null, work);

        assertThat(room.visitors.check(room.sale, ALICE, solver).blockOptional(RoomFixture.BOUND))
                .isEmpty();
        assertThat(room.visitors.check(room.sale, ALICE, solver).blockOptional(RoomFixture.BOUND))
                .as("a repeat of the same buyer")
                .isEmpty();
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> await(room.visitors.check(room.sale, BOB, solver)));
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> await(room.visitors.join(room.sale, BOB, solver)));
        assertThat(room.status().waiting()).isZero();

        assertThat(await(room.visitors.join(room.sale, ALICE, solver)).position())
                .isEqualTo(1);
        assertThat(await(room.visitors.check(room.sale, ALICE, JoinOrigin.UNKNOWN))
                        .position())
                .as("who has a place hears of it")
                .isEqualTo(1);
    }

    @Test
    void an_answer_that_was_given_in_time_is_good_when_it_is_checked_late() throws Exception {
        String good = solved(challenges.create("sale-1", 100), 0);
        java.time.Instant given = room.clock.instant();
        room.clock.advance(Challenges.LIFETIME.multipliedBy(3));

        assertThat(challenges.verify("sale-1", good, given)).isNotEmpty();
        assertRefused(
                RefusalCode.PROOF_OF_WORK_REQUIRED,
                () -> challenges.verify("sale-1", good, given.plus(Challenges.LIFETIME)));
    }

    @Test
    void an_answer_that_is_wrong_late_or_of_another_room_is_refused() throws Exception {
        String good = solved(challenges.create("sale-1", 100), 0);
        challenges.verify("sale-1", good);

        String wrong = solved(challenges.create("sale-1", 100), 1);
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> challenges.verify("sale-1", wrong));
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> challenges.verify("sale-2", good));
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> challenges.verify("sale-1", "rubbish"));
        Challenges others = new Challenges(new byte[] {1}, RoomFixture.JSON, room.clock);
        String foreign = solved(others.create("sale-1", 100), 0);
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> challenges.verify("sale-1", foreign));
        room.clock.advance(Challenges.LIFETIME.plus(Duration.ofSeconds(1)));
        assertRefused(RefusalCode.PROOF_OF_WORK_REQUIRED, () -> challenges.verify("sale-1", good));
    }

    @Test
    void a_draining_room_takes_nobody_new_and_admits_who_waits() {
        room.open(1, 10);
        room.join(ALICE);
        await(room.rooms.setControl(room.sale, RoomStatus.Control.DRAINING));

        assertRefused(RefusalCode.SALE_CLOSED, () -> room.join(BOB));
        assertThat(room.admit().admitted()).isEqualTo(1);
    }

    @Test
    void a_deleted_room_is_gone_and_a_new_one_of_the_same_sale_starts_empty() {
        room.open(1, 10);
        room.join(ALICE);
        room.writer.write(room.sale);
        room.rooms.delete(room.sale).block(RoomFixture.BOUND);
        assertRefused(RefusalCode.WAITING_ROOM_NOT_FOUND, () -> room.join(ALICE));
        assertThat(room.restorer.restore(room.sale)).isFalse();

        room.open(1, 10);

        assertThat(room.status().waiting()).isZero();
        assertThat(room.status().restoredAt()).isNull();
        assertThat(room.join(BOB).position()).isEqualTo(1);
    }

    private static String solved(Challenge challenge, int off) throws Exception {
        int number = 0;
        while (!HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest((challenge.salt() + number).getBytes(StandardCharsets.UTF_8)))
                .equals(challenge.challenge())) {
            number++;
        }
        return Base64.getEncoder()
                .encodeToString(RoomFixture.JSON.writeValueAsBytes(Map.of(
                        "algorithm", challenge.algorithm(),
                        "challenge", challenge.challenge(),
                        "number", number + off,
                        "salt", challenge.salt(),
                        "signature", challenge.signature())));
    }
}
