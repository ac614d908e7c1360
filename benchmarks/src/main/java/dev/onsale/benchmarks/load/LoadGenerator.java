package dev.onsale.benchmarks.load;

import dev.onsale.rehearsal.command.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The load generator as a child process. For one thread. */
public final class LoadGenerator implements AutoCloseable {

    private final JsonMapper json = JsonMapper.builder().build();
    private final Process process;
    private final Writer input;
    private final BufferedReader output;
    private final Thread stopAtExit;

    private LoadGenerator(Process process) {
        this.process = process;
        this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.stopAtExit = new Thread(process::destroyForcibly, "stop-load");
        Runtime.getRuntime().addShutdownHook(stopAtExit);
    }

    /**
     * @param prefix of its command line, for example of taskset; may be empty
     * @param key file of the key that signs the tokens
     */
    public static LoadGenerator start(List<String> prefix, Path key) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(ChildProcess.command(
                LoadGeneratorMain.class, List.of("-Xmx512m", "-XX:+UseSerialGC"), List.of(key.toString())));
        return new LoadGenerator(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /**
     * Runs one measurement.
     *
     * @throws IllegalStateException if the process has ended, or if more than one request in a hundred failed
     */
    public Load.Result run(Load load) throws IOException {
        input.write(json.writeValueAsString(load) + "\n");
        input.flush();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LoadGeneratorMain.RESULT)) {
                Load.Result result =
                        json.readValue(line.substring(LoadGeneratorMain.RESULT.length()), Load.Result.class);
                if (result.failures() * 100 > result.answers()) {
                    throw new IllegalStateException(result.failures() + " requests of " + load.method() + " "
                            + load.path() + " failed, " + result.answers() + " did not: " + result.firstFailure());
                }
                return result;
            }
        }
        throw new IllegalStateException("The load generator has ended");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
    }
}
