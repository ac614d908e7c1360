package dev.onsale.command.store;

/** Divides the routing keys into shards. All nodes must agree: another count or hash needs a migration. */
public final class Shards {

    public static final int COUNT = 256;

    /** The golden ratio in 32 bits: spreads what {@code String.hashCode} leaves close together. */
    private static final int SPREAD = 0x9E37_79B9;

    private static final int TOP_BITS = 24;

    private Shards() {}

    /** The shard of a routing key, 0 to {@link #COUNT} - 1. */
    public static int of(String routingKey) {
        return (routingKey.hashCode() * SPREAD) >>> TOP_BITS;
    }
}
