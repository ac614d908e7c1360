package dev.onsale.proof.verify;

import dev.onsale.proof.verify.SealChain.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code ./onsale verify FILE}. It prints a report and ends with an exit code. */
public final class VerifyMain {

    private static final int PASS = 0;
    private static final int FAIL = 1;
    private static final int NOT_DONE = 2;

    private static final String HELP = """
            ./onsale verify FILE [--key KEYS] [--anchor NUMBER:SEAL]

              FILE             the log of one sale from GET /api/audit/sales/{sale}/export, compressed or not
              --key KEYS       file with the trusted public keys: JSON Web Keys or a response of /api/seals/head
              --anchor N:SEAL  a seal noted earlier from /api/seals/head; the export must contain it

            Needs no server. Without --key and --anchor it checks only that the file is consistent in itself.
            With one of them, it checks that the log has not changed since it was sealed.
            Exit codes: 0 PASS, 1 FAIL, 2 the file could not be checked.
            """;

    private VerifyMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        @Nullable Path file = null;
        @Nullable Keys keys = null;
        @Nullable Anchor anchor = null;
        try {
            Iterator<String> rest = arguments.iterator();
            while (rest.hasNext()) {
                String argument = rest.next();
                switch (argument) {
                    case "--help", "-h" -> {
                        System.out.print(HELP);
                        return PASS;
                    }
                    case "--key" -> keys = keys(Path.of(value(argument, rest)));
                    case "--anchor" -> anchor = anchor(value(argument, rest));
                    default -> {
                        if (argument.startsWith("--") || file != null) {
                            throw new UsageException("unknown option " + argument + ", see ./onsale verify --help");
                        }
                        file = Path.of(argument);
                    }
                }
            }
            if (file == null) {
                throw new UsageException("FILE is missing. See ./onsale verify --help");
            }
            if (Files.isDirectory(file)) {
                throw new UsageException(file + " is a folder");
            }
            long began = System.nanoTime();
            ProofResult result = ExportCheck.of(file, keys, anchor);
            new VerifyReport(result, (System.nanoTime() - began) / 1e9).print(System.out);
            if (anchor != null && !result.seals().anchored()) {
                throw new UsageException("seal " + anchor.number() + " is not among the seals of the export and"
                        + " could not be compared");
            }
            return result.passed() ? PASS : FAIL;
        } catch (UsageException e) {
            System.err.println("verify: " + e.getMessage());
        } catch (NoSuchFileException e) {
            System.err.println("verify: there is no file " + e.getMessage());
        } catch (IOException e) {
            System.err.println("verify: the file cannot be read: " + e.getMessage());
        } catch (DamagedFileException e) {
            System.err.println("verify: not an export: " + e.getMessage());
        }
        return NOT_DONE;
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static Keys keys(Path file) throws IOException, UsageException {
        try {
            Keys keys = Keys.inFile(file);
            if (keys.size() > 0) {
                return keys;
            }
        } catch (ParseException noJson) {
            throw new UsageException("there is no JSON Web Key in " + file);
        }
        throw new UsageException("there is no JSON Web Key in " + file);
    }

    private static Anchor anchor(String text) throws UsageException {
        try {
            return Anchor.of(text);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--anchor is NUMBER:SEAL, such as 17:0123… with 64 hexadecimal digits");
        }
    }

    private static final class UsageException extends Exception {

        UsageException(String message) {
            super(message);
        }
    }
}
