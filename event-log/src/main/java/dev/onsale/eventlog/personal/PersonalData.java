package dev.onsale.eventlog.personal;

import dev.onsale.api.BuyerId;
import dev.onsale.api.PersonalKeyId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.api.personal.SealedText;
import dev.onsale.eventlog.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;

/**
 * Seals and opens what is personal in facts. A sealed text can be opened for its buyer, its reservation and its property alone, so
 * that copying one into another fact gives nothing away. All calls may ask the database.
 */
public final class PersonalData {

    /** Version of the form: this, the identifier of the key, and nonce, ciphertext and tag in Base64. */
    private static final String FORM = "opd1";

    private static final String CARD_TOKEN = "onsale.payment-requested/cardToken";
    private static final String CONTACT = "onsale.payment-requested/contact";

    private static final String CLIENT_SECRET = "onsale.payment-action-required/clientSecret";

    private final PersonalKeys keys;

    PersonalData(PersonalKeys keys) {
        this.keys = keys;
    }

    public SealedText sealCardToken(BuyerId buyer, ReservationId reservation, String token) {
        return seal(CARD_TOKEN, buyer, reservation, token);
    }

    /** Nothing if the buyer's data was erased. */
    public Optional<String> openCardToken(BuyerId buyer, ReservationId reservation, SealedText sealed) {
        return open(CARD_TOKEN, buyer, reservation, sealed);
    }

    public SealedText sealContact(BuyerId buyer, ReservationId reservation, ContactDetails contact) {
        return seal(CONTACT, buyer, reservation, EventJson.mapper().writeValueAsString(contact));
    }

    /** Nothing if the buyer's data was erased. */
    public Optional<ContactDetails> openContact(BuyerId buyer, ReservationId reservation, SealedText sealed) {
        return open(CONTACT, buyer, reservation, sealed)
                .map(json -> EventJson.mapper().readValue(json, ContactDetails.class));
    }

    public SealedText sealClientSecret(BuyerId buyer, ReservationId reservation, String secret) {
        return seal(CLIENT_SECRET, buyer, reservation, secret);
    }

    /** Nothing if the buyer's data was erased. */
    public Optional<String> openClientSecret(BuyerId buyer, ReservationId reservation, SealedText sealed) {
        return open(CLIENT_SECRET, buyer, reservation, sealed);
    }

    private SealedText seal(String property, BuyerId buyer, ReservationId reservation, String clear) {
        LiveKeys.NamedKey key = keys.toSealFor(buyer);
        byte[] sealed = Aead.seal(
                key.secret(), place(property, buyer, reservation, key.id()), clear.getBytes(StandardCharsets.UTF_8));
        return SealedText.of(FORM + "." + key.id() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
    }

    private Optional<String> open(String property, BuyerId buyer, ReservationId reservation, SealedText sealed) {
        String[] parts = sealed.value().split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(FORM)) {
            throw new IllegalStateException("A sealed text of a form that is not known here: " + parts[0]);
        }
        PersonalKeyId id = PersonalKeyId.of(parts[1]);
        byte[] bytes = Base64.getUrlDecoder().decode(parts[2]);
        return keys.find(id, buyer).map(key -> {
            try {
                return new String(
                        Aead.open(key, place(property, buyer, reservation, id), bytes), StandardCharsets.UTF_8);
            } catch (AEADBadTagException e) {
                throw new IllegalStateException(
                        "What is sealed in " + property + " of reservation " + reservation + " is not its own", e);
            }
        });
    }

    private static String place(String property, BuyerId buyer, ReservationId reservation, PersonalKeyId key) {
        return FORM + "\n" + property + "\n" + buyer + "\n" + reservation + "\n" + key;
    }
}
