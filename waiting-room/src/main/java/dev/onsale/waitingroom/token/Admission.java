package dev.onsale.waitingroom.token;

import dev.onsale.api.BuyerId;
import java.time.Instant;

/** One admission of one buyer to one sale: what an admission token says. */
public record Admission(String id, String saleId, BuyerId buyer, Instant admittedAt, Instant expiresAt) {}
