package dev.onsale.command.coupon;

import dev.onsale.api.OnsaleEvent;
import dev.onsale.api.coupon.CouponEvent;
import dev.onsale.command.store.SnapshotCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.springframework.stereotype.Component;

/** How a campaign's state is written into a snapshot. A change of {@link Campaign#write} counts the version up. */
@Component
final class CampaignCodec implements SnapshotCodec<Campaign> {

    @Override
    public String aggregateType() {
        return "Campaign";
    }

    @Override
    public Class<Campaign> stateType() {
        return Campaign.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public Campaign empty() {
        return new Campaign();
    }

    @Override
    public void fold(Campaign state, OnsaleEvent fact) {
        state.on((CouponEvent) fact);
    }

    @Override
    public void write(Campaign state, DataOutputStream out) throws IOException {
        state.write(out);
    }

    @Override
    public Campaign read(DataInputStream in) throws IOException {
        return Campaign.read(in);
    }
}
