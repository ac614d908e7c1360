package dev.onsale.api.personal;

/** Who requested the erasure of personal data. */
public enum ErasedBy {
    /** The person. */
    BUYER,
    /** An operator, on the person's behalf. */
    OPERATOR
}
