package dev.onsale.proof.verify;

/** How much a check can prove, from the least to the most. */
public enum Level {
    /** The file agrees with itself. Whoever wrote it could have invented all of it. */
    SELF_CONSISTENT("self-consistent"),
    /** In addition, the holder of a given key signed every seal and the file. */
    SIGNED("signed"),
    /** In addition, the file continues what somebody else noted at an earlier time. */
    ANCHORED("anchored");

    private final String word;

    Level(String word) {
        this.word = word;
    }

    /** The level in reports. */
    public String word() {
        return word;
    }
}
