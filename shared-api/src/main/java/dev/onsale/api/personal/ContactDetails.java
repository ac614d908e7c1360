package dev.onsale.api.personal;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.Texts;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a buyer wants to be notified of a reservation.
 *
 * @param name as it is to stand in a letter, 1 to 200 characters without control characters; absent if not given
 * @param email address of one mailbox, at most 254 characters; absent if not given
 */
public record ContactDetails(
        @Nullable String name, @Nullable String email) {

    private static final int NAME_LENGTH_MAX = 200;
    private static final int EMAIL_LENGTH_MAX = 254;
    private static final int LOCAL_PART_LENGTH_MAX = 64;

    /** One mailbox without quotes, comments or display name: what a line break or a second address could hide in is left out. */
    private static final Pattern MAILBOX = Pattern.compile(
            "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+");

    public ContactDetails {
        if (name == null && email == null) {
            throw new InvalidValueException("contact has a name, an email or both");
        }
        if (name != null
                && (!Texts.isText(name, NAME_LENGTH_MAX) || name.codePoints().anyMatch(Character::isISOControl))) {
            throw new InvalidValueException(
                    "contact.name has 1 to " + NAME_LENGTH_MAX + " characters, none of them a control character");
        }
        if (email != null
                && (!Texts.isText(email, EMAIL_LENGTH_MAX)
                        || email.indexOf('@') > LOCAL_PART_LENGTH_MAX
                        || !MAILBOX.matcher(email).matches())) {
            throw new InvalidValueException("contact.email is the address of one mailbox, such as a.person@example.org,"
                    + " with at most " + EMAIL_LENGTH_MAX + " characters");
        }
    }

    /** Without what it says: texts like this end up in logs. */
    @Override
    public String toString() {
        return "ContactDetails[name=" + shown(name) + ", email=" + shown(email) + "]";
    }

    private static String shown(@Nullable String value) {
        return value == null ? "none" : "***";
    }
}
