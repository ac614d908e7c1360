package dev.onsale.api.personal;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.PersonalKeyId;

/** A fact of the key of one person. It names the key and never the person. */
public sealed interface PersonalDataEvent extends OnsaleEvent permits PersonalDataErased {

    PersonalKeyId keyId();

    /** Each key is by itself: its facts are sealed and exported apart from every sale. */
    @Override
    default String saleKey() {
        return keyId().toString();
    }
}
