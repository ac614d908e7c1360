package dev.onsale.paymentsimulator;

/** Why a card was declined, as the card's bank would say it. */
enum DeclineCode {
    INSUFFICIENT_FUNDS,
    CARD_DECLINED,
    CARD_EXPIRED,
    FRAUD_SUSPECTED
}
