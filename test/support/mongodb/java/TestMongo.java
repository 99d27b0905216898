import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** Serves on the loopback port given (0: any), prints the connection string, and ends when its standard input does. */
public final class TestMongo {
    /** The driver refuses the newest version that mongo-java-server knows of itself (wire version 8). */
    private static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 13;
        }
    };

    public static void main(String[] arguments) throws Exception {
        MongoServer server = new MongoServer(new MemoryBackend().version(VERSION));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        System.out.println(server.getConnectionString());
        while (System.in.read() >= 0) {
            // Whoever started it holds the other end, and lets go of it however it dies.
        }
        server.shutdownNow();
    }
}
