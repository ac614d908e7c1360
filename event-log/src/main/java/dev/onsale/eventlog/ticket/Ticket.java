package dev.onsale.eventlog.ticket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import dev.onsale.api.InvalidValueException;
import dev.onsale.api.ReservationId;
import dev.onsale.api.SeatId;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a ticket says: this booking has this seat. Its code is a JSON Web Signature (RFC 7515, compact, ES256) of the type
 * {@code onsale-ticket}; whoever has the public keys can check it without a connection. The code says that the seat was booked
 * once; only the log knows whether it still is.
 *
 * @param seatId which seat of which performance
 * @param reservationId the booking
 * @param fencingToken of the booking: a later booking of the same seat has a greater one
 */
public record Ticket(SeatId seatId, ReservationId reservationId, long fencingToken) {

    /** Longer codes are not looked at. */
    private static final int CODE_LENGTH_MAX = 1_000;

    private static final JOSEObjectType TYPE = new JOSEObjectType("onsale-ticket");
    private static final String SEAT = "seat";
    private static final String RESERVATION = "reservation";
    private static final String TOKEN = "token";

    String signed(ECKey key) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(SEAT, seatId.toString());
        content.put(RESERVATION, reservationId.toString());
        content.put(TOKEN, fencingToken);
        JWSObject code = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(TYPE)
                        .keyID(key.getKeyID())
                        .build(),
                new Payload(content));
        try {
            code.sign(new ECDSASigner(key));
            return code.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 is part of every Java platform", e);
        }
    }

    /**
     * The ticket of a code; empty if no known key has signed it.
     *
     * @param keys finds a public key by its identifier
     */
    static Optional<Ticket> of(String code, Function<String, @Nullable ECKey> keys) {
        if (code.length() > CODE_LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            JWSObject parsed = JWSObject.parse(code);
            JWSHeader header = parsed.getHeader();
            ECKey key = header.getKeyID() == null ? null : keys.apply(header.getKeyID());
            if (key == null
                    || !TYPE.equals(header.getType())
                    || !JWSAlgorithm.ES256.equals(header.getAlgorithm())
                    || !parsed.verify(new ECDSAVerifier(key))) {
                return Optional.empty();
            }
            return of(parsed.getPayload().toJSONObject());
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static Optional<Ticket> of(@Nullable Map<String, Object> content) {
        if (content != null
                && content.get(SEAT) instanceof String seat
                && content.get(RESERVATION) instanceof String reservation
                && content.get(TOKEN) instanceof Number token) {
            try {
                return Optional.of(new Ticket(SeatId.of(seat), ReservationId.of(reservation), token.longValue()));
            } catch (InvalidValueException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
