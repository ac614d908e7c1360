package dev.onsale.paymentsimulator;

/** The simulator could not start; the message says what to do about it and is fit to be shown to an operator. */
public final class SimulatorStartException extends RuntimeException {
    SimulatorStartException(String message, Throwable cause) {
        super(message, cause);
    }

    SimulatorStartException(String message) {
        super(message);
    }
}
