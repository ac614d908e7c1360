package dev.onsale.query.readmodel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every read model, in the order of the API. {@link ReadModels} refuses to start without the declaration of one. */
public enum ReadModelName {
    CHECK_INS("check-ins", ConsumerGroup.READ_MODELS),
    COUPONS("coupons", ConsumerGroup.READ_MODELS),
    PAYMENTS("payments", ConsumerGroup.READ_MODELS),
    /** Before the seat map, whose seats are looked up in the plan of the same batch. */
    PERFORMANCE_PLANS("performance-plans", ConsumerGroup.READ_MODELS),
    PERFORMANCES("performances", ConsumerGroup.READ_MODELS),
    RESERVATIONS("reservations", ConsumerGroup.READ_MODELS),
    SALES_STATISTICS("sales-statistics", ConsumerGroup.STATISTICS),
    SEAT_MAP("seat-map", ConsumerGroup.READ_MODELS),
    WALLETS("wallets", ConsumerGroup.READ_MODELS);

    private final String text;
    private final ConsumerGroup group;

    ReadModelName(String text, ConsumerGroup group) {
        this.text = text;
        this.group = group;
    }

    /** In addresses and tables. */
    public String text() {
        return text;
    }

    /** Who keeps its tables up to date: groups are not equally far. */
    ConsumerGroup group() {
        return group;
    }

    public static Optional<ReadModelName> find(String text) {
        return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst();
    }

    public static List<String> texts() {
        return Arrays.stream(values()).map(ReadModelName::text).toList();
    }
}
