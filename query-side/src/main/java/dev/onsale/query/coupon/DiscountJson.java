package dev.onsale.query.coupon;

import dev.onsale.api.coupon.Discount;
import dev.onsale.query.column.JsonText;
import jakarta.persistence.Converter;
import tools.jackson.core.type.TypeReference;

@Converter
final class DiscountJson extends JsonText<Discount> {

    DiscountJson() {
        super(new TypeReference<>() {});
    }
}
