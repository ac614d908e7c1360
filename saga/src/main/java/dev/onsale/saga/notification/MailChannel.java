package dev.onsale.saga.notification;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;

/** By mail. The message's identifier is the fact's, so that a mail server that has it twice can tell. */
final class MailChannel implements Channel {

    private final JavaMailSender mail;
    private final NotificationProperties properties;

    MailChannel(JavaMailSender mail, NotificationProperties properties) {
        this.mail = mail;
        this.properties = properties;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void send(Notice notice) {
        String buyer = notice.buyerId().toString();
        if (!buyer.contains("@") && properties.mailDomain().isEmpty()) {
            return;
        }
        MimeMessage message = mail.createMimeMessage();
        try {
            MimeMessageHelper letter = new MimeMessageHelper(message, StandardCharsets.UTF_8.name());
            letter.setFrom(properties.mailFrom());
            letter.setTo(buyer.contains("@") ? buyer : buyer + "@" + properties.mailDomain());
            letter.setSubject(notice.subject());
            letter.setText(notice.text());
            message.setHeader("X-Onsale-Fact", notice.id());
        } catch (MessagingException e) {
            throw new IllegalStateException("A mail cannot be written", e);
        }
        mail.send(message);
    }
}
