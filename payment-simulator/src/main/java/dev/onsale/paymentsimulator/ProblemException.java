package dev.onsale.paymentsimulator;

/** A request that is refused before it reaches the ledger. Has no stack trace. */
final class ProblemException extends RuntimeException {
    private final ProblemCode code;

    ProblemException(ProblemCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    ProblemCode code() {
        return code;
    }

    Answer answer() {
        return Answer.problem(code, String.valueOf(getMessage()));
    }
}
