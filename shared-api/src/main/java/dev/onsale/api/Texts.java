package dev.onsale.api;

/** Rules for every text that is kept. Lengths are in code points, which is what people and the database count. */
public final class Texts {

    private Texts() {}

    /** Whether every surrogate has its other half: what has not cannot be stored or sent as UTF-8. */
    public static boolean isUnicode(String text) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (Character.isSurrogate(unit)) {
                if (!Character.isHighSurrogate(unit)
                        || at + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(at + 1))) {
                    return false;
                }
                at++;
            }
        }
        return true;
    }

    /** Whether it is valid Unicode, has something to read in it, and at most so many code points. */
    public static boolean isText(String text, int lengthMax) {
        return !text.isBlank() && isWithin(text, lengthMax) && isUnicode(text);
    }

    /** Whether it has at most so many code points. */
    public static boolean isWithin(String text, int lengthMax) {
        return text.length() <= lengthMax
                || (text.length() <= 2L * lengthMax && text.codePointCount(0, text.length()) <= lengthMax);
    }
}
