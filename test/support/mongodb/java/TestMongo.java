import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.backend.memory.index.MemoryUniqueIndex;
import de.bwaldvogel.mongo.bson.Document;
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
        MongoServer server = new MongoServer(new Backend().version(VERSION));
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        System.out.println(server.getConnectionString());
        while (System.in.read() >= 0) {
            // Whoever started it holds the other end, and lets go of it however it dies.
        }
        server.shutdownNow();
    }

    private static final class Backend extends MemoryBackend {
        @Override
        public MemoryDatabase openOrCreateDatabase(String name) {
            return new Database(name, getCursorRegistry());
        }
    }

    private static final class Database extends MemoryDatabase {
        Database(String name, CursorRegistry cursors) {
            super(name, cursors);
        }

        @Override
        protected Index<Integer> openOrCreateUniqueIndex(
                String collection, String name, List<IndexKey> keys, boolean sparse) {
            return new NarrowingIndex(name, keys, sparse);
        }
    }

    /**
     * Also serves who asks for more than its keys, as MongoDB's indexes do. Without it a write that is guarded by its revision
     * (`{_id, revision: {$lt: n}}`) looks at every document of the collection. What it finds is held against the whole query.
     */
    private static final class NarrowingIndex extends MemoryUniqueIndex {
        NarrowingIndex(String name, List<IndexKey> keys, boolean sparse) {
            super(name, keys, sparse);
        }

        @Override
        public synchronized boolean canHandle(Document query) {
            return query.keySet().containsAll(keySet()) && super.canHandle(ofKeys(query));
        }

        @Override
        public synchronized Iterable<Integer> getPositions(Document query) {
            return super.getPositions(ofKeys(query));
        }

        private Document ofKeys(Document query) {
            Document narrowed = new Document();
            for (String key : keySet()) narrowed.put(key, query.get(key));
            return narrowed;
        }
    }
}
