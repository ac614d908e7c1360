package dev.onsale.benchmarks.campaign;

import dev.onsale.api.CampaignId;
import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.embedded.EmbeddedAddresses;
import dev.onsale.embedded.EmbeddedOptions;
import dev.onsale.embedded.EmbeddedServices;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.ResultLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ./onsale bench campaign}: issues the coupons of a campaign, then starts a new process for each measurement, in
 * several rounds. Reports medians. The first command after a start loads the campaign from its snapshot or, if that was
 * deleted, from the log. Then coupons are issued alternately from an empty and from the full campaign.
 */
public final class CampaignBench {

    private static final int COUPONS = Integer.getInteger("onsale.bench.coupons", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("onsale.bench.rounds", 3);

    /** The maximum heap of a node. A campaign that loads within it never needs more. */
    private static final int NODE_HEAP_MB = Integer.getInteger("onsale.bench.heap-mb", 500);

    private static final Duration NODE_PATIENCE = Duration.ofMinutes(10);

    private final EmbeddedAddresses services;
    private final Path folder;
    private final CampaignId campaign = CampaignId.next();

    private CampaignBench(EmbeddedAddresses services, Path folder) {
        this.services = services;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        Path folder = OnsaleServer.folder("campaign");
        boolean pass;
        try (EmbeddedServices services =
                EmbeddedServices.start(EmbeddedOptions.in(folder).withFreshData(), CampaignBench::say)) {
            pass = new CampaignBench(services.addresses(), folder).run();
        }
        System.exit(pass ? 0 : 1);
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private boolean run() throws Exception {
        say(String.format(Locale.ROOT, "issuing %,d coupons ...", COUPONS));
        JsonNode filled = node("fill");
        double fillSeconds = filled.path("fill_s").asDouble();
        System.out.printf(
                Locale.ROOT,
                "filled with %,d coupons in %.1f s (%,.0f/s); snapshot of %.1f MB%n%n",
                COUPONS,
                fillSeconds,
                COUPONS / fillSeconds,
                filled.path("snapshot_bytes").asDouble() / 1e6);
        System.out.printf("%-8s%12s%14s%12s%12s%n", "round", "load s", "replay s", "heap MB", "coupons");
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            forgetSnapshot();
            JsonNode replay = node("load");
            JsonNode load = node("load");
            keep(figures, "replay_s", replay.path("load_s").asDouble());
            keep(figures, "load_s", load.path("load_s").asDouble());
            keep(figures, "heap_mb", load.path("heap_mb").asDouble());
            System.out.printf(
                    Locale.ROOT,
                    "%-8d%12.2f%14.2f%12.0f%,12d%n",
                    round,
                    load.path("load_s").asDouble(),
                    replay.path("load_s").asDouble(),
                    load.path("heap_mb").asDouble(),
                    load.path("rank").asInt());
        }
        System.out.printf("%n%-8s%14s%14s%9s%n", "round", "empty /s", "full /s", "ratio");
        for (int round = 1; round <= ROUNDS; round++) {
            JsonNode issued = node("issue");
            double ratio = issued.path("full_per_s").asDouble()
                    / issued.path("empty_per_s").asDouble();
            keep(figures, "empty_per_s", issued.path("empty_per_s").asDouble());
            keep(figures, "full_per_s", issued.path("full_per_s").asDouble());
            keep(figures, "issue_1m_vs_empty", ratio);
            System.out.printf(
                    Locale.ROOT,
                    "%-8d%,14.0f%,14.0f%9.2f%n",
                    round,
                    issued.path("empty_per_s").asDouble(),
                    issued.path("full_per_s").asDouble(),
                    ratio);
        }
        return report(fillSeconds, figures);
    }

    private static boolean report(double fillSeconds, Map<String, List<Double>> figures) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "campaign");
        result.put("coupons", COUPONS);
        result.put("fill_s", ResultLine.rounded(fillSeconds));
        Map<String, Double> medians = new LinkedHashMap<>();
        figures.forEach((key, values) -> medians.put(key, ResultLine.median(values)));
        medians.forEach((key, value) -> result.put(key, ResultLine.rounded(value)));
        result.put("heap_limit_mb", NODE_HEAP_MB);
        boolean pass = medians.getOrDefault("load_s", 99.0) < 10
                && medians.getOrDefault("replay_s", 99.0) < 10
                && medians.getOrDefault("heap_mb", 999.0) < 500
                && medians.getOrDefault("issue_1m_vs_empty", 0.0) >= 0.6;
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass;
    }

    /** Runs one measurement in a separate process, which ends with this one. */
    private JsonNode node(String what) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(what))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread stop = new Thread(process::destroyForcibly, "stop-node");
        Runtime.getRuntime().addShutdownHook(stop);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            JsonNode answer = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(CampaignNode.ANSWER)) {
                    answer = JsonMapper.builder().build().readTree(line.substring(CampaignNode.ANSWER.length()));
                } else {
                    say(line);
                }
            }
            if (!process.waitFor(NODE_PATIENCE.toSeconds(), TimeUnit.SECONDS) || answer == null) {
                throw new IllegalStateException("The node did not respond to " + what);
            }
            return answer;
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private List<String> command(String what) {
        List<String> command = new ArrayList<>(ChildProcess.command(
                CampaignNode.class,
                List.of(
                        "-Xmx" + NODE_HEAP_MB + "m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Ddisable-axoniq-console-message=true"),
                List.of(what, campaign.toString(), Integer.toString(COUPONS))));
        command.addAll(services.springArguments());
        command.addAll(List.of(
                "--spring.flyway.locations=classpath:db/migration/event-log",
                "--onsale.standalone.data=" + folder,
                // As in the application.
                "--axon.timeout.handler.commands.timeout-ms=-1",
                "--axon.timeout.handler.commands.warning-threshold-ms=-1",
                "--axon.timeout.handler.events.timeout-ms=-1",
                "--axon.timeout.handler.events.warning-threshold-ms=-1",
                "--server.port=0",
                "--management.server.port=-1",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn"));
        if (what.equals("issue")) {
            // Campaigns get snapshots more often while they have few coupons. Snapshots are disabled while the two
            // campaigns are compared.
            command.add("--onsale.command.snapshots.facts-min=100000000");
        }
        return command;
    }

    private void forgetSnapshot() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(services.jdbcUrl(), services.jdbcUser(), services.jdbcPassword());
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM snapshot_event");
            statement.execute("DELETE FROM snapshot_part");
        }
    }

    private static void keep(Map<String, List<Double>> figures, String key, double value) {
        figures.computeIfAbsent(key, name -> new ArrayList<>()).add(value);
    }
}
