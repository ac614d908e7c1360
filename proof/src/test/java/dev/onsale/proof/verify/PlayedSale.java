package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportFormat;
import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.invariant.HandMadeLog;
import dev.onsale.proof.sealing.SealedLog;
import dev.onsale.proof.sealing.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** A performance with a waiting room and a campaign, played, sealed and exported once; two witnesses noted seals. */
final class PlayedSale {

    static final String SHOW = HandMadeLog.SHOW.toString();
    static final String CAMPAIGN = HandMadeLog.CAMPAIGN.toString();

    /** The seed of the draw. */
    static final String SEED = "5e".repeat(32);

    private static final Duration STEP = Duration.ofMinutes(1);
    private static final Duration IDLE = Duration.ofMinutes(40);

    final Signer signer;
    final Path keys;
    final List<Anchor> anchors = new ArrayList<>();

    /** What a witness saw as the newest seal, long after it was made: the newest anchor. */
    final List<WitnessedHead> witnessed;

    final List<String> show;
    final List<String> campaign;

    /** The exports as they were two seals before the end. */
    final List<String> olderShow;

    private final SealedLog log;
    private final HandMadeLog facts = HandMadeLog.aShowWithRoomAndACampaignOf(10);
    private int written;

    PlayedSale(Path folder) throws IOException {
        Path keyFile = folder.resolve("key.json");
        log = new SealedLog(keyFile, Instant.now().minus(Duration.ofHours(1)));
        signer = Signer.inFile(keyFile);
        keys = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[" + signer.jwk() + "]}");
        log.record(SHOW, List.of(room(SEED), joined("anna", 1), joined("ben", 2), joined("carl", 3)));
        step();
        List<String> drawn = drawn(SEED, "anna", "ben", "carl");
        List<String> opening = new ArrayList<>();
        for (int place = 1; place <= drawn.size(); place++) {
            opening.add(entry("RANKED", drawn.get(place - 1), place, "-"));
        }
        opening.add(entry("OPENED", "-", drawn.size(), "-"));
        opening.add("{\"seed\":\"" + SEED + "\"}");
        for (int place = 1; place <= drawn.size(); place++) {
            opening.add(entry("ADMITTED", drawn.get(place - 1), place, "token-" + place));
            opening.add(used(drawn.get(place - 1), "token-" + place));
        }
        log.record(SHOW, opening);
        facts.issue("anna", 1).issue("ben", 2).sell("r1", "anna", "A-1", 1);
        step();
        anchors.add(Anchor.of(log.anchor()));
        facts.issue("carl", 3).sell("r2", "ben", "A-2", 1);
        step();
        olderShow = log.export(SHOW);
        facts.issue("dora", 4).sell("r3", "carl", "A-3", 1);
        step();
        anchors.add(Anchor.of(log.anchor()));
        long newest = log.seals();
        log.passTime(IDLE);
        Instant seen = log.now();
        facts.issue("emil", 5).cancelBooking("r3", "carl", "A-3").refund("r3");
        step();
        show = export(SHOW);
        campaign = export(CAMPAIGN);
        witnessed = List.of(new WitnessedHead(seen.toString(), "https://onsale.example", sealLine(campaign, newest)));
    }

    private List<String> export(String sale) throws IOException {
        return log.export(sale, anchors.stream().map(Anchor::number).toArray(Long[]::new));
    }

    private void step() {
        log.passTime(STEP);
        log.append(facts.events().subList(written, facts.events().size()));
        written = facts.events().size();
        log.seal();
    }

    String receipt(String sale, String buyer) {
        return log.receipt(sale, buyer);
    }

    static String room(String seed) {
        return "{\"room\":{\"activeLimitMax\":3,\"commitment\":\""
                + sha256(HexFormat.of().parseHex(seed)) + "\"}}";
    }

    static String joined(String buyer, int number) {
        return entry("JOINED", buyer, number, "-");
    }

    static String entry(String kind, String buyer, int number, String detail) {
        return "{\"entry\":{\"kind\":\"" + kind + "\",\"at\":" + HandMadeLog.NOON.toEpochMilli() + ",\"buyer\":\""
                + buyer
                + "\",\"number\":" + number + ",\"detail\":\"" + detail + "\",\"placeUntil\":"
                + HandMadeLog.LATER.toEpochMilli() + "}}";
    }

    static String used(String buyer, String token) {
        return "{\"used\":{\"tokenId\":\"" + token + "\",\"buyer\":\"" + buyer + "\",\"enteredAt\":"
                + HandMadeLog.NOON.toEpochMilli() + "}}";
    }

    /** The visitors in the order that the seed gives. */
    static List<String> drawn(String seed, String... visitors) {
        return Arrays.stream(visitors)
                .sorted((one, other) -> lot(seed, one).compareTo(lot(seed, other)))
                .toList();
    }

    private static String lot(String seed, String visitor) {
        byte[] name = HexFormat.of().parseHex(sha256((SHOW + "\n" + visitor).getBytes(StandardCharsets.UTF_8)));
        byte[] secret = HexFormat.of().parseHex(seed);
        byte[] both = Arrays.copyOf(secret, secret.length + name.length);
        System.arraycopy(name, 0, both, secret.length, name.length);
        return sha256(both);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static ExportLine.Sealed sealLine(List<String> lines, long number) {
        return lines.stream()
                .filter(line -> line.startsWith("{\"kind\":\"seal\""))
                .map(line -> (ExportLine.Sealed) Objects.requireNonNull(ExportFormat.parse(line)))
                .filter(seal -> seal.number() == number)
                .findFirst()
                .orElseThrow();
    }
}
