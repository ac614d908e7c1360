package dev.onsale.query.readmodel;

import dev.onsale.query.column.DurationText;
import dev.onsale.query.column.InstantText;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Id;
import jakarta.persistence.Transient;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column as its field declares it. The names are those that Hibernate gives: the field's in snake case, or that of {@link Column}. */
final class EntityColumn {

    private static final Map<Class<?>, Class<?>> AUTO_APPLIED =
            Map.of(Instant.class, InstantText.class, Duration.class, DurationText.class);
    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private final String name;
    private final boolean isKey;
    private final MethodHandle getter;
    private final Function<Object, Object> write;

    private EntityColumn(Field field) {
        Column column = field.getAnnotation(Column.class);
        this.name = column == null || column.name().isEmpty()
                ? field.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT)
                : column.name();
        this.isKey = field.isAnnotationPresent(Id.class);
        this.getter = getter(field);
        this.write = write(field);
    }

    /** The columns of an entity, those of its superclasses last. */
    static List<EntityColumn> of(Class<?> entity) {
        List<EntityColumn> columns = new ArrayList<>();
        for (Class<?> type = entity; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.isAnnotationPresent(Transient.class)) {
                    columns.add(new EntityColumn(field));
                }
            }
        }
        return List.copyOf(columns);
    }

    String name() {
        return name;
    }

    boolean isKey() {
        return isKey;
    }

    /** The value of a row as it is written. */
    @Nullable
    Object value(Object row) {
        try {
            @Nullable Object value = (Object) getter.invokeExact(row);
            return value == null ? null : write.apply(value);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(name + " cannot be read", impossible);
        }
    }

    private static MethodHandle getter(Field field) {
        try {
            return MethodHandles.privateLookupIn(field.getDeclaringClass(), MethodHandles.lookup())
                    .unreflectGetter(field)
                    .asType(GETTER);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }

    private static Function<Object, Object> write(Field field) {
        Convert convert = field.getAnnotation(Convert.class);
        if (convert != null) {
            return written(convert.converter());
        }
        if (field.getType().isEnum()) {
            return value -> ((Enum<?>) value).name();
        }
        Class<?> converter = AUTO_APPLIED.get(field.getType());
        return converter == null ? Function.identity() : written(converter);
    }

    @SuppressWarnings("unchecked") // A converter takes what its field has.
    private static Function<Object, Object> written(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return ((AttributeConverter<Object, Object>) constructor.newInstance())::convertToDatabaseColumn;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be used", e);
        }
    }
}
