package dev.onsale.saga.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.BuyerId;
import dev.onsale.api.ReservationId;
import dev.onsale.api.personal.ContactDetails;
import dev.onsale.saga.notification.RecipientLookup.Recipient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class MailChannelTest {

    private static final String ADDRESS = "alice.secret@example.net";
    private static final Notice NOTICE =
            new Notice("fact-1", "onsale.x.v1", BuyerId.of("alice"), ReservationId.next(), "Subject", "Text");

    /** A mail server that refuses every recipient and quotes the address, as mail servers do. */
    private static void refuse(ServerSocket server) {
        try (Socket client = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                PrintWriter out = new PrintWriter(client.getOutputStream(), true, StandardCharsets.US_ASCII)) {
            out.print("220 here\r\n");
            out.flush();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                boolean recipient = line.toUpperCase(Locale.ROOT).startsWith("RCPT");
                out.print((recipient ? "550 5.1.1 <" + ADDRESS + "> is unknown" : "250 fine") + "\r\n");
                out.flush();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Test
    void a_refusal_that_quotes_the_address_is_told_without_it() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread refusing = Thread.ofVirtual().start(() -> refuse(server));
            JavaMailSenderImpl sender = new JavaMailSenderImpl();
            sender.setHost("127.0.0.1");
            sender.setPort(server.getLocalPort());
            MailChannel channel = new MailChannel(
                    sender,
                    notice -> new Recipient.Given(new ContactDetails("Alice", ADDRESS)),
                    new NotificationProperties(
                            true, "group", "tickets@localhost", "", "", (short) 1, "now", Duration.ofDays(1)));

            Throwable failure = Assertions.catchThrowable(() -> channel.send(NOTICE));

            StringWriter told = new StringWriter();
            failure.printStackTrace(new PrintWriter(told));
            assertThat(told.toString())
                    .contains("A mail could not be sent", "SMTPAddressFailedException")
                    .doesNotContain(ADDRESS);
            assertThat(refusing.join(Duration.ofSeconds(30))).isTrue();
        }
    }
}
