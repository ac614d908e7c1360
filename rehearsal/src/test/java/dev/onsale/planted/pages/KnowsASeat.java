package dev.onsale.planted.pages;

import dev.onsale.api.SeatLabel;

/** The pages know a type of the API, and not only what it says over HTTP. */
public record KnowsASeat(SeatLabel seat) {}
