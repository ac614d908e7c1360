package dev.onsale.saga.calloff;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CallOffProperties.class)
class CallOffConfiguration {}
