package dev.onsale.platform.http;

/** Who may send a request. */
enum Access {
    PUBLIC,
    /** Everybody with a valid bearer token. */
    TOKEN,
    /** Tokens with the role {@code operator}. */
    OPERATOR
}
