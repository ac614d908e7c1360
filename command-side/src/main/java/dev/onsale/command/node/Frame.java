package dev.onsale.command.node;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;

/**
 * What two nodes send each other: a length, a kind, a number that an answer repeats, and a body.
 */
final class Frame {

    /** A seating plan of 100,000 seats as JSON fits in. */
    private static final int BODY_MAX = 64 << 20;

    private static final int LENGTH_BYTES = 4;
    private static final int HEAD_BYTES = 9;

    private final Kind kind;
    private final long number;
    private final byte[] body;

    /** The codes are the protocol. */
    enum Kind {
        /** From the called node: a nonce. */
        CHALLENGE('n'),
        /** From the caller: its proof, and a nonce. */
        HELLO('h'),
        /** From the called node: its proof. Commands may follow. */
        WELCOME('w'),
        COMMAND('c'),
        ANSWER('a'),
        /** The command was not taken and nothing was done. */
        NOT_TAKEN('x');

        private final int code;

        Kind(char code) {
            this.code = code;
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("There is no frame of kind " + code);
        }
    }

    Frame(Kind kind, long number, byte[] body) {
        this.kind = kind;
        this.number = number;
        this.body = body;
    }

    Kind kind() {
        return kind;
    }

    long number() {
        return number;
    }

    byte[] body() {
        return body;
    }

    static void addCodec(ChannelPipeline pipeline) {
        pipeline.addLast(new LengthFieldBasedFrameDecoder(BODY_MAX, 0, LENGTH_BYTES, 0, LENGTH_BYTES));
        pipeline.addLast(new LengthFieldPrepender(LENGTH_BYTES));
    }

    static Frame read(ByteBuf bytes) {
        Kind kind = Kind.of(bytes.readByte());
        long number = bytes.readLong();
        byte[] body = new byte[bytes.readableBytes()];
        bytes.readBytes(body);
        return new Frame(kind, number, body);
    }

    ByteBuf writeTo(Channel channel) {
        ByteBuf bytes = channel.alloc().buffer(HEAD_BYTES + body.length);
        return bytes.writeByte(kind.code).writeLong(number).writeBytes(body);
    }
}
