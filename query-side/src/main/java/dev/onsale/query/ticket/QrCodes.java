package dev.onsale.query.ticket;

import io.nayuki.qrcodegen.QrCode;

/** QR codes as SVG. */
final class QrCodes {

    /** Modules of free space around a code, as ISO/IEC 18004 asks for. */
    private static final int QUIET_ZONE = 4;

    private QrCodes() {}

    /** An SVG document with black modules on white, also in dark pages: scanners need it. */
    static String svg(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        int side = code.size + 2 * QUIET_ZONE;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">\
                <path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>
                """.formatted(side, side, side, side, modules(code));
    }

    /** One rectangle for each run of dark modules in a row. */
    private static String modules(QrCode code) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            int x = 0;
            while (x < code.size) {
                int begin = x;
                while (x < code.size && code.getModule(x, y)) {
                    x++;
                }
                if (x == begin) {
                    x++;
                } else {
                    path.append('M').append(begin + QUIET_ZONE).append(' ').append(y + QUIET_ZONE);
                    path.append('h')
                            .append(x - begin)
                            .append("v1h-")
                            .append(x - begin)
                            .append('z');
                }
            }
        }
        return path.toString();
    }
}
