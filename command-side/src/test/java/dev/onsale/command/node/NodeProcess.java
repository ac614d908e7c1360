package dev.onsale.command.node;

import dev.onsale.command.CommandSideHost;
import dev.onsale.testsupport.TestDatabase;
import java.io.IOException;
import java.util.Arrays;

/** A node in a process of its own, until its standard input ends. */
final class NodeProcess {

    private NodeProcess() {}

    /**
     * @param arguments name, URL, user and password of the database; then properties
     */
    public static void main(String[] arguments) throws IOException {
        TestDatabase database = new TestDatabase(arguments[0], arguments[1], arguments[2], arguments[3]);
        try (var node = CommandSideHost.start(database, Arrays.copyOfRange(arguments, 4, arguments.length))) {
            System.out.println("up " + node.isActive());
            int unused = System.in.read();
        }
    }
}
