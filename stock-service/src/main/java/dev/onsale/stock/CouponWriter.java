package dev.onsale.stock;

import jakarta.annotation.PostConstruct;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Writes issued coupons to the database, a batch at a time. */
@Component
class CouponWriter {

    private final JdbcTemplate jdbc;

    CouponWriter(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @PostConstruct
    void createTable() {
        jdbc.execute(
                "CREATE TABLE IF NOT EXISTS stock_coupon (coupon_id CHAR(36) PRIMARY KEY, campaign VARCHAR(60) NOT NULL,"
                        + " buyer VARCHAR(60) NOT NULL, coupon_rank BIGINT NOT NULL, UNIQUE (campaign, buyer))");
    }

    @KafkaListener(topics = "${stock.topic}", groupId = "stock", batch = "true")
    void write(List<String> coupons) {
        jdbc.batchUpdate(
                "INSERT IGNORE INTO stock_coupon (coupon_id, campaign, buyer, coupon_rank) VALUES (?, ?, ?, ?)",
                coupons.stream().map(line -> (Object[]) line.split(" ")).toList());
    }
}
