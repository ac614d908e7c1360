package dev.onsale.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onsale.platform.http.ClientAddress;
import dev.onsale.platform.http.WebProperties.ForwardedHeader;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class ClientAddressesTest {

    private static final List<String> THIS_MACHINE = List.of("127.0.0.0/8", "::1");

    @Test
    void without_trusted_proxies_the_header_is_not_believed() {
        assertThat(client(0, "203.0.113.9", "198.51.100.1")).isEqualTo("203.0.113.9");
    }

    @Test
    void behind_one_proxy_the_last_entry_counts_whatever_the_client_wrote_before_it() {
        assertThat(client(1, "10.0.0.1", "1.2.3.4, 198.51.100.1")).isEqualTo("198.51.100.1");
    }

    @Test
    void behind_two_proxies_the_last_but_one_counts() {
        assertThat(client(2, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2")).isEqualTo("198.51.100.1");
    }

    @Test
    void a_header_that_is_missing_or_no_address_leaves_the_connection_s_own() {
        assertThat(client(1, "10.0.0.1")).isEqualTo("10.0.0.1");
        assertThat(client(1, "10.0.0.1", "example.org")).isEqualTo("10.0.0.1");
    }

    @Test
    void with_fewer_entries_than_proxies_the_connection_counts() {
        assertThat(client(2, "10.0.0.1", "198.51.100.1")).isEqualTo("10.0.0.1");
        assertThat(client(3, "10.0.0.1", "1.2.3.4, 198.51.100.1")).isEqualTo("10.0.0.1");
        assertThat(client(2, "10.0.0.1", "2001:db8::1")).isEqualTo("10.0.0.1");
        assertThat(client(9, "2001:db8:1:2::1", "1.2.3.4, 198.51.100.1")).isEqualTo("2001:db8:1:2::");
        assertThat(client(Integer.MAX_VALUE, "10.0.0.1", "1.2.3.4")).isEqualTo("10.0.0.1");
    }

    @Test
    void several_headers_are_one_list_in_their_order() {
        assertThat(client(1, "10.0.0.1", "1.2.3.4", "198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(client(2, "10.0.0.1", "1.2.3.4", "198.51.100.1, 10.0.0.2")).isEqualTo("198.51.100.1");
        assertThat(client(3, "10.0.0.1", "1.2.3.4", "198.51.100.1")).isEqualTo("10.0.0.1");
    }

    @Test
    void an_entry_that_is_empty_or_no_address_moves_no_other_entry() {
        assertThat(client(1, "10.0.0.1", "1.2.3.4,")).isEqualTo("10.0.0.1");
        assertThat(client(1, "10.0.0.1", "")).isEqualTo("10.0.0.1");
        assertThat(client(2, "10.0.0.1", "1.2.3.4, , 10.0.0.2")).isEqualTo("10.0.0.1");
        assertThat(client(2, "10.0.0.1", "1.2.3.4, unknown, 10.0.0.2")).isEqualTo("10.0.0.1");
        assertThat(client(2, "10.0.0.1", ", , 198.51.100.1, 10.0.0.2")).isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.1:5678",
                "198.51.100.1:0",
                "\"198.51.100.1:5678\"",
                "\"198.51.100.1\"",
                "[::ffff:198.51.100.1]:80",
                "  198.51.100.1:65535\t"
            })
    void an_ipv4_entry_counts_without_its_port_and_quotes(String entry) {
        assertThat(client(1, "10.0.0.1", entry)).isEqualTo("198.51.100.1");
        assertThat(client(2, "10.0.0.1", "1.2.3.4:1, " + entry + ", 10.0.0.2:9"))
                .isEqualTo("198.51.100.1");
        assertThat(forwarded(1, "for=" + entry.strip() + ";proto=https")).isEqualTo("198.51.100.1");
        assertThat(forwarded(2, "for=1.2.3.4, by=10.0.0.3;For= " + entry.strip() + ", for=10.0.0.2"))
                .isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8:1:2::1",
                "[2001:db8:1:2::1]",
                "[2001:db8:1:2::1]:443",
                "\"[2001:db8:1:2::1]:443\"",
                "\"[2001:DB8:1:2::1]\"",
                "\"[2001:db8:1:2::1]:_obfuscated\""
            })
    void an_ipv6_entry_counts_without_its_port_brackets_and_quotes(String entry) {
        assertThat(client(1, "10.0.0.1", entry)).isEqualTo("2001:db8:1:2::");
        assertThat(forwarded(1, "proto=https;for=" + entry)).isEqualTo("2001:db8:1:2::");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.1:",
                "198.51.100.1:port",
                "198.51.100.1:123456",
                "198.51.100.1:80:80",
                "198.51.100.256:80",
                "198.51.100:80",
                "198.51.100.1 80",
                "[198.51.100.1]:80",
                "[2001:db8::1",
                "2001:db8::1]",
                "[2001:db8::1]443",
                "[2001:db8::1]:",
                "[2001:db8::1]:-1",
                "[[2001:db8::1]]:443",
                "[fe80::1%eth0]:443",
                "fe80::1%1",
                "2001:db8::1::2",
                "\"198.51.100.1",
                "198.51.100.1\"",
                "\"\"198.51.100.1\"\"",
                "\"",
                "unknown",
                "_hidden",
                "localhost:80",
                ":80",
                "3232235777",
                "0x7f.1",
                "0.0.0.0:80",
                "[::]:80",
                "224.0.0.1",
                "[ff02::1]:80"
            })
    void rubbish_with_or_without_a_port_is_no_address(String entry) {
        assertThat(client(1, "10.0.0.1", entry)).isEqualTo("10.0.0.1");
        assertThat(client(2, "10.0.0.1", "1.2.3.4, " + entry + ", 10.0.0.2")).isEqualTo("10.0.0.1");
        assertThat(forwarded(1, "for=" + entry)).isEqualTo("10.0.0.1");
    }

    @Test
    void forwarded_counts_from_its_end_and_what_the_client_wrote_hides_no_entry_of_a_proxy() {
        assertThat(forwarded(1, "for=\"1.2.3.4, for=198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(forwarded(1, "for=1.2.3.4", "for=198.51.100.1:9")).isEqualTo("198.51.100.1");
        assertThat(forwarded(2, "for=198.51.100.1")).isEqualTo("10.0.0.1");
        assertThat(forwarded(1, "by=198.51.100.1;host=example.org")).isEqualTo("10.0.0.1");
        assertThat(forwarded(1, "for=198.51.100.1;for=1.2.3.4")).isEqualTo("10.0.0.1");
        assertThat(forwarded(0, "for=198.51.100.1")).isEqualTo("10.0.0.1");
    }

    @Test
    void the_header_that_the_proxies_do_not_write_is_the_client_s_and_is_ignored() {
        MockServerHttpRequest both = from("10.0.0.1")
                .header("Forwarded", "for=1.2.3.4")
                .header("X-Forwarded-For", "198.51.100.1:5678")
                .build();
        MockServerHttpRequest onlyForwarded =
                from("10.0.0.1").header("Forwarded", "for=1.2.3.4").build();
        MockServerHttpRequest onlyForwardedFor =
                from("10.0.0.1").header("X-Forwarded-For", "1.2.3.4").build();

        ClientAddresses forwardedFor = addresses(1, ForwardedHeader.X_FORWARDED_FOR);
        assertThat(forwardedFor.limited(both)).isEqualTo("198.51.100.1");
        assertThat(forwardedFor.limited(onlyForwarded)).isEqualTo("10.0.0.1");

        ClientAddresses forwarded = addresses(1, ForwardedHeader.FORWARDED);
        assertThat(forwarded.limited(both)).isEqualTo("1.2.3.4");
        assertThat(forwarded.limited(onlyForwardedFor)).isEqualTo("10.0.0.1");
    }

    @Test
    void an_ipv6_client_is_its_network_of_64_bits() {
        assertThat(client(0, "2001:db8:1:2:3:4:5:6")).isEqualTo(client(0, "2001:db8:1:2:ffff::1"));
        assertThat(client(0, "2001:db8:1:2::1")).isNotEqualTo(client(0, "2001:db8:1:3::1"));
    }

    @Test
    void this_machine_is_not_limited_but_who_stands_behind_its_proxy_is() {
        assertThat(client(0, "127.0.0.1", "198.51.100.1")).isNull();
        assertThat(client(0, "::1")).isNull();
        assertThat(client(1, "127.0.0.1", "198.51.100.1")).isEqualTo("198.51.100.1");
    }

    @Test
    void a_network_ends_where_its_bits_end() {
        ClientAddresses addresses = exempting("10.1.16.0/20");
        assertThat(addresses.limited(request("10.1.31.255"))).isNull();
        assertThat(addresses.limited(request("10.1.32.0"))).isEqualTo("10.1.32.0");
        assertThatThrownBy(() -> exempting("localhost")).hasMessageContaining("localhost");
        assertThatThrownBy(() -> exempting("10.0.0.0/33")).hasMessageContaining("10.0.0.0/33");
    }

    private static @Nullable String client(int proxies, String remote, String... forwardedFor) {
        return addresses(proxies, ForwardedHeader.X_FORWARDED_FOR).limited(request(remote, forwardedFor));
    }

    private static @Nullable String forwarded(int proxies, String... forwarded) {
        return addresses(proxies, ForwardedHeader.FORWARDED)
                .limited(from("10.0.0.1").header("Forwarded", forwarded).build());
    }

    private static ClientAddresses addresses(int proxies, ForwardedHeader header) {
        return new ClientAddresses(new ClientAddress(proxies, header), THIS_MACHINE);
    }

    private static ClientAddresses exempting(String network) {
        return new ClientAddresses(new ClientAddress(0, ForwardedHeader.X_FORWARDED_FOR), List.of(network));
    }

    private static MockServerHttpRequest.BaseBuilder<?> from(String remote) {
        return MockServerHttpRequest.get("/").remoteAddress(new InetSocketAddress(remote, 40_000));
    }

    private static MockServerHttpRequest request(String remote, String... forwardedFor) {
        MockServerHttpRequest.BaseBuilder<?> request = from(remote);
        if (forwardedFor.length > 0) {
            request.header("X-Forwarded-For", forwardedFor);
        }
        return request.build();
    }
}
