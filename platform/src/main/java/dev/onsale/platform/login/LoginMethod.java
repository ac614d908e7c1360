package dev.onsale.platform.login;

/** How people sign in to this server with a browser. A server without one has no such bean. */
public enum LoginMethod {
    /** A form that takes any name. */
    DEVELOPMENT
}
