package dev.onsale.benchmarks.verify;

import dev.onsale.benchmarks.OnsaleServer;
import dev.onsale.proof.verify.VerifyMain;
import dev.onsale.rehearsal.command.ChildProcess;
import dev.onsale.rehearsal.command.CommandRunner;
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
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./onsale bench verify}: what the verifier does in a second and needs in memory, and what sealing costs. */
@Command(
        name = "./onsale bench verify",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Write an export of many events and verify it in a process with a small heap. Then hold seats with and",
            "without the sealer in the same process, in turns: sealer_cost is the time of a hold with it, divided by the",
            "time without it."
        })
public final class VerifyBench implements Callable<Integer> {

    private static final long PATIENCE_MINUTES = 30;

    @Option(names = "--events", defaultValue = "5000000", description = "events of the export (5000000); 0: skip")
    private long events;

    @Option(names = "--heap", defaultValue = "512", description = "-Xmx of the verifier in MB (512)")
    private int heapMegabytes;

    @Option(names = "--holds", defaultValue = "20000", description = "holds in each turn (20000); 0: skip")
    private int holds;

    @Option(
            names = "--rounds",
            defaultValue = "2",
            description = "rounds of four turns: without, with, with, without (2)")
    private int rounds;

    private final Map<String, Object> result = new LinkedHashMap<>();

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new VerifyBench(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        result.put("name", "verify");
        boolean pass = events == 0 || verifier();
        if (holds > 0) {
            sealer();
        }
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("pass", pass);
        ResultLine.print(System.out, result);
        return pass ? CommandRunner.PASS : CommandRunner.FAIL;
    }

    private boolean verifier() throws Exception {
        Path folder = Files.createDirectories(OnsaleServer.folder("verify"));
        Path file = folder.resolve("sale.jsonl.gz");
        Path output = folder.resolve("verify.txt");
        Path collections = folder.resolve("gc.txt");
        try {
            System.err.printf(Locale.ROOT, "writing an export of %,d events%n", events);
            LargeExport.write(file, events);
            long bytes = Files.size(file);
            System.err.printf(Locale.ROOT, "verifying its %,d MB with a heap of %,d MB%n", bytes >> 20, heapMegabytes);
            long began = System.nanoTime();
            int code = run(
                    ChildProcess.command(
                            VerifyMain.class,
                            List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC", "-Xlog:gc:file=" + collections),
                            List.of(file.toString())),
                    output);
            double seconds = (System.nanoTime() - began) / 1e9;
            String text = Files.readString(output, StandardCharsets.UTF_8);
            boolean pass = code == 0 && text.contains("PASS  self-consistent");
            if (!pass) {
                System.err.println(text);
            }
            HeapLog heap = HeapLog.of(Files.readAllLines(collections, StandardCharsets.UTF_8));
            System.out.printf(Locale.ROOT, "verified events      %,.0f /s%n", events / seconds);
            System.out.printf(
                    Locale.ROOT,
                    "heap                 at most %,d MB, %,d MB of it alive after a collection%n",
                    heap.usedMax(),
                    heap.aliveMax());
            result.put("verify_events", events);
            result.put("verify_events_per_s", Math.round(events / seconds));
            result.put("verify_seconds", Math.round(seconds));
            result.put("verify_heap_max_mb", heapMegabytes);
            result.put("verify_heap_used_mb", heap.usedMax());
            result.put("verify_heap_alive_mb", heap.aliveMax());
            result.put("export_mb", bytes >> 20);
            return pass;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(output);
            Files.deleteIfExists(collections);
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

    /** Without, with, with, without: what drifts hits both. The first turn of the process is not counted. */
    private void sealer() throws Exception {
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        turn(false);
        for (int round = 0; round < rounds; round++) {
            for (boolean sealed : List.of(false, true, true, false)) {
                double perSecond = turn(sealed);
                System.err.printf(
                        Locale.ROOT, "%s the sealer: %,.0f holds/s%n", sealed ? "with" : "without", perSecond);
                (sealed ? with : without).add(perSecond);
            }
        }
        double slow = median(with);
        double fast = median(without);
        System.out.printf(Locale.ROOT, "holds with sealer    %,.0f /s, without %,.0f /s%n", slow, fast);
        result.put("holds_per_s_with_sealer", Math.round(slow));
        result.put("holds_per_s_without_sealer", Math.round(fast));
        result.put("sealer_cost", Math.round(1_000 * fast / slow) / 1_000.0);
    }

    private double turn(boolean sealed) throws Exception {
        return SealedHolds.perSecond(OnsaleServer.folder("verify-holds"), sealed, holds);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
