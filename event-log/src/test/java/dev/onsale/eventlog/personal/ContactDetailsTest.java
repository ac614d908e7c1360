package dev.onsale.eventlog.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.api.InvalidValueException;
import dev.onsale.api.personal.ContactDetails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContactDetailsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.c",
                "alice@example.org",
                "first.last+tickets@sub.example.co.uk",
                "o'hara@example.org",
                "jörg@müller.example"
            })
    void an_address_of_one_mailbox_is_taken(String email) {
        assertThat(new ContactDetails(null, email).email()).isEqualTo(email);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "alice",
                "alice@",
                "@example.org",
                "alice@example",
                "alice@example.org ",
                "alice@@example.org",
                ".alice@example.org",
                "alice..b@example.org",
                "alice@example..org",
                "alice@example.org,bob@example.org",
                "Alice <alice@example.org>",
                "alice@example.org\r\nBcc: bob@example.org",
                "\"alice\"@example.org",
                "alice@[127.0.0.1]"
            })
    void anything_else_is_refused_and_not_repeated(String email) {
        assertThatThrownBy(() -> new ContactDetails("Alice", email))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("contact.email is the address of one mailbox");
    }

    @Test
    void lengths_have_limits() {
        String host = "@" + "h".repeat(50) + "." + "h".repeat(50) + "." + "h".repeat(50) + ".org";
        new ContactDetails("n".repeat(200), "l".repeat(64) + host);
        assertThatThrownBy(() -> new ContactDetails("n".repeat(201), null)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new ContactDetails(null, "l".repeat(65) + host))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new ContactDetails(null, "a@" + "h".repeat(250) + ".org"))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new ContactDetails("two\nlines", null)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new ContactDetails(" ", null)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> new ContactDetails(null, null)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void a_text_of_it_for_the_log_says_nothing() {
        assertThat(new ContactDetails("Alice", "alice@example.org")).hasToString("ContactDetails[name=***, email=***]");
    }
}
