package dev.onsale.api.payment;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a buyer pays. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = PaymentMethod.Card.class, name = "card"))
public sealed interface PaymentMethod {

    /**
     * By card, through the gateway.
     *
     * @param token the gateway's one-time token for the card, 1 to 200 characters; card numbers never reach Onsale
     */
    record Card(String token) implements PaymentMethod {}
}
