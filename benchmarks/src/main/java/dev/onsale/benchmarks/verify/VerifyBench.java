package dev.onsale.benchmarks.verify;

import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.proof.verify.VerifyMain;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.ResultLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./onsale bench verify}: verifies an export of five million events in a process with a small heap, and compares the
 * throughput of holds with and without the sealer.
 */
public final class VerifyBench {

    private static final long EVENTS = Long.getLong("onsale.bench.verify-events", 5_000_000);
    private static final int HOLDS = Integer.getInteger("onsale.bench.verify-holds", 20_000);
    private static final int HEAP_MB = Integer.getInteger("onsale.bench.verify-heap-mb", 1_024);
    private static final long PATIENCE_MINUTES = 30;

    private VerifyBench() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", "verify");
        boolean pass = verifier(result);
        if (HOLDS > 0) {
            sealer(result);
        }
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        System.exit(pass ? 0 : 1);
    }

    private static boolean verifier(Map<String, Object> result) throws Exception {
        Path folder = Files.createDirectories(OnsaleServer.folder("verify"));
        Path file = folder.resolve("sale.jsonl.gz");
        Path output = folder.resolve("verify.txt");
        try {
            System.err.printf(Locale.ROOT, "writing an export of %,d events%n", EVENTS);
            LargeExport.write(file, EVENTS);
            long bytes = Files.size(file);
            List<String> command = ChildProcess.command(
                    VerifyMain.class, List.of("-Xmx" + HEAP_MB + "m", "-XX:+UseSerialGC"), List.of(file.toString()));
            System.err.printf(Locale.ROOT, "verifying it with a heap of %,d MB%n", HEAP_MB);
            long began = System.nanoTime();
            int code = run(command, output);
            double seconds = (System.nanoTime() - began) / 1e9;
            String text = Files.readString(output, StandardCharsets.UTF_8);
            boolean pass = code == 0 && text.contains("PASS  self-consistent");
            if (!pass) {
                System.err.println(text);
            }
            System.out.printf(Locale.ROOT, "verified events      %,.0f /s%n", EVENTS / seconds);
            result.put("verify_events", EVENTS);
            result.put("verify_events_per_s", Math.round(EVENTS / seconds));
            result.put("verify_heap_max_mb", HEAP_MB);
            result.put("export_mb", bytes >> 20);
            return pass;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static int run(List<String> command, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("The check did not end within " + PATIENCE_MINUTES + " minutes");
        }
        return process.exitValue();
    }

    /** Without, with, with, without: what drifts hits both. */
    private static void sealer(Map<String, Object> result) throws Exception {
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (boolean sealed : List.of(false, true, true, false)) {
            double perSecond = SealedHolds.perSecond(OnsaleServer.folder("verify-holds"), sealed, HOLDS);
            System.err.printf(Locale.ROOT, "%s the sealer: %,.0f holds/s%n", sealed ? "with" : "without", perSecond);
            (sealed ? with : without).add(perSecond);
        }
        double slow = mean(with);
        double fast = mean(without);
        System.out.printf(Locale.ROOT, "holds with sealer    %,.0f /s, without %,.0f /s%n", slow, fast);
        result.put("holds_per_s_with_sealer", Math.round(slow));
        result.put("holds_per_s_without_sealer", Math.round(fast));
        // Share of the throughput that sealing takes, on a machine that runs all of Onsale.
        result.put("sealer_cost", Math.round(1_000 * (1 - slow / fast)) / 1_000.0);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
