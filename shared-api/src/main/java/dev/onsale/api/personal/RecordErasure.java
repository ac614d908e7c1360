package dev.onsale.api.personal;

import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PersonalKeyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Records that a key was destroyed. Answered with {@link PersonalDataErased}: a repeat changes nothing and is answered with the first.
 *
 * @param keyId which key
 * @param erasedBy who wanted it
 * @param operator who ordered it, if an operator did
 * @param erasedAt when it was destroyed
 */
public record RecordErasure(
        PersonalKeyId keyId, ErasedBy erasedBy, @Nullable OperatorId operator, Instant erasedAt)
        implements OnsaleCommand {
    @Override
    public String routingKey() {
        return keyId.toString();
    }
}
