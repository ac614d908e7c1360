package dev.onsale.query.position;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reader wants to see: everything of a sale up to a position of the log.
 *
 * @param saleKey performance, campaign or buyer
 */
record ReadAfter(String saleKey, long position) {

    private static final Pattern FORM = Pattern.compile("(?<sale>[A-Za-z0-9._:@|+-]{1,128})/(?<position>[0-9]{1,18})");

    /** Nothing if the text is not of the form {@code sale/position}. */
    static Optional<ReadAfter> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new ReadAfter(form.group("sale"), Long.parseLong(form.group("position"))))
                : Optional.empty();
    }
}
