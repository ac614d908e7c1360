package dev.onsale.paymentsimulator;

/** Money in the smallest unit of its currency (cents of EUR, yen of JPY). */
record Amount(long minorUnits, String currency) {
    /** The sum of ten million charges of this size fits in a long, so balances cannot overflow. */
    static final long MINOR_UNITS_MAX = 99_999_999_999L;
}
