package dev.onsale.rehearsal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.CampaignId;
import dev.onsale.api.Ids;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.view.CampaignView;
import dev.onsale.api.view.LabelledSeatMapView;
import dev.onsale.api.view.ReservationStatus;
import dev.onsale.api.view.ReservationView;
import dev.onsale.proof.invariant.Acknowledgements;
import dev.onsale.proof.invariant.Findings;
import dev.onsale.proof.invariant.Invariant;
import dev.onsale.proof.invariant.LogEvent;
import dev.onsale.proof.invariant.LogFold;
import dev.onsale.proof.invariant.ReadModels;
import dev.onsale.proof.invariant.RoomEntry;
import dev.onsale.proof.invariant.RoomFold;
import dev.onsale.proof.verify.Proof;
import dev.onsale.rehearsal.RehearsalCounters.Sight;
import dev.onsale.rehearsal.client.Deadline;
import dev.onsale.rehearsal.client.NotDoneException;
import dev.onsale.rehearsal.client.OnsaleClient;
import dev.onsale.rehearsal.client.Outcome;
import dev.onsale.rehearsal.client.RequestKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs one rehearsal from its first request to its result. */
final class Rehearsal {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Duration READ_MODEL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration SEALS_PATIENCE = Duration.ofSeconds(60);
    private static final int ADMIT_PER_SECOND = 1_000;
    private static final int PLACE_SECONDS = 60;
    private static final Duration SALE_LASTS = Duration.ofHours(24);

    private final OnsaleClient client;
    private final OnsaleClient observer;
    private final RehearsalOptions options;
    private final Clock clock;
    private final Progress progress;
    private final Deadline deadline;
    private final Acknowledgements told = new Acknowledgements();
    private final RehearsalCounters tally = new RehearsalCounters();
    private final RedisLoss redisLoss;

    /** @param observer a client of its own, whose requests do not wait behind those of the crowd */
    Rehearsal(
            OnsaleClient client,
            OnsaleClient observer,
            RehearsalOptions options,
            Clock clock,
            Progress progress,
            RedisLoss redisLoss) {
        this.observer = observer;
        this.redisLoss = redisLoss;
        this.client = client;
        this.options = options;
        this.clock = clock;
        this.progress = progress;
        this.deadline = Deadline.in(options.timeout);
    }

    /** @throws NotDoneException if the rehearsal could not run or the log could not be read */
    RehearsalResult run() throws NotDoneException, InterruptedException {
        progress.begin("letting a witness note the newest seal", 0);
        try (WitnessProcess witness = WitnessProcess.start(client)) {
            return run(witness);
        }
    }

    private RehearsalResult run(WitnessProcess witness) throws NotDoneException, InterruptedException {
        DemoHall hall = DemoHall.load();
        if (options.seats > hall.seats()) {
            throw new NotDoneException(
                    "The hall has " + hall.seats() + " seats; --seats " + options.seats + " is more");
        }
        String run = "rehearsal-" + Ids.timeOrdered().toString().substring(24);
        progress.begin("preparing the sale", 0);
        Sale sale = prepare(run, hall);
        Map<BuyerId, String> tokens = tokens(sale);
        WaitingRoom room = new WaitingRoom(client, sale, deadline, clock);
        redisLoss.about(sale);
        RehearsalContext play = new RehearsalContext(
                client, sale, told, tally, new RequestRetry(told, tally, deadline), deadline, room, redisLoss);

        List<Collector> collectors = new ArrayList<>();
        for (CollectorPlan plan : CollectorPlan.draw(sale.people(), options.seed)) {
            boolean late = collectors.size() >= RedisLoss.first(options);
            collectors.add(new Collector(play, plan, token(tokens, plan.buyer()), late));
        }
        progress.begin("requesting coupons", collectors.size());
        LoadCurve load = new LoadCurve(client.latencies(), observer, sale.operator());
        int cutOff;
        Duration seatsTook;
        try (load) {
            cutOff = Crowd.rush(collectors, deadline, progress::step);

            List<Buyer> buyers =
                    BuyerPlan.draw(sale.buyers(), sale.best(), options.otherSeatsMax, options.seed).stream()
                            .map(plan -> new Buyer(play, plan, token(tokens, plan.buyer())))
                            .toList();
            progress.begin("buying seats", buyers.size());
            long began = System.nanoTime();
            cutOff += Crowd.rush(buyers, deadline, progress::step);
            seatsTook = Duration.ofNanos(System.nanoTime() - began);
        }

        progress.begin("waiting for holds to end", 0);
        settle(sale);
        progress.begin("reading the log", 0);
        return judge(sale, room, witness, cutOff, seatsTook, load.points());
    }

