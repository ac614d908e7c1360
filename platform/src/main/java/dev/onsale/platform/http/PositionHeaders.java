package dev.onsale.platform.http;

/** The headers by which a client reads what it wrote: a command's answer names a position, a read is asked for after it. */
public final class PositionHeaders {

    /** On a command: {@value #WANTED} asks for the position. On its answer: the position, as {@code sale/number}. */
    public static final String POSITION = "Onsale-Position";

    public static final String WANTED = "wanted";

    /** On a read: a position that the answer must have seen. */
    public static final String READ_AFTER = "Onsale-Read-After";

    private PositionHeaders() {}
}
