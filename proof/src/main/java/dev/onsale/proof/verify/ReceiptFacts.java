package dev.onsale.proof.verify;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.eventlog.EventJson;
import dev.onsale.eventlog.UnknownVersionException;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Checks that a receipt's facts are of its sale and about its buyer, each there once, at plausible times. */
final class ReceiptFacts {

    private final Receipt.Body body;
    private final List<String> problems;
    private final Set<Long> positions = new HashSet<>();
    private final Set<Long> records = new HashSet<>();

    ReceiptFacts(Receipt.Body body, List<String> problems) {
        this.body = body;
        this.problems = problems;
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            problems.add(what);
        }
    }

    void on(ExportLine.Event event, ExportLine.Sealed seal) {
        String name = "Event at position " + event.position();
        require(positions.add(event.position()), name + " is there twice");
        requireTime(name, event.timestamp(), seal);
        try {
            int version = event.revision() == null ? 1 : Integer.parseInt(event.revision());
            OnsaleEvent fact = EventJson.readStrictly(event.type(), version, event.payload());
            require(body.saleKey().equals(fact.saleKey()), name + " belongs to sale " + fact.saleKey());
            String buyer = EventJson.strictMapper()
                    .readTree(event.payload())
                    .path("buyerId")
                    .asString("");
            require(
                    buyer.equals(body.buyer()) || (buyer.isEmpty() && Receipt.OF_NOBODY.contains(event.type())),
                    name + " is about somebody else");
        } catch (JacksonException | NullPointerException | NumberFormatException | UnknownVersionException unreadable) {
            problems.add(name + " cannot be read as " + event.type());
        }
    }

    void on(ExportLine.Admission record) {
        String name = "Record " + record.number() + " of the waiting room";
        require(records.add(record.number()), name + " is there twice");
        try {
            JsonNode json = EventJson.strictMapper().readTree(record.entry());
            String buyer = json.path("entry")
                    .path("buyer")
                    .asString(json.path("used").path("buyer").asString(""));
            require(json.size() == 1 && buyer.equals(body.buyer()), name + " is about somebody else");
        } catch (JacksonException unreadable) {
            problems.add(name + " cannot be read");
        }
    }

    void on(Receipt.SoldOut soldOut) {
        String name = "The time in which nothing was left of " + soldOut.category();
        require((soldOut.until() == null) == (soldOut.next() == null), name + " has one end of two");
        Receipt.Place last = soldOut.last();
        Receipt.Place next = soldOut.next();
        require(last == null || next == null || last.position() < next.position(), name + " ends before it begins");
    }

    /** As in an export: not after its seal, and not long before it. */
    void requireTime(String name, String time, ExportLine.Sealed seal) {
        try {
            Instant at = Instant.parse(time);
            Instant sealed = Instant.parse(seal.sealedAt());
            require(
                    !at.isAfter(sealed.plus(EventTimes.TOLERANCE)) && !at.isBefore(sealed.minus(Trust.SEALED_WITHIN)),
                    name + " has the time " + time + ", and its seal was made at " + seal.sealedAt());
        } catch (DateTimeException wrong) {
            problems.add(name + " has no valid time");
        }
    }

    /** A receipt is issued after its newest seal. */
    void requireIssued() {
        try {
            Instant sealed = Instant.parse(Objects.requireNonNull(body.head().sealedAt()));
            require(
                    !Instant.parse(body.issuedAt()).isBefore(sealed.minus(EventTimes.TOLERANCE)),
                    "The receipt is dated " + body.issuedAt() + ", before its newest seal");
        } catch (DateTimeException wrong) {
            problems.add("The receipt has no valid time");
        }
    }
}
