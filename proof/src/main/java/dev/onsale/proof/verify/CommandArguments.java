package dev.onsale.proof.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;

/** The arguments of one of this module's commands, in order. Whatever is wrong with the value of an option is told in one line. */
final class CommandArguments {

    private final Iterator<String> rest;

    CommandArguments(List<String> arguments) {
        this.rest = arguments.iterator();
    }

    /** The command line is wrong; the message says how. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    boolean hasNext() {
        return rest.hasNext();
    }

    String next() {
        return rest.next();
    }

    String value(String option) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    Keys keys(String option) throws IOException, UsageException {
        Path file = Path.of(value(option));
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

    Duration duration(String option) throws UsageException {
        try {
            return Duration.parse(value(option));
        } catch (DateTimeParseException wrong) {
            throw new UsageException(option + " is a duration such as PT10M");
        }
    }

    Anchor anchor(String option) throws UsageException {
        try {
            return Anchor.of(value(option));
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(option + " is NUMBER:SEAL, such as 17:0123… with 64 hexadecimal digits");
        }
    }
}
