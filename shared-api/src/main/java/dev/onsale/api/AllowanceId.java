package dev.onsale.api;

/** Names what one buyer may take of one performance. */
public record AllowanceId(PerformanceId performanceId, BuyerId buyerId) {

    @Override
    public String toString() {
        return "allowance:" + performanceId + ":" + buyerId;
    }
}
