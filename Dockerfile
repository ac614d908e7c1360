# Onsale in one process, without the databases: they are given by address (see docker-compose.yml).

FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /onsale
COPY . .
# The repository is a cache of the builder, so that a change of one source file does not download everything again.
# Tests and the formatter run in `mvn -B verify`; an image is built from what has passed them.
RUN --mount=type=cache,target=/m2 \
    mvn -B -Pimage -Dmaven.repo.local=/m2 -Dmaven.test.skip=true -Dspotless.check.skip=true -pl standalone -am package \
    && cp standalone/target/standalone-*.jar standalone/target/image/onsale/

FROM eclipse-temurin:25-jre
# The data folder holds keys, the payment simulator's ledger and logs; the owner is fixed before the volume is made from it.
RUN useradd --system --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin onsale \
    && install -d -o onsale -g onsale -m 0750 /data
# Two layers: libraries change seldom, Onsale's own JARs with every build.
COPY --from=build /onsale/standalone/target/image/lib/ /app/lib/
COPY --from=build /onsale/standalone/target/image/onsale/ /app/onsale/
COPY --from=build /onsale/standalone/target/image/sbom.json /app/sbom.json
USER onsale
WORKDIR /data
VOLUME /data
ENV ONSALE_STANDALONE_DATA=/data \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -XX:InitialRAMPercentage=35 -XX:MaxHeapFreeRatio=100 -XX:MaxTenuringThreshold=0 -XX:+ExitOnOutOfMemoryError -XX:+UseCompactObjectHeaders -XX:+UseTransparentHugePages --enable-native-access=ALL-UNNAMED"
EXPOSE 8080 8081
# Readiness, not the whole of /actuator/health: that one is DOWN without Redis or Kafka, and Onsale goes on selling without them.
# bash speaks HTTP well enough; the image then needs no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${MANAGEMENT_SERVER_PORT:-8081} && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '\"status\":\"UP\"' <&3"]
# No shell in between: SIGTERM must reach the JVM, which stops in good order.
ENTRYPOINT ["java", "-cp", "/app/onsale/*:/app/lib/*"]
CMD ["dev.onsale.standalone.OnsaleApplication"]
