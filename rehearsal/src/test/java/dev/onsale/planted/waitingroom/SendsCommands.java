package dev.onsale.planted.waitingroom;

import org.axonframework.commandhandling.gateway.CommandGateway;

/** The waiting room sends commands. */
public record SendsCommands(CommandGateway gateway) {}
