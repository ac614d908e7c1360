package dev.onsale.paymentsimulator;

/**
 * Sums of one currency in minor units.
 *
 * @param releasedMinorUnits rest of partly captured authorizations
 * @param openMinorUnits authorized, but neither captured, voided nor released
 * @param netMinorUnits captured less refunded
 */
record Balance(
        String currency,
        long authorizedMinorUnits,
        long capturedMinorUnits,
        long refundedMinorUnits,
        long voidedMinorUnits,
        long releasedMinorUnits,
        long openMinorUnits,
        long netMinorUnits) {

    static Balance empty(String currency) {
        return of(currency, 0, 0, 0, 0, 0);
    }

    Balance plus(LedgerEntry entry, Authorization after) {
        long units = entry.amount().minorUnits();
        return switch (entry.kind()) {
            case AUTHORIZED ->
                of(
                        currency,
                        Math.addExact(authorizedMinorUnits, units),
                        capturedMinorUnits,
                        refundedMinorUnits,
                        voidedMinorUnits,
                        releasedMinorUnits);
            case DECLINED -> this;
            case CAPTURED ->
                of(
                        currency,
                        authorizedMinorUnits,
                        Math.addExact(capturedMinorUnits, units),
                        refundedMinorUnits,
                        voidedMinorUnits,
                        Math.addExact(releasedMinorUnits, after.releasedMinorUnits()));
            case VOIDED ->
                of(
                        currency,
                        authorizedMinorUnits,
                        capturedMinorUnits,
                        refundedMinorUnits,
                        Math.addExact(voidedMinorUnits, units),
                        releasedMinorUnits);
            case REFUNDED ->
                of(
                        currency,
                        authorizedMinorUnits,
                        capturedMinorUnits,
                        Math.addExact(refundedMinorUnits, units),
                        voidedMinorUnits,
                        releasedMinorUnits);
        };
    }

    private static Balance of(
            String currency, long authorized, long captured, long refunded, long voided, long released) {
        long open = authorized - captured - voided - released;
        long net = captured - refunded;
        if (open < 0 || net < 0) {
            throw new IllegalStateException("the balance of " + currency + " is wrong: open " + open + ", net " + net);
        }
        return new Balance(currency, authorized, captured, refunded, voided, released, open, net);
    }
}
