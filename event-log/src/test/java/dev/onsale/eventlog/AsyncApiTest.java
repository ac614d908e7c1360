package dev.onsale.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onsale.api.EventCatalogue;
import dev.onsale.api.Topics;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.wallet.WalletEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** docs/asyncapi.yaml says what the code says. That the broker's records are so is tested where they are made. */
class AsyncApiTest {

    private static final Path DOCUMENT = Path.of("../docs/asyncapi.yaml");
    private static final List<String> TOPICS =
            List.of(Topics.RESERVATION_EVENTS, Topics.COUPON_EVENTS, Topics.WALLET_EVENTS);

    @SuppressWarnings("NullAway.Init") // Read before the tests.
    private static Map<String, Object> document;

    @BeforeAll
    static void read() throws IOException {
        document = new Yaml().load(Files.readString(DOCUMENT));
    }

    @SuppressWarnings("unchecked") // YAML has no types; a document of another form fails here.
    private static Map<String, Object> at(String... path) {
        Object node = document;
        for (String name : path) {
            assertThat(node).as("%s in %s", name, List.of(path)).isInstanceOf(Map.class);
            node = ((Map<String, Object>) node).get(name);
        }
        assertThat(node).as("%s", List.of(path)).isInstanceOf(Map.class);
        return (Map<String, Object>) node;
    }

    @Test
    void its_channels_are_the_topics_and_their_dead_letters() {
        Set<String> expected = new TreeSet<>(TOPICS);
        TOPICS.forEach(topic -> expected.add(topic + ".DLT"));
        assertThat(at("channels").keySet()).containsExactlyInAnyOrderElementsOf(expected);
        expected.forEach(topic -> assertThat(at("channels", topic)).containsEntry("address", topic));
    }

    @Test
    void each_topic_tells_the_facts_that_it_tells() {
        for (String topic : TOPICS) {
            Set<String> expected = SchemaCatalogue.names().stream()
                    .filter(name -> topicOf(name).equals(topic))
                    .collect(Collectors.toSet());
            assertThat(at("channels", topic, "messages").keySet()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String topicOf(String name) {
        Class<?> event = EventCatalogue.classOf(name.substring(0, name.lastIndexOf(".v")));
        assertThat(event).isNotNull();
        if (CouponEvent.class.isAssignableFrom(event)) {
            return Topics.COUPON_EVENTS;
        }
        return WalletEvent.class.isAssignableFrom(event) ? Topics.WALLET_EVENTS : Topics.RESERVATION_EVENTS;
    }

    @Test
    void every_message_has_the_schema_of_the_catalogue_and_the_headers_of_the_contract() {
        for (String name : SchemaCatalogue.names()) {
            String reference =
                    (String) at("components", "messages", name, "payload").get("$ref");
            assertThat(DOCUMENT.resolveSibling(reference)).exists();
            assertThat(reference).endsWith("/schemas/" + name + ".json");
        }
        List<String> headers = new ArrayList<>(
                at("components", "schemas", "headers", "properties").keySet());
        headers.add(Topics.HEADER_OUTCOME);
        assertThat(headers)
                .containsExactlyInAnyOrder(
                        Topics.HEADER_SPECVERSION,
                        Topics.HEADER_ID,
                        Topics.HEADER_TYPE,
                        Topics.HEADER_TIME,
                        Topics.HEADER_SOURCE,
                        Topics.HEADER_SUBJECT,
                        Topics.HEADER_SEQUENCE,
                        Topics.HEADER_POSITION,
                        Topics.HEADER_OUTCOME,
                        "content-type");
    }
}
