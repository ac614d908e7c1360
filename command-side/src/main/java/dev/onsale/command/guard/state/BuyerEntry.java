package dev.onsale.command.guard.state;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the guard knows of one buyer, as the scripts write it.
 *
 * @param sequence of the last fact of the buyer's allowance, -1 for none
 * @param seatsInUse after that fact
 * @param claims that the log does not know yet
 */
public record BuyerEntry(long sequence, int seatsInUse, List<Claim> claims) {

    public static final BuyerEntry UNKNOWN = new BuyerEntry(-1, 0, List.of());

    private static final Pattern FORM =
            Pattern.compile("(-?\\d{1,18})\\|(\\d{1,9})\\|((?:[^,;]+,-?\\d{1,9},\\d{1,18};)*)");
    private static final Pattern CLAIM = Pattern.compile("([^,;]+),(-?\\d+),(\\d+);");

    public BuyerEntry {
        claims = List.copyOf(claims);
    }

    /**
     * @param seats less than none for seats that were given back and that the log still counts
     */
    public record Claim(String reservation, int seats, long until) {}

    /** The entry, or null for a text that no script wrote. */
    public static @Nullable BuyerEntry parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        List<Claim> claims = new ArrayList<>();
        Matcher claim = CLAIM.matcher(form.group(3));
        while (claim.find()) {
            claims.add(new Claim(claim.group(1), Integer.parseInt(claim.group(2)), Long.parseLong(claim.group(3))));
        }
        return new BuyerEntry(Long.parseLong(form.group(1)), Integer.parseInt(form.group(2)), claims);
    }

    @Override
    public String toString() {
        return sequence + "|" + seatsInUse + "|"
                + claims.stream()
                        .map(claim -> claim.reservation() + "," + claim.seats() + "," + claim.until() + ";")
                        .collect(Collectors.joining());
    }
}
