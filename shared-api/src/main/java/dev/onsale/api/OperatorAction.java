package dev.onsale.api;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a change of a sale and why: the part that all orders of operators share.
 *
 * @param operator subject of the bearer token
 * @param reason 1 to {@value #REASON_LENGTH_MAX} code points; absent if none was given
 */
public record OperatorAction(OperatorId operator, @Nullable String reason) {

    /** The longest reason, in code points. */
    public static final int REASON_LENGTH_MAX = 500;

    /**
     * @throws InvalidValueException if the reason is blank, too long, or no valid Unicode
     */
    public OperatorAction {
        if (reason != null && !Texts.isText(reason, REASON_LENGTH_MAX)) {
            throw new InvalidValueException("reason has 1 to " + REASON_LENGTH_MAX + " characters");
        }
    }

    /**
     * An action that must say why.
     *
     * @throws InvalidValueException also if there is no reason
     */
    public static OperatorAction withReason(OperatorId operator, @Nullable String reason) {
        if (reason == null) {
            throw new InvalidValueException("reason is missing");
        }
        return new OperatorAction(operator, reason);
    }
}
