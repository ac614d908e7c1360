package dev.onsale.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names one coupon campaign. Travels as the canonical text of its UUID. */
public record CampaignId(UUID value) {

    /**
     * @throws InvalidValueException if the text is not a UUID
     */
    @JsonCreator
    public static CampaignId of(String text) {
        return new CampaignId(Ids.parseUuid("CampaignId", text));
    }

    /** A new identifier that sorts by the time it was made (UUID version 7). */
    public static CampaignId next() {
        return new CampaignId(Ids.timeOrdered());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
