package dev.onsale.proof.verify;

import dev.onsale.proof.verify.CommandArguments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code ./onsale verify FILE}. It prints a report and ends with an exit code. */
public final class VerifyMain {

    private static final int PASS = 0;
    private static final int FAIL = 1;
    private static final int NOT_DONE = 2;

    private static final String HELP = """
            ./onsale verify FILE [--key KEYS] [--anchor NUMBER:SEAL]... [--witness FILE]... [--receipt FILE]...

              FILE               the log of one sale from GET /api/audit/sales/{sale}/export, compressed or not
              --key KEYS         file with the trusted public keys: JSON Web Keys or a response of /api/seals/head
              --anchor N:SEAL    a seal noted earlier from /api/seals/head. Export with ?anchor=N
              --witness FILE     file of ./onsale witness. Export with ?anchor= and the number of its last line
              --receipt FILE     a buyer's receipt: it must leave out nothing and say the same as the log
              --allow-unsigned   with --key: seals without a signature are no failure
              --sealed-within D  longest time between an event and its seal, ISO 8601 (PT10M)

            Needs no server. It checks one of three levels, and PASS is for that level alone:
              self-consistent    no option: the file agrees with itself; whoever wrote it could have invented it
              signed             --key: the holder of the key vouches for every seal and the file
              anchored           --anchor or --witness: the log continues what somebody else noted; add --key too
            docs/proof.md says what each level finds and what it cannot find.
            Exit codes: 0 PASS, 1 FAIL, 2 the file could not be checked.
            """;

    private VerifyMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        @Nullable Path file = null;
        @Nullable Keys keys = null;
        List<Anchor> anchors = new ArrayList<>();
        List<List<WitnessedHead>> witnessed = new ArrayList<>();
        List<Path> receipts = new ArrayList<>();
        boolean allowUnsigned = false;
        Duration sealedWithin = Trust.SEALED_WITHIN;
        try {
            CommandArguments rest = new CommandArguments(arguments);
            while (rest.hasNext()) {
                String argument = rest.next();
                switch (argument) {
                    case "--help", "-h" -> {
                        System.out.print(HELP);
                        return PASS;
                    }
                    case "--key" -> keys = rest.keys(argument);
                    case "--anchor" -> anchors.add(rest.anchor(argument));
                    case "--witness" -> witnessed.add(WitnessedHead.read(Path.of(rest.value(argument))));
                    case "--receipt" -> receipts.add(Path.of(rest.value(argument)));
                    case "--allow-unsigned" -> allowUnsigned = true;
                    case "--sealed-within" -> sealedWithin = rest.duration(argument);
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
            List<ReceiptCheck.Checked> checked = new ArrayList<>();
            for (Path receipt : receipts) {
                Trust ofReceipt = new Trust(keys, List.of(), List.of(), allowUnsigned, sealedWithin);
                checked.add(ReceiptCheck.of(Files.readString(receipt), ofReceipt));
            }
            ProofResult result = ExportCheck.compared(
                    file, new Trust(keys, anchors, witnessed, allowUnsigned, sealedWithin), checked);
            new VerifyReport(result, (System.nanoTime() - began) / 1e9).print(System.out);
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
}
