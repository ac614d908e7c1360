package dev.onsale.benchmarks.verify;

import dev.onsale.api.AllowanceId;
import dev.onsale.api.BuyerId;
import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Ids;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.allowance.AllowanceReturned;
import dev.onsale.api.allowance.AllowanceUsed;
import dev.onsale.api.performance.PerformanceScheduled;
import dev.onsale.api.performance.PriceZone;
import dev.onsale.api.performance.SeatingPlan;
import dev.onsale.api.reservation.HeldSeat;
import dev.onsale.api.reservation.ReservationExpired;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.seat.SeatHeld;
import dev.onsale.api.seat.SeatHoldExpired;
import dev.onsale.eventlog.EventJson;
import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.seal.Digest;
import dev.onsale.proof.seal.LogRow;
import dev.onsale.proof.seal.MerkleTree;
import dev.onsale.proof.seal.SaleTree;
import dev.onsale.proof.seal.Seal;
import dev.onsale.proof.seal.SealedSale;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes the export of a performance whose seats are held and expire again and again, without a database. */
final class LargeExport {

    private static final int SEATS = 1_000;
    private static final int BLOCK = 2_000;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration HOLD = Duration.ofMinutes(5);
    private static final Money PRICE = Money.of(4_900, "EUR");

    private final PerformanceId performance = new PerformanceId(Ids.derived("bench-verify"));
    private final Instant began = Instant.now().minus(Duration.ofHours(12));
    private final Map<String, Long> sequences = new HashMap<>();
    private final List<Digest> emptyPath =
            new SaleTree().path(new SealedSale(SealedSale.digestOf(performance.toString()), 0, Digest.ZERO).bucket());
    private final List<Seal> seals = new ArrayList<>();
    private final MessageDigest sha256;
    private final OutputStream out;
    private List<Digest> block = new ArrayList<>();
    private List<Digest> frontier = List.of();
    private Digest head = Digest.ZERO;
    private Digest previous = Digest.ZERO;
    private Instant now = began;
    private long position;
    private long lines;

    private LargeExport(OutputStream out) throws NoSuchAlgorithmException {
        this.out = out;
        this.sha256 = MessageDigest.getInstance("SHA-256");
    }

    static void write(Path file, long events) throws IOException, NoSuchAlgorithmException {
        try (OutputStream out = new GZIPOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES), BUFFER_BYTES)) {
            new LargeExport(out).write(events);
        }
    }

    private void write(long events) throws IOException {
        // One event for the schedule and six for each hold that expires.
        long holds = (events - 1) / 6;
        long all = 1 + 6 * holds;
        long sealCount = (all + BLOCK - 1) / BLOCK;
        line(ExportLine.Header.of(
                performance.toString(), sealCount, all, 0, true, Instant.now().toString(), List.of()));
        event(performance.toString(), schedule());
        for (long hold = 0; hold < holds; hold++) {
            cycle(hold);
        }
        if (!block.isEmpty()) {
            seal();
        }
        line(ExportLine.Frontier.of(0, List.of()));
        for (Seal seal : seals) {
            line(ExportLine.Sealed.of(seal, seal.digest(), null, null));
        }
        SealedSale sale = sale();
        SaleTree tree = tree(sale);
        line(ExportLine.Proof.of(List.of(sale), tree.path(sale.bucket())));
        int room = new SealedSale(SealedSale.digestOfRoom(performance.toString()), 0, Digest.ZERO).bucket();
        line(ExportLine.RoomProof.of(room == sale.bucket() ? List.of(sale) : List.of(), tree.path(room)));
        Digest digest = Digest.of(sha256.digest());
        out.write((ExportFormat.render(ExportLine.End.of(lines, digest, null, null)) + "\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private void cycle(long hold) throws IOException {
        SeatLabel label = SeatLabel.of("S-" + hold % SEATS);
        SeatId seat = new SeatId(performance, label);
        BuyerId buyer = BuyerId.of("buyer-" + hold % SEATS);
        ReservationId reservation = new ReservationId(Ids.derived("bench-verify", Long.toString(hold)));
        Instant held = now;
        Instant end = held.plus(HOLD);
        String allowance = new AllowanceId(performance, buyer).toString();
        event(seat.toString(), new SeatHeld(seat, reservation, buyer, hold + 1, end, held));
        event(allowance, new AllowanceUsed(performance, buyer, reservation, 1, 1, held));
        event(
                reservation.toString(),
                new ReservationHeld(
                        reservation,
                        performance,
                        buyer,
                        List.of(new HeldSeat(label, "A", PRICE, hold + 1)),
                        PRICE,
                        end,
                        held));
        event(seat.toString(), new SeatHoldExpired(seat, reservation, end));
        event(allowance, new AllowanceReturned(performance, buyer, reservation, 1, 0, end));
        event(reservation.toString(), new ReservationExpired(reservation, performance, buyer, List.of(label), end));
        // A reservation has two events and never another one.
        sequences.remove(reservation.toString());
        now = now.plusMillis(10);
    }

    private PerformanceScheduled schedule() {
        return new PerformanceScheduled(
                performance,
                "Bench",
                began.plus(Duration.ofDays(1)),
                new SeatingPlan("Hall", List.of(), List.of(), 0, 0),
                List.of(new PriceZone("A", PRICE)),
                began,
                began.plus(Duration.ofDays(1)),
                2,
                HOLD,
                false,
                began);
    }

    private void event(String aggregate, OnsaleEvent fact) throws IOException {
        long sequence = sequences.merge(aggregate, 0L, (before, none) -> before + 1);
        LogRow row = new LogRow(
                ++position,
                "event-" + position,
                "Aggregate",
                aggregate,
                sequence,
                EventCatalogue.typeOf(fact.getClass()).value(),
                Integer.toString(EventCatalogue.typeOf(fact.getClass()).version()),
                now.toString(),
                EventJson.mapper().writeValueAsString(fact),
                "{}");
        head = row.link(head);
        block.add(row.digest());
        line(ExportLine.Event.of(position, row, head));
        if (block.size() == BLOCK) {
            seal();
        }
    }

    private SealedSale sale() {
        return new SealedSale(SealedSale.digestOf(performance.toString()), position, head);
    }

    private static SaleTree tree(SealedSale sale) {
        SaleTree tree = new SaleTree();
        tree.set(Map.of(sale.bucket(), SaleTree.bucket(List.of(sale))));
        return tree;
    }

    private void seal() {
        long number = seals.size() + 1L;
        SealedSale sale = sale();
        Seal seal = new Seal(
                number,
                previous,
                position - block.size() + 1,
                position,
                block.size(),
                0,
                MerkleTree.of(block).root(),
                SaleTree.rootOf(sale.bucket(), SaleTree.bucket(List.of(sale)), emptyPath),
                MerkleTree.rootOf(frontier),
                now.toString());
        previous = seal.digest();
        frontier = MerkleTree.append(frontier, number - 1, previous, (level, index, node) -> {});
        seals.add(seal);
        block = new ArrayList<>(BLOCK);
    }

    private void line(ExportLine line) throws IOException {
        byte[] bytes = (ExportFormat.render(line) + "\n").getBytes(StandardCharsets.UTF_8);
        sha256.update(bytes);
        out.write(bytes);
        lines++;
    }
}
