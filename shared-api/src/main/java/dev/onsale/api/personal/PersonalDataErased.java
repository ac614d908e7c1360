package dev.onsale.api.personal;

import dev.onsale.api.LogicalType;
import dev.onsale.api.OperatorId;
import dev.onsale.api.PersonalKeyId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The key was destroyed: what was sealed under it can be read by nobody any more, wherever copies of it are.
 *
 * @param operator who ordered it, if an operator did
 */
@LogicalType("onsale.personal-data-erased")
public record PersonalDataErased(
        PersonalKeyId keyId, ErasedBy erasedBy, @Nullable OperatorId operator, Instant erasedAt)
        implements PersonalDataEvent {}
