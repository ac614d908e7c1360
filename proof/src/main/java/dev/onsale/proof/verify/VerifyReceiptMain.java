package dev.onsale.proof.verify;

import dev.onsale.proof.export.ExportLine;
import dev.onsale.proof.export.Receipt;
import dev.onsale.proof.verify.CommandArguments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code ./onsale verify-receipt FILE}. */
public final class VerifyReceiptMain {

    private static final int PASS = 0;
    private static final int FAIL = 1;
    private static final int NOT_DONE = 2;

    private static final String HELP = """
            ./onsale verify-receipt FILE [--key KEYS] [--anchor NUMBER:SEAL] [--allow-unsigned]

              FILE             a receipt from GET /api/receipts/{sale}
              --key KEYS       file with the trusted public keys
              --anchor N:SEAL  a seal noted elsewhere, which the receipt must contain
              --allow-unsigned with --key: seals without a signature are no failure

            Needs no server. Exit codes: 0 PASS, 1 FAIL, 2 the file could not be checked.
            """;

    private VerifyReceiptMain() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        @Nullable Path file = null;
        @Nullable Keys keys = null;
        List<Anchor> anchors = new ArrayList<>();
        boolean allowUnsigned = false;
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
                    case "--allow-unsigned" -> allowUnsigned = true;
                    default -> {
                        if (argument.startsWith("--") || file != null) {
                            return usage("unknown option " + argument);
                        }
                        file = Path.of(argument);
                    }
                }
            }
            if (file == null) {
                return usage("FILE is missing");
            }
            Trust trust = new Trust(keys, anchors, List.of(), allowUnsigned, Trust.SEALED_WITHIN);
            ReceiptCheck.Checked checked = ReceiptCheck.of(Files.readString(file), trust);
            print(checked, trust.level());
            return checked.passed() ? PASS : FAIL;
        } catch (IOException | DamagedFileException e) {
            return usage("the file cannot be checked: " + e.getMessage());
        } catch (IllegalArgumentException noReceipt) {
            return usage("the file is not a receipt: " + noReceipt.getMessage());
        } catch (UsageException wrong) {
            return usage(String.valueOf(wrong.getMessage()));
        }
    }

    private static void print(ReceiptCheck.Checked checked, Level level) {
        Receipt.Body body = checked.body();
        System.out.printf("Sale %s, buyer %s, issued %s%n%n", body.saleKey(), body.buyer(), body.issuedAt());
        for (Receipt.Fact fact : body.facts()) {
            ExportLine.Event event = fact.event();
            ExportLine.Admission record = fact.record();
            System.out.println(
                    event == null
                            ? "  waiting room  " + (record == null ? "" : record.entry())
                            : "  " + event.timestamp() + "  " + event.type() + "  " + event.payload());
        }
        if (!body.unproven().isEmpty()) {
            System.out.println("  NOT PROVEN    events at positions " + body.unproven()
                    + ": they were sealed before receipts had proofs");
        }
        System.out.printf(
                "%n  head          %d:%s%n%n", body.head().number(), body.head().seal());
        checked.problems().forEach(what -> System.out.println("TAMPERED  " + what));
        System.out.println((checked.passed() ? "PASS  " : "FAIL  ") + level.word());
    }

    private static int usage(String message) {
        System.err.println("verify-receipt: " + message + ". See ./onsale verify-receipt --help");
        return NOT_DONE;
    }
}
