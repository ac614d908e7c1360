package dev.onsale.paymentsimulator;

/** The simulator could not start. The message tells the operator what to do. */
public final class SimulatorStartException extends RuntimeException {
    SimulatorStartException(String message, Throwable cause) {
        super(message, cause);
    }

    SimulatorStartException(String message) {
        super(message);
    }
}
