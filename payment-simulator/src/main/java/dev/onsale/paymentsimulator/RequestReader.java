package dev.onsale.paymentsimulator;

import dev.onsale.paymentsimulator.SimulatorSettings.Faults;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Parses and validates bodies. Without data binding, so that each error names its field. */
final class RequestReader {
    static final int REFERENCE_LENGTH_MAX = 200;

    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private RequestReader() {}

    static Change.Authorize authorize(byte[] body) {
        var fields = Fields.of(body, "amount", "reference", "paymentToken");
        return new Change.Authorize(
                amount(fields), fields.text("reference", REFERENCE_LENGTH_MAX), paymentToken(fields));
    }

    static Change.Capture capture(String authorizationId, byte[] body) {
        return new Change.Capture(authorizationId, amount(Fields.of(body, "amount")));
    }

    static Change.VoidAuthorization voided(String authorizationId, byte[] body) {
        if (body.length > 0) {
            Fields.of(body);
        }
        return new Change.VoidAuthorization(authorizationId);
    }

    static Change.Refund refund(String authorizationId, byte[] body) {
        return new Change.Refund(authorizationId, amount(Fields.of(body, "amount")));
    }

    static SimulatorSettings settings(byte[] body) {
        var fields = Fields.of(body, "successRate", "delayMinMillis", "delayMaxMillis", "bookingDelayMillis", "faults");
        long limit = SimulatorOptions.DELAY_LIMIT.toMillis();
        long delayMax = fields.number("delayMaxMillis", 0, limit);
        long delayMin = fields.number("delayMinMillis", 0, limit);
        if (delayMin > delayMax) {
            throw new ProblemException(
                    ProblemCode.FIELD_INVALID, "delayMinMillis must not be greater than delayMaxMillis.");
        }
        return new SimulatorSettings(
                fields.probability("successRate"),
                delayMin,
                delayMax,
                fields.number("bookingDelayMillis", 0, limit),
                faults(fields.object(
                        "faults",
                        "errorBeforeEffectProbability",
                        "answerLostProbability",
                        "slowAnswerProbability",
                        "slowAnswerBytesPerSecond")));
    }

    private static Faults faults(Fields fields) {
        return new Faults(
                fields.probability("errorBeforeEffectProbability"),
                fields.probability("answerLostProbability"),
                fields.probability("slowAnswerProbability"),
                (int) fields.number("slowAnswerBytesPerSecond", 1, SimulatorSettings.BYTES_PER_SECOND_MAX));
    }

    private static Amount amount(Fields fields) {
        var amount = fields.object("amount", "minorUnits", "currency");
        var units = amount.required("minorUnits");
        if (!units.isIntegralNumber()
                || !units.canConvertToLong()
                || units.longValue() < 1
                || units.longValue() > Amount.MINOR_UNITS_MAX) {
            throw new ProblemException(
                    ProblemCode.AMOUNT_INVALID,
                    "amount.minorUnits must be a whole number from 1 to " + Amount.MINOR_UNITS_MAX + ".");
        }
        var currency = amount.text("currency", 3);
        if (!CURRENCIES.contains(currency)) {
            throw new ProblemException(
                    ProblemCode.CURRENCY_UNKNOWN, "amount.currency must be an ISO 4217 code such as EUR.");
        }
        return new Amount(units.longValue(), currency);
    }

    private static @Nullable String paymentToken(Fields fields) {
        if (!fields.has("paymentToken")) {
            return null;
        }
        var token = fields.text("paymentToken", 100);
        if (!PaymentToken.isWellFormed(token)) {
            throw new ProblemException(
                    ProblemCode.FIELD_INVALID, "paymentToken must be letters, digits, _ and - only.");
        }
        if (PaymentToken.isUnknownTestToken(token)) {
            throw new ProblemException(
                    ProblemCode.PAYMENT_TOKEN_UNKNOWN,
                    "Tokens that start with tok_approved or tok_declined are reserved; known are "
                            + PaymentToken.APPROVED + ", " + PaymentToken.APPROVED_ANSWER_LOST + ", "
                            + PaymentToken.DECLINED.keySet().stream().sorted().collect(Collectors.joining(", "))
                            + ".");
        }
        return token;
    }

    /** A JSON object without unknown fields. */
    private record Fields(JsonNode node, String path) {

        static Fields of(byte[] body, String... known) {
            JsonNode node;
            try {
                node = Json.MAPPER.readTree(body);
            } catch (JacksonException malformed) {
                throw new ProblemException(ProblemCode.BODY_MALFORMED, malformed.getOriginalMessage());
            }
            if (!node.isObject()) {
                throw new ProblemException(ProblemCode.BODY_MALFORMED, "The body must be a JSON object.");
            }
            return new Fields(node, "").knowing(known);
        }

        Fields object(String name, String... known) {
            var child = required(name);
            if (!child.isObject()) {
                throw new ProblemException(ProblemCode.FIELD_INVALID, path + name + " must be a JSON object.");
            }
            return new Fields(child, path + name + ".").knowing(known);
        }

        boolean has(String name) {
            var value = node.get(name);
            return value != null && !value.isNull();
        }

        JsonNode required(String name) {
            var value = node.get(name);
            if (value == null || value.isNull()) {
                throw new ProblemException(ProblemCode.FIELD_MISSING, path + name + " is required.");
            }
            return value;
        }

        String text(String name, int lengthMax) {
            var value = required(name);
            var text = value.isString() ? value.stringValue() : "";
            if (text.isBlank() || text.length() > lengthMax || text.codePoints().anyMatch(Fields::isUnfit)) {
                throw new ProblemException(
                        ProblemCode.FIELD_INVALID,
                        path + name + " must be a text of 1 to " + lengthMax
                                + " characters without control characters.");
            }
            return text;
        }

        long number(String name, long min, long max) {
            var value = required(name);
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < min
                    || value.longValue() > max) {
                throw new ProblemException(
                        ProblemCode.FIELD_INVALID,
                        path + name + " must be a whole number from " + min + " to " + max + ".");
            }
            return value.longValue();
        }

        double probability(String name) {
            var value = required(name);
            // doubleValue() throws for a number beyond the range of a double.
            double number = value.isNumber() ? value.doubleValueOpt().orElse(Double.NaN) : Double.NaN;
            if (!(number >= 0 && number <= 1)) {
                throw new ProblemException(ProblemCode.FIELD_INVALID, path + name + " must be a number from 0 to 1.");
            }
            return number;
        }

        /** A lone surrogate has no UTF-8 form, so the ledger file would return another text. */
        private static boolean isUnfit(int codePoint) {
            return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
        }

        private Fields knowing(String... known) {
            var names = List.of(known);
            for (var name : node.propertyNames()) {
                if (!names.contains(name)) {
                    var shown = name.length() > 50 ? name.substring(0, 50) + "…" : name;
                    throw new ProblemException(ProblemCode.FIELD_UNKNOWN, path + shown + " is not a known field.");
                }
            }
            return this;
        }
    }
}
