package dev.onsale.paymentsimulator;

/** Why the bank declined a card. */
enum DeclineCode {
    INSUFFICIENT_FUNDS,
    CARD_DECLINED,
    CARD_EXPIRED,
    FRAUD_SUSPECTED
}
