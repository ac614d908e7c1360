package dev.onsale.eventlog.personal;

import dev.onsale.api.OperatorId;
import dev.onsale.api.PersonalKeyId;
import dev.onsale.api.personal.ErasedBy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** That a key was destroyed, as its row has it. */
public record Erasure(
        PersonalKeyId keyId, ErasedBy erasedBy, @Nullable OperatorId operator, Instant erasedAt) {}
