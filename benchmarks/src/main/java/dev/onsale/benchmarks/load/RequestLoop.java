package dev.onsale.benchmarks.load;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** One connection: sends a request, waits for all of its answer, sends the next. Closes when the measurement is over. */
final class RequestLoop extends ChannelInboundHandlerAdapter {

    /** Sends the first request. */
    enum Begin {
        NOW
    }

    private static final int BEGINNING = 200;

    private final Measurement measurement;
    private long sentAt;
    private int status;
    private String beginning = "";
    private boolean waiting;

    RequestLoop(Measurement measurement) {
        this.measurement = measurement;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Begin) {
            next(context);
        }
    }

    private void next(ChannelHandlerContext context) {
        byte[] request = measurement.next();
        if (request == null) {
            waiting = false;
            var unused = context.close();
            return;
        }
        waiting = true;
        sentAt = System.nanoTime();
        var unused = context.writeAndFlush(Unpooled.wrappedBuffer(request), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpResponse response) {
                status = response.status().code();
                beginning = "";
            }
            if (message instanceof HttpContent content && status >= 300 && beginning.isEmpty()) {
                int length = Math.min(BEGINNING, content.content().readableBytes());
                beginning = content.content().toString(content.content().readerIndex(), length, StandardCharsets.UTF_8);
            }
            if (message instanceof LastHttpContent) {
                measurement.answered(status, System.nanoTime() - sentAt, beginning);
                next(context);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (waiting) {
            waiting = false;
            measurement.failed("the connection was closed");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (waiting) {
            waiting = false;
            measurement.failed(failure.toString());
        }
        var unused = context.close();
    }
}
