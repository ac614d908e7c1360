package dev.onsale.waitingroom.token;

import dev.onsale.api.BuyerId;
import java.time.Instant;

/** Content of an admission token: the admission of one buyer to one sale. */
public record Admission(String id, String saleId, BuyerId buyer, Instant admittedAt, Instant expiresAt) {}
