package dev.onsale.api.personal;

/** Who had personal data erased. */
public enum ErasedBy {
    /** The person. */
    BUYER,
    /** An operator, on the person's behalf. */
    OPERATOR
}
