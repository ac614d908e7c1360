package dev.onsale.api.payment;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a buyer pays. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PaymentMethod.Card.class, name = "card"),
    @JsonSubTypes.Type(value = PaymentMethod.Points.class, name = "points")
})
public sealed interface PaymentMethod {

    /** The method without what could be used to pay again. */
    PaymentMethod masked();

    /**
     * By card, through the gateway.
     *
     * @param token the gateway's one-time token for the card, 1 to 200 characters; card numbers never reach Onsale. {@value #WITHHELD}
     *     in facts: there it is sealed as personal data
     */
    record Card(String token) implements PaymentMethod {

        /** In place of a token that is kept sealed. */
        public static final String WITHHELD = "***";

        private static final int SHOWN = 4;

        /** A card whose token is kept elsewhere. */
        public static Card withheld() {
            return new Card(WITHHELD);
        }

        @Override
        public PaymentMethod masked() {
            if (token.equals(WITHHELD)) {
                return this;
            }
            // Masking twice is masking once.
            String start = token.substring(0, Math.min(SHOWN, token.length()));
            return new Card(start + WITHHELD);
        }

        /** Without the token: texts like this end up in logs. */
        @Override
        public String toString() {
            return "Card[***]";
        }
    }

    /** With the points of the buyer's wallet. */
    record Points() implements PaymentMethod {

        @Override
        public PaymentMethod masked() {
            return this;
        }
    }
}
