package dev.onsale.planted.api;

import org.springframework.stereotype.Component;

/** Violates the rule that shared-api has no Spring types. */
@Component
public class MadeBySpring {}
