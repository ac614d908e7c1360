package dev.onsale.proof.sealing;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Enables the sealing of the log in the process that has the read models. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SealSettings.class)
public class SealConfiguration {}
