package dev.onsale.command.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.onsale.api.BuyerId;
import dev.onsale.api.Fault;
import dev.onsale.api.Money;
import dev.onsale.api.OnsaleCommand;
import dev.onsale.api.PerformanceId;
import dev.onsale.api.RefusalCode;
import dev.onsale.api.RefusedException;
import dev.onsale.api.SeatLabel;
import dev.onsale.api.coupon.Discount;
import dev.onsale.api.performance.SchedulePerformance;
import dev.onsale.api.reservation.ReservationHeld;
import dev.onsale.api.view.PaymentStatus;
import dev.onsale.command.guard.TestSale;
import dev.onsale.command.store.ShardNotOwnedException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

class CommandCodecTest {

    private static final UUID ID = UUID.fromString("01900000-0000-7000-8000-000000000001");

    @SuppressWarnings("NullAway") // The answer of a handler without a result.
    private static final CommandResultMessage<Object> NOTHING =
            GenericCommandResultMessage.asCommandResultMessage((Object) null);

    static List<Class<?>> commands() throws ClassNotFoundException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AssignableTypeFilter(OnsaleCommand.class));
        List<Class<?>> found = new ArrayList<>();
        for (BeanDefinition definition : scanner.findCandidateComponents("dev.onsale.api")) {
            Class<?> type = Class.forName(definition.getBeanClassName());
            if (!Modifier.isAbstract(type.getModifiers())) {
                found.add(type);
            }
        }
        assertThat(found).hasSizeGreaterThan(25);
        return found;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_arrives_as_it_was_sent(Class<?> type) throws ReflectiveOperationException {
        OnsaleCommand command = type == SchedulePerformance.class
                ? TestSale.schedule(new PerformanceId(ID), 3, Duration.ofMinutes(5), Instant.EPOCH)
                : (OnsaleCommand) sample(type, type.getSimpleName());
        CommandMessage<?> sent =
                GenericCommandMessage.<OnsaleCommand>asCommandMessage(command).withMetaData(Map.of("traceId", "t-1"));
        CommandMessage<OnsaleCommand> received = CommandCodec.readCommand(CommandCodec.write(sent));
        assertThat(received.getPayload()).isEqualTo(command);
        assertThat(received.getPayload().routingKey()).isEqualTo(command.routingKey());
        assertThat(received.getIdentifier()).isEqualTo(sent.getIdentifier());
        assertThat(received.getCommandName()).isEqualTo(sent.getCommandName());
        assertThat(received.getMetaData().get("traceId")).isEqualTo("t-1");
    }

    @Test
    void answers_of_every_kind_arrive() throws ReflectiveOperationException {
        Object fact = sample(ReservationHeld.class, "held");
        assertThat(returned(fact).getPayload()).isEqualTo(fact);
        assertThat(returned(PaymentStatus.CAPTURED).getPayload()).isEqualTo(PaymentStatus.CAPTURED);
        assertThat(returned(true).getPayload()).isEqualTo(true);
        assertThat(returned(NOTHING).getPayload()).isNull();
    }

    @Test
    void refusals_arrive_whether_they_were_returned_or_thrown() {
        RefusedException taken = RefusedException.seatTaken(SeatLabel.of("A-1"));
        for (CommandResultMessage<Object> result : List.of(returned(taken), returned(failed(taken)))) {
            RefusedException refused = (RefusedException) result.exceptionResult();
            assertThat(refused.code()).isEqualTo(RefusalCode.SEAT_TAKEN);
            assertThat(refused.detail()).isEqualTo(taken.detail());
            assertThat(refused.faults()).containsExactly(new Fault("A-1", "taken"));
        }
        RefusedException later = new RefusedException(RefusalCode.OVERLOADED, "later", Duration.ofSeconds(3));
        assertThat(((RefusedException) returned(failed(later)).exceptionResult()).retryAfter())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void failures_keep_what_callers_decide_by() {
        assertThat(returned(failed(new ConcurrencyException("second"))).exceptionResult())
                .isInstanceOf(ConcurrencyException.class);
        assertThat(((RefusedException) returned(failed(new IllegalStateException(new SQLException("away"))))
                                .exceptionResult())
                        .code())
                .isEqualTo(RefusalCode.TEMPORARILY_UNAVAILABLE);
        assertThat(returned(failed(new IllegalStateException("broken"))).exceptionResult())
                .hasMessageContaining("broken");
        assertThat(CommandCodec.write(failed(new ShardNotOwnedException("moved"))))
                .isNull();
    }

    @Test
    void types_that_are_not_of_onsale_are_not_read() {
        byte[] foreign = "{\"id\":\"1\",\"type\":\"java.util.ArrayList\",\"metaData\":{},\"payload\":[]}"
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> CommandCodec.readCommand(foreign)).isInstanceOf(IllegalArgumentException.class);
        byte[] noCommand = "{\"id\":\"1\",\"type\":\"dev.onsale.api.BuyerId\",\"metaData\":{},\"payload\":\"a\"}"
                .getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> CommandCodec.readCommand(noCommand)).isInstanceOf(ClassCastException.class);
    }

    private static CommandResultMessage<Object> failed(Throwable failure) {
        return GenericCommandResultMessage.asCommandResultMessage(failure);
    }

    private static CommandResultMessage<Object> returned(Object answer) {
        return returned(GenericCommandResultMessage.<Object>asCommandResultMessage(answer));
    }

    private static CommandResultMessage<Object> returned(CommandResultMessage<Object> result) {
        return CommandCodec.readAnswer(Objects.requireNonNull(CommandCodec.write(result)));
    }

    private static Object sample(Type type, String name) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return List.of(sample(list.getActualTypeArguments()[0], name));
        }
        Object known = known(type, name);
        if (known != null) {
            return known;
        }
        Class<?> kind = (Class<?>) type;
        if (kind.isAnnotationPresent(JsonSubTypes.class)) {
            return sample(kind.getAnnotation(JsonSubTypes.class).value()[0].value(), name);
        }
        if (kind.isEnum()) {
            return kind.getEnumConstants()[0];
        }
        RecordComponent[] components = kind.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int index = 0; index < components.length; index++) {
            values[index] = sample(components[index].getGenericType(), components[index].getName());
        }
        return kind.getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
                .newInstance(values);
    }

    private static @Nullable Object known(Type type, String name) {
        Map<Type, Object> values = Map.ofEntries(
                Map.entry(Money.class, Money.of(4_900, "EUR")),
                Map.entry(Discount.class, new Discount(20, null, Money.of(1_000, "EUR"))),
                Map.entry(BuyerId.class, BuyerId.of("alice")),
                Map.entry(SeatLabel.class, SeatLabel.of("A-1")),
                Map.entry(UUID.class, ID),
                Map.entry(Instant.class, Instant.parse("2026-12-01T12:00:00.123Z")),
                Map.entry(Duration.class, Duration.ofMinutes(5)),
                Map.entry(String.class, name),
                Map.entry(int.class, 3),
                Map.entry(Integer.class, 3),
                Map.entry(long.class, 7L),
                Map.entry(Long.class, 7L),
                Map.entry(boolean.class, true));
        return values.get(type);
    }
}
