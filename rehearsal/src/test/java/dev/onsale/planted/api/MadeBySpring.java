package dev.onsale.planted.api;

import org.springframework.stereotype.Component;

/** A value of the shared language that only Spring can make. */
@Component
public class MadeBySpring {}
