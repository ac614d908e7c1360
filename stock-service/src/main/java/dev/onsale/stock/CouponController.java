package dev.onsale.stock;

import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.http.ResponseEntity;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Issues coupons. Redis decides; Kafka carries the coupon to the database later. */
@RestController
class CouponController {

    private final StringRedisTemplate redis;
    private final KafkaTemplate<String, String> kafka;

    @SuppressWarnings("rawtypes")
    private final RedisScript<List> issue;

    private final String topic;

    CouponController(
            StringRedisTemplate redis,
            KafkaTemplate<String, String> kafka,
            @SuppressWarnings("rawtypes") RedisScript<List> issue,
            @Value("${stock.topic}") String topic) {
        this.redis = redis;
        this.kafka = kafka;
        this.issue = issue;
        this.topic = topic;
    }

    record Issued(String couponId, String campaignId, long rank) {}

    record Refused(String code) {}

    /** The campaign's name ends in its quantity, as in {@code spring-100}. */
    @PostMapping("/api/campaigns/{campaign}/coupons")
    ResponseEntity<?> issue(@PathVariable String campaign, @RequestHeader("X-Buyer") String buyer) {
        String quantity = campaign.substring(campaign.lastIndexOf('-') + 1);
        List<?> answer = redis.execute(
                issue, List.of("stock:{" + campaign + "}:issued", "stock:{" + campaign + "}:count"), buyer, quantity);
        String code = String.valueOf(answer.get(0));
        if (!code.equals("ISSUED")) {
            return ResponseEntity.status(409).body(new Refused(code));
        }
        long rank = ((Number) answer.get(1)).longValue();
        String coupon = UUID.randomUUID().toString();
        var unused = kafka.send(topic, campaign, coupon + " " + campaign + " " + buyer + " " + rank);
        return ResponseEntity.status(201).body(new Issued(coupon, campaign, rank));
    }
}