    private Sale prepare(String run, DemoHall hall) throws NotDoneException, InterruptedException {
        BuyerId operatorId = BuyerId.of(run + "-operator");
        String operator = token(client.tokens(List.of(operatorId), List.of("operator")), operatorId);
        long logStart = client.head(operator);
        Instant now = clock.instant();
        PerformanceId performance = client.schedule(
                        operator,
                        run + "-performance",
                        Map.of(
                                "title", "Rehearsal " + options.seed,
                                "startsAt", now.plus(SALE_LASTS).toString(),
                                "saleOpensAt", now.minus(Duration.ofMinutes(1)).toString(),
                                "saleClosesAt", now.plus(SALE_LASTS).toString(),
                                "maxSeatsPerBuyer", 4,
                                "holdDuration", options.hold.toString(),
                                "waitingRoom", true,
                                "prices", hall.prices(),
                                "seatingPlan", hall.plan()))
                .orElseThrow("The performance cannot be scheduled");
        client.openRoom(
                operator,
                performance,
                Map.of(
                        "activeLimit", WaitingRoom.activeLimit(options),
                        "admitPerSecond", ADMIT_PER_SECOND,
                        "activeSeconds", PLACE_SECONDS));
        CampaignId campaign = client.launch(
                        operator,
                        run + "-campaign",
                        Map.of(
                                "name",
                                "Rehearsal " + options.seed,
                                "quantity",
                                options.coupons,
                                "maxCouponsPerBuyer",
                                1,
                                "opensAt",
                                now.minus(Duration.ofMinutes(1)).toString(),
                                "closesAt",
                                now.plus(SALE_LASTS).toString(),
                                "discount",
                                Map.of("percentOff", 10)))
                .orElseThrow("The campaign cannot be launched");
        return new Sale(
                operator,
                logStart,
                performance,
                campaign,
                hall.best(options.seats),
                names(run + "-buyer-", options.buyers),
                names(run + "-person-", options.people));
    }

    private Map<BuyerId, String> tokens(Sale sale) throws NotDoneException, InterruptedException {
        List<BuyerId> everybody = new ArrayList<>(sale.buyers());
        everybody.addAll(sale.people());
        return client.tokens(everybody, List.of());
    }

    private static String token(Map<BuyerId, String> tokens, BuyerId of) {
        String token = tokens.get(of);
        if (token == null) {
            throw new IllegalStateException("The issuer gave no token for " + of);
        }
        return token;
    }

