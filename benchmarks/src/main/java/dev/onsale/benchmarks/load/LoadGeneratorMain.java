package dev.onsale.benchmarks.load;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads measurements from its standard input, one JSON object a line, and prints the result of each. Ends with its input.
 * The argument is the file of the key that signs the tokens.
 */
public final class LoadGeneratorMain {

    /** Precedes each result, so that other output is not taken for one. */
    static final String RESULT = "LOAD ";

    private LoadGeneratorMain() {}

    public static void main(String[] arguments)
            throws IOException, JOSEException, ParseException, InterruptedException {
        JsonMapper json = JsonMapper.builder().build();
        PersonTokens tokens = new PersonTokens(RSAKey.parse(Files.readString(Path.of(arguments[0]))));
        try (Connections connections = new Connections(tokens);
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Load load = json.readValue(line, Load.class);
                System.out.println(RESULT + json.writeValueAsString(connections.run(load)));
            }
        }
    }
}
