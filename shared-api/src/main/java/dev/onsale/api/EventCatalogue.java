package dev.onsale.api;

import dev.onsale.api.allowance.AllowanceEvent;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.api.payment.PaymentEvent;
import dev.onsale.api.performance.PerformanceEvent;
import dev.onsale.api.personal.PersonalDataEvent;
import dev.onsale.api.reservation.ReservationEvent;
import dev.onsale.api.seat.SeatEvent;
import dev.onsale.api.wallet.WalletEvent;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All events by their logical types. A new family of events must be added here; a new event of a family is found. */
public final class EventCatalogue {

    /** The families, in the order of the documentation. */
    public static final List<Class<? extends OnsaleEvent>> FAMILIES = List.of(
            PerformanceEvent.class,
            SeatEvent.class,
            ReservationEvent.class,
            AllowanceEvent.class,
            CouponEvent.class,
            PaymentEvent.class,
            WalletEvent.class,
            PersonalDataEvent.class);

    private static final Map<String, Class<? extends OnsaleEvent>> BY_NAME = byName();

    private EventCatalogue() {}

    public static Collection<Class<? extends OnsaleEvent>> all() {
        return BY_NAME.values();
    }

    /** The class of today's version of a logical type; {@code null} if Onsale does not know it. */
    public static @Nullable Class<? extends OnsaleEvent> classOf(String logicalName) {
        return BY_NAME.get(logicalName);
    }

    /**
     * @throws IllegalArgumentException if the class has no {@link LogicalType}
     */
    public static LogicalType typeOf(Class<?> eventClass) {
        LogicalType type = eventClass.getAnnotation(LogicalType.class);
        if (type == null) {
            throw new IllegalArgumentException(eventClass.getName() + " has no @LogicalType");
        }
        return type;
    }

    private static Map<String, Class<? extends OnsaleEvent>> byName() {
        Map<String, Class<? extends OnsaleEvent>> byName = new LinkedHashMap<>();
        for (Class<? extends OnsaleEvent> family : FAMILIES) {
            for (Class<?> member : family.getPermittedSubclasses()) {
                Class<? extends OnsaleEvent> event = member.asSubclass(OnsaleEvent.class);
                if (byName.put(typeOf(event).value(), event) != null) {
                    throw new IllegalStateException(
                            "Two events are named " + typeOf(event).value());
                }
            }
        }
        return Collections.unmodifiableMap(byName);
    }
}
