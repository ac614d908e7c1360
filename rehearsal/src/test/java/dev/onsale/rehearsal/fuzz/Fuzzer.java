package dev.onsale.rehearsal.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Generates requests that are invalid in some part, and some valid ones. The same seed gives the same requests. */
final class Fuzzer {

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x",
            "null",
            "-1",
            "0",
            "1",
            "20",
            "1e9",
            "9223372036854775808",
            "NaN",
            "true",
            "[]",
            "%00",
            "%ED%A0%80",
            "%zz",
            "%",
            "..%2F..%2Fetc",
            "a;b=c",
            "%F0%9F%8E%AD",
            "%0d%0aX:1",
            "'%20OR%201=1--",
            "${jndi}",
            "+10000-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
            "1893456000000",
            "1970-01-01",
            "0-0",
            "99-99-99",
            "%C3%A4",
            "1".repeat(300),
            "A".repeat(5_000));
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "2",
            "1.5",
            "1e400",
            "-0.0",
            "99999999999999999999",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"EUR\"",
            "\"PT5M\"",
            "\"PT-1S\"",
            "\"P99999999D\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"2099-01-01T00:00:00Z\"",
            "\"+999999999-01-01T00:00:00Z\"",
            "1893456000000",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"\":null}",
            "\"card\"",
            "\"KAFKA\"",
            "{\"minorUnits\":1,\"currency\":\"EUR\"}",
            "{\"minorUnits\":-9223372036854775808,\"currency\":\"XXX\"}",
            "{\"type\":\"card\",\"token\":\"tok_approved\"}",
            "{\"type\":\"points\"}",
            "{\"type\":7}",
            "{\"percentOff\":5}");
    private static final List<String> CONTENT_TYPES = List.of(
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "application/json;charset=utf-16",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/vnd.x+json",
            "nonsense",
            "*/*",
            "text/event-stream");
    private static final List<String> HEADERS = List.of(
            "Accept: image/png",
            "Accept: nonsense",
            "Accept: text/event-stream",
            "If-None-Match: W/\"",
            "If-None-Match: *",
            "Last-Event-ID: x.y",
            "Last-Event-ID: 99999999999999999999.1",
            "Onsale-Read-After: x",
            "Onsale-Read-After: /-1",
            "Onsale-Position: wanted",
            "Range: bytes=9-1",
            "Origin: null",
            "X-Forwarded-For: ::::",
            "Expect: nothing",
            "Stripe-Signature: t=1,v1=x",
            "Onsale-Gateway-Signature: t=,v1=",
            "Cookie: =;=",
            "Accept-Encoding: br;q=x",
            "Accept-Language: \u00e4",
            "Content-Encoding: gzip",
            "Transfer-Encoding: nonsense");

    private static final int CLOSED_BY_CLIENT_ONE_OF = 20;

    private final Random random;
    private final List<Operation> operations;
    private final List<String> ids;
    private final List<String> tokens;

    Fuzzer(long seed, List<Operation> operations, List<String> ids, List<String> tokens) {
        this.random = new Random(seed);
        this.operations = operations;
        this.ids = ids;
        this.tokens = tokens;
    }

    /**
     * A request as sent.
     *
     * @param stream whether the response may not end
     * @param keepAlive whether another request may follow on the connection
     */
    record Made(String line, ByteBuffer bytes, boolean stream, boolean complete, boolean keepAlive) {}

    Made next() {
        Operation operation = any(operations);
        String method = method(operation);
        String address = address(operation);
        StringBuilder head = new StringBuilder();
        int who = random.nextInt(10);
        if (who > 0) {
            head.append("Authorization: Bearer ")
                    .append(who == 1 ? any(TEXTS) : any(tokens))
                    .append("\r\n");
        }
        if (random.nextInt(3) > 0) {
            head.append("Idempotency-Key: ")
                    .append(random.nextInt(10) == 0 ? any(TEXTS) : "k" + random.nextInt(1_000))
                    .append("\r\n");
        }
        while (random.nextInt(4) == 0) {
            head.append(any(HEADERS)).append("\r\n");
        }
        boolean withBody = operation.properties().isEmpty() ? random.nextInt(6) == 0 : random.nextInt(12) > 0;
        byte[] body = withBody ? body(operation) : new byte[0];
        boolean complete = random.nextInt(40) > 0;
        if (withBody) {
            head.append("Content-Type: ").append(any(CONTENT_TYPES)).append("\r\n");
            head.append("Content-Length: ")
                    .append(body.length + (complete ? 0 : 10))
                    .append("\r\n");
        }
        boolean whole = complete || !withBody;
        // The end of a request with two kinds of framing is ambiguous.
        boolean keepAlive = whole
                && !operation.isStream()
                && head.indexOf("Transfer-Encoding") < 0
                && random.nextInt(CLOSED_BY_CLIENT_ONE_OF) > 0;
        head.insert(0, "Connection: " + (keepAlive ? "keep-alive" : "close") + "\r\n");
        head.insert(0, method + " " + address + " HTTP/1.1\r\nHost: x\r\n");
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer all =
                ByteBuffer.allocate(start.length + body.length).put(start).put(body);
        return new Made(method + " " + address, all, operation.isStream(), whole, keepAlive);
    }

    private String method(Operation operation) {
        if (random.nextInt(8) == 0) {
            return any(METHODS);
        }
        return operation.method().equals("GET") && random.nextInt(4) == 0 ? "HEAD" : operation.method();
    }

    private String address(Operation operation) {
        StringBuilder address = new StringBuilder();
        for (String part : operation.path().substring(1).split("/", -1)) {
            address.append('/').append(part.startsWith("{") ? (random.nextInt(4) == 0 ? any(TEXTS) : any(ids)) : part);
        }
        if (random.nextInt(25) == 0) {
            address.append(any(List.of("/", "//", "/x", ";a=b", ".json", "/..", "%2F")));
        }
        String query = operation.queries().stream()
                .filter(name -> random.nextBoolean())
                .map(name -> name + "=" + (random.nextInt(4) == 0 ? any(ids) : any(TEXTS)))
                .collect(Collectors.joining("&"));
        return (address + (query.isEmpty() ? "" : "?" + query)).replace(" ", "%20");
    }

    private byte[] body(Operation operation) {
        String json =
                switch (random.nextInt(12)) {
                    case 0 -> any(VALUES);
                    case 1 -> "[".repeat(random.nextInt(3_000));
                    case 2 -> "[" + "0,".repeat(random.nextInt(40_000)) + "0]";
                    default -> object(operation.properties(), 0);
                };
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int mutations = random.nextInt(5) == 0 && bytes.length > 0 ? 1 + random.nextInt(5) : 0;
        for (int i = 0; i < mutations; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private String object(List<String> names, int depth) {
        return IntStream.range(0, names.isEmpty() ? 0 : random.nextInt(Math.min(14, names.size() + 1) + 1))
                .mapToObj(i -> "\"" + any(names) + "\":" + value(names, depth))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String value(List<String> names, int depth) {
        return switch (depth < 4 ? random.nextInt(8) : 7) {
            case 0 -> object(names, depth + 1);
            case 1 -> "[" + value(names, depth + 1) + "," + value(names, depth + 1) + "]";
            case 2 -> "\"" + any(ids) + "\"";
            default -> any(VALUES);
        };
    }

    private <T> T any(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
