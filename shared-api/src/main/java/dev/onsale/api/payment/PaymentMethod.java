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

    /** The method as it may be told to everybody: without what could be used to pay again. */
    PaymentMethod masked();

    /**
     * By card, through the gateway.
     *
     * @param token the gateway's one-time token for the card, 1 to 200 characters; card numbers never reach Onsale
     */
    record Card(String token) implements PaymentMethod {

        private static final int SHOWN = 4;

        @Override
        public PaymentMethod masked() {
            // Masking twice is masking once.
            String start = token.substring(0, Math.min(SHOWN, token.length()));
            return new Card(start + "***");
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
