package dev.onsale.saga.notification;

import dev.onsale.api.personal.ContactDetails;
import dev.onsale.saga.notification.RecipientLookup.Recipient;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;

/**
 * By mail, to the address that the buyer gave. Without one the buyer's name may say it, or be made one by the operator's domain. The
 * message's identifier is the fact's, so that a mail server that has it twice can tell.
 */
final class MailChannel implements Channel {

    private final JavaMailSender mail;
    private final Function<Notice, Recipient> recipients;
    private final NotificationProperties properties;

    MailChannel(JavaMailSender mail, Function<Notice, Recipient> recipients, NotificationProperties properties) {
        this.mail = mail;
        this.recipients = recipients;
        this.properties = properties;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void send(Notice notice) {
        Optional<InternetAddress> address = address(notice);
        if (address.isEmpty()) {
            return;
        }
        MimeMessage message = mail.createMimeMessage();
        try {
            MimeMessageHelper letter = new MimeMessageHelper(message, StandardCharsets.UTF_8.name());
            letter.setFrom(properties.mailFrom());
            letter.setTo(address.get());
            letter.setSubject(notice.subject());
            letter.setText(notice.text());
            message.setHeader("X-Onsale-Fact", notice.id());
            mail.send(message);
        } catch (MessagingException | MailException e) {
            throw notTaken(e);
        }
    }

    private Optional<InternetAddress> address(Notice notice) {
        return switch (recipients.apply(notice)) {
            case Recipient.Given given -> address(given.contact());
            case Recipient.Erased erased -> Optional.empty();
            case Recipient.Unknown unknown -> address(notice.buyerId().toString());
        };
    }

    private static Optional<InternetAddress> address(ContactDetails contact) {
        return contact.email() == null ? Optional.empty() : Optional.of(address(contact.email(), contact.name()));
    }

    private Optional<InternetAddress> address(String buyer) {
        if (buyer.contains("@")) {
            return Optional.of(address(buyer, null));
        }
        return properties.mailDomain().isEmpty()
                ? Optional.empty()
                : Optional.of(address(buyer + "@" + properties.mailDomain(), null));
    }

    private static InternetAddress address(String email, @Nullable String name) {
        try {
            return new InternetAddress(email, name, StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("UTF-8 is part of every Java platform", e);
        }
    }

    /** Names kinds of exceptions alone: their texts quote the address, and become headers of a dead letter and lines of the log. */
    private static IllegalStateException notTaken(Exception failure) {
        List<String> kinds = new ArrayList<>(kindsOf(failure));
        if (failure instanceof MailSendException notSent) {
            Stream.of(notSent.getMessageExceptions()).map(MailChannel::kindsOf).forEach(kinds::addAll);
        }
        return new IllegalStateException("A mail could not be sent: " + String.join(", ", kinds));
    }

    private static List<String> kindsOf(Throwable failure) {
        List<String> kinds = new ArrayList<>();
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            kinds.add(cause.getClass().getSimpleName());
        }
        return kinds;
    }
}
