package dev.onsale.eventlog;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.onsale.api.BuyerId;
import dev.onsale.api.Money;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.SeatId;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.Discount;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** One example of every record, the same at every run: what a new component needs to join is here or it fails loudly. */
final class Samples {

    private static final UUID UUID_SAMPLE = UUID.fromString("01900000-0000-7000-8000-000000000001");
    private static final Instant INSTANT_SAMPLE = Instant.parse("2026-12-01T12:00:00.123Z");

    private Samples() {}

    static <T> T of(Class<T> type) {
        try {
            return type.cast(sample(type, type.getSimpleName()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("No sample of " + type.getName(), e);
        }
    }

    private static Object sample(Type type, String name) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return List.of(sample(list.getActualTypeArguments()[0], name));
        }
        if (type == Money.class) {
            return Money.of(4_900, "EUR");
        }
        if (type == Discount.class) {
            return new Discount(20, null, Money.of(1_000, "EUR"));
        }
        if (type == BuyerId.class) {
            return BuyerId.of("alice");
        }
        if (type == SeatLabel.class) {
            return SeatLabel.of("A-1");
        }
        if (type == SeatId.class) {
            return new SeatId(new PerformanceId(UUID_SAMPLE), SeatLabel.of("A-1"));
        }
        if (type == UUID.class) {
            return UUID_SAMPLE;
        }
        if (type == Instant.class) {
            return INSTANT_SAMPLE;
        }
        if (type == Duration.class) {
            return Duration.ofMinutes(5);
        }
        if (type == String.class) {
            return name;
        }
        if (type == int.class || type == Integer.class) {
            return 3;
        }
        if (type == long.class || type == Long.class) {
            return 7L;
        }
        if (type == double.class) {
            return 2.5;
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        if (type instanceof Class<?> sealedType && sealedType.isAnnotationPresent(JsonSubTypes.class)) {
            return sample(
                    sealedType.getAnnotation(JsonSubTypes.class).value()[0].value(), name);
        }
        if (type instanceof Class<?> enumType && enumType.isEnum()) {
            return enumType.getEnumConstants()[0];
        }
        if (type instanceof Class<?> recordType && recordType.isRecord()) {
            return record(recordType);
        }
        throw new IllegalStateException("No sample for a component of type " + type);
    }

    private static Object record(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int index = 0; index < components.length; index++) {
            values[index] = sample(components[index].getGenericType(), components[index].getName());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        return constructor.newInstance(values);
    }
}