    private static List<BuyerId> names(String prefix, int count) {
        List<BuyerId> names = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            names.add(BuyerId.of(prefix + number));
        }
        return names;
    }

    /**
     * Waits until every hold has ended and all money has moved, or the time limit is reached. Anything still open is
     * then reported as a finding.
     */
    private void settle(Sale sale) throws NotDoneException, InterruptedException {
        while (!deadline.isOver()) {
            long began = System.nanoTime();
            if (LogFold.of(events(sale)).unsettled() == 0) {
                return;
            }
            // Reading the whole log repeatedly must stay a small part of the server's load.
            Duration reading = Duration.ofNanos(System.nanoTime() - began).multipliedBy(4);
            deadline.pause(reading.compareTo(LOOK_AGAIN) > 0 ? reading : LOOK_AGAIN);
        }
    }

    private RehearsalResult judge(
            Sale sale,
            WaitingRoom room,
            WitnessProcess witness,
            int cutOff,
            Duration seatsTook,
            List<LoadCurve.Point> load)
            throws NotDoneException, InterruptedException {
        Instant asOf = clock.instant();
        LogFold log = LogFold.of(events(sale));
        ReadModels reads = readModels(sale, log);
        Findings findings = log.judge(asOf);
        Acknowledgements.Comparison acknowledged = told.compareWith(log, findings);
        findings.addAll(reads.compareWith(log));
        Witnessed witnessed = verifyExports(sale, witness, findings);
        audit(sale, findings);
        List<RoomEntry> journal = roomJournal(sale);
        RoomFold fair = RoomFold.of(WaitingRoom.activeLimit(options), journal);
        findings.addAll(fair.judge(room.seen()));
        room.turnedAway().forEach(what -> findings.add(Invariant.PLACES_KEPT, what));
        RedisLoss.Report redis = redisLoss.report(room.lostPlaces(), findings);
        exercised(findings, acknowledged, fair);
        tally.neverAnswered()
                .forEach((why, count) -> findings.add(Invariant.EVERY_REQUEST_ANSWERED, count + " times " + why));
        if (cutOff > 0) {
            findings.add(
                    Invariant.THE_RUN_WAS_WHOLE,
                    cutOff + " simulated persons were not done when the time limit of " + options.timeout
                            + " was reached");
        }
        if (log.unsettled() > 0) {
            findings.add(
                    Invariant.THE_RUN_WAS_WHOLE,
                    log.unsettled() + " holds or payments had not ended when the time limit of " + options.timeout
                            + " was reached");
        }
        if (log.seatsBooked() == 0) {
            findings.add(Invariant.THE_RUN_WAS_WHOLE, "No seat was sold, so the run shows nothing");
        }
        long expected = Math.min(options.coupons, options.people);
        if (log.couponsIssued() < expected) {
            findings.add(
                    Invariant.ALL_WHO_COULD_GOT_A_COUPON,
                    log.couponsIssued() + " of " + options.coupons + " coupons were issued to " + options.people
                            + " people");
        }
        return new RehearsalResult(
                options,
                log,
                findings,
                acknowledged,
                tally,
                client.latencies(),
                seatsTook,
                fair,
                redis,
                witnessed,
                load);
    }

    /** What this run has shown beside the log. A rule without an occasion to be broken is not counted as kept. */
    private void exercised(Findings findings, Acknowledgements.Comparison acknowledged, RoomFold fair) {
        findings.exercised(
                Invariant.ALL_WHO_COULD_GOT_A_COUPON,
                Invariant.READ_MODELS_EQUAL_THE_LOG,
                Invariant.EXPORT_VERIFIES,
                Invariant.EVERY_REQUEST_ANSWERED,
                Invariant.THE_RUN_WAS_WHOLE,
                Invariant.NOTHING_LEFT_BEHIND);
        if (acknowledged.told() > 0) {
            findings.exercised(Invariant.NO_LOST_ACKNOWLEDGEMENT);
        }
        if (!tally.refusals("hold").isEmpty() || !tally.refusals("coupon").isEmpty()) {
            findings.exercised(Invariant.NO_REFUSED_FACT);
        }
        if (tally.count(Sight.DOUBLE_CLICK) > 0) {
            findings.exercised(Invariant.REPEATS_ARE_ONE);
        }
        if (fair.admissions() > 0) {
            findings.exercised(
                    Invariant.ADMITTED_IN_ORDER,
                    Invariant.ACTIVE_LIMIT_KEPT,
                    Invariant.ADMISSION_TOKEN_USED_ONCE,
                    Invariant.DRAWN_AS_PROMISED,
                    Invariant.NOBODY_JUMPED_THE_QUEUE,
                    Invariant.PLACES_KEPT);
        }
        if (options.flushRedis) {
            findings.exercised(Invariant.LOST_REDIS_COMES_BACK);
        }
    }

    /** The journal is written shortly after the room changes. What is missing after a waiting time is a finding. */
    private List<RoomEntry> roomJournal(Sale sale) throws NotDoneException, InterruptedException {
        Deadline patience = Deadline.in(READ_MODEL_PATIENCE);
        while (!patience.isOver()) {
            var journal = client.roomJournal(sale.operator(), sale.performance());
            if (journal.isPresent()) {
                return journal.get();
            }
            patience.pause(LOOK_AGAIN);
        }
        throw new NotDoneException("The journal of the waiting room was not written within " + READ_MODEL_PATIENCE);
    }

    /**
     * Exports the sealed logs and checks them without the server, as any user can, against the seals that the witness
     * noted since before the sale.
     */
    private Witnessed verifyExports(Sale sale, WitnessProcess witness, Findings findings)
            throws NotDoneException, InterruptedException {
        progress.begin("exporting and verifying the sealed log", 0);
        long written = client.head(sale.operator());
        Deadline patience = Deadline.in(SEALS_PATIENCE);
        while (client.sealedTo() < written && !patience.isOver()) {
            patience.pause(LOOK_AGAIN);
        }
        List<Long> noted = witness.noted();
        Witnessed witnessed = new Witnessed(noted.getFirst(), noted.getLast());
        for (String key : List.of(sale.performance().toString(), sale.campaign().toString())) {
            try {
                Path file = Files.createTempFile("onsale-" + key, ".jsonl.gz");
                try {
                    client.export(sale.operator(), key, noted, file);
                    witnessed.add(key, Proof.check(file, witness.keys(), witness.heads(), findings), findings);
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new NotDoneException("The exported log cannot be stored in a temporary file: " + e.getMessage());
            }
        }
        return witnessed;
    }

    /**
     * Runs the server's own comparison of rows, Redis entries and Kafka records. Stores that are behind get some time.
     */
    private void audit(Sale sale, Findings findings) throws NotDoneException, InterruptedException {
        progress.begin("comparing read models, Redis and Kafka with the log", 0);
        for (String key : List.of(sale.performance().toString(), sale.campaign().toString())) {
            Deadline patience = Deadline.in(READ_MODEL_PATIENCE);
            OnsaleClient.SaleAudit audit = client.audit(sale.operator(), key);
            while (!audit.found().isEmpty() && !patience.isOver()) {
                patience.pause(LOOK_AGAIN);
                audit = client.audit(sale.operator(), key);
            }
            audit.found()
                    .forEach(found ->
                            findings.add(Invariant.READ_MODELS_EQUAL_THE_LOG, "auditor of " + key + ": " + found));
        }
    }

    /** The events of both sales as one log. */
    private List<LogEvent> events(Sale sale) throws NotDoneException, InterruptedException {
        List<LogEvent> events =
                client.events(sale.operator(), sale.performance().toString(), sale.logStart());
        events.addAll(client.events(sale.operator(), sale.campaign().toString(), sale.logStart()));
        events.sort(Comparator.comparingLong(LogEvent::position));
        return events;
    }

    /** The read models follow the log with a short delay. What still differs after a waiting time is a finding. */
    private ReadModels readModels(Sale sale, LogFold log) throws NotDoneException, InterruptedException {
        Deadline patience = Deadline.in(READ_MODEL_PATIENCE);
        while (true) {
            ReadModels read = read(sale, log);
            if (read.compareWith(log).isEmpty() || patience.isOver()) {
                return read;
            }
            patience.pause(LOOK_AGAIN);
        }
    }

    private ReadModels read(Sale sale, LogFold log) throws NotDoneException, InterruptedException {
        LabelledSeatMapView map = client.seatMap(sale.performance()).orElseThrow("The seat map cannot be read");
        CampaignView campaign = client.campaign(sale.campaign()).orElseThrow("The campaign cannot be read");
        Map<ReservationId, ReservationStatus> statuses = new ConcurrentHashMap<>();
        List<Crowd.Person> looks = log.reservationStatuses().keySet().stream()
                .<Crowd.Person>map(id -> () -> {
                    Outcome<ReservationView> look = client.reservation(RequestKind.VERIFY, sale.operator(), id);
                    look.done().ifPresent(view -> statuses.put(id, view.status()));
                })
                .toList();
        Crowd.rush(looks, Deadline.in(READ_MODEL_PATIENCE), () -> {});
        return new ReadModels(
                sale.performance(),
                map.seats().entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                seat -> dev.onsale.api.SeatLabel.of(seat.getKey()), Map.Entry::getValue)),
                statuses,
                campaign.issued());
    }
}
