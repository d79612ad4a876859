import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Keeps a broker's files moving until its standard input ends: segments that roll and are deleted by retention,
 * others that the cleaner replaces, transactions that end either way, a group that commits.
 *
 * <p>usage: LiveWorkload PORT
 *
 * <p>Prints, again and again, the last acknowledged offsets: {@code stream-0=N state-0=N}.
 */
public final class LiveWorkload {
    private static final String BYTES = "org.apache.kafka.common.serialization.ByteArray";

    private final Map<String, Object> clients;
    private final AtomicLong stream = new AtomicLong(-1);
    private final AtomicLong state = new AtomicLong(-1);

    private LiveWorkload(String port) {
        clients = Map.of("bootstrap.servers", "127.0.0.1:" + port, "key.serializer", BYTES + "Serializer", "value.serializer", BYTES + "Serializer",
                "key.deserializer", BYTES + "Deserializer", "value.deserializer", BYTES + "Deserializer");
    }

    public static void main(String[] args) throws Exception {
        LiveWorkload workload = new LiveWorkload(args[0]);
        workload.makeTopics();
        start(workload::write);
        start(workload::transact);
        start(workload::consume);
        start(workload::tell);
        while (System.in.read() >= 0) { }
        Runtime.getRuntime().halt(0);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception cause) {
                System.out.println("failed " + cause);
                Runtime.getRuntime().halt(1);
            }
        });
        thread.start();
    }

    private void makeTopics() throws Exception {
        Map<String, String> small = Map.of("internal.segment.bytes", "16384", "index.interval.bytes", "512", "file.delete.delay.ms", "20000");
        Map<String, String> deleted = new HashMap<>(small);
        deleted.put("retention.bytes", "80000");
        Map<String, String> compacted = new HashMap<>(small);
        compacted.putAll(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01"));
        try (Admin admin = Admin.create(clients)) {
            admin.createTopics(List.of(
                    new NewTopic("stream", 1, (short) 1).configs(deleted),
                    new NewTopic("entries", 1, (short) 1).configs(deleted),
                    new NewTopic("state", 1, (short) 1).configs(compacted))).all().get();
        }
    }

    private void write() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(clients)) {
            for (long i = 0; ; i++) {
                long number = i;
                producer.send(new ProducerRecord<>("stream", 0, null, bytes("record " + i)), (to, failed) -> stream.set(number));
                producer.send(new ProducerRecord<>("state", 0, bytes("key-" + i % 50), bytes("state " + i)), (to, failed) -> state.set(number));
                if (i % 20 == 0) producer.flush();
                if (i % 20 == 0) Thread.sleep(8);
            }
        }
    }

    private void transact() throws Exception {
        Map<String, Object> configs = new HashMap<>(clients);
        configs.put("transactional.id", "entries-writer");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(configs)) {
            producer.initTransactions();
            for (int i = 0; ; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 10; j++) producer.send(new ProducerRecord<>("entries", 0, null, bytes("entry " + i + "." + j)));
                if (i % 3 == 0) producer.abortTransaction();
                else producer.commitTransaction();
            }
        }
    }

    private void consume() {
        Map<String, Object> configs = new HashMap<>(clients);
        configs.putAll(Map.of("group.id", "readers", "enable.auto.commit", "false", "auto.offset.reset", "earliest"));
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(configs)) {
            consumer.subscribe(List.of("stream"));
            while (true) if (!consumer.poll(Duration.ofMillis(100)).isEmpty()) consumer.commitSync();
        }
    }

    private void tell() throws Exception {
        while (true) {
            System.out.println("stream-0=" + stream.get() + " state-0=" + state.get());
            System.out.flush();
            Thread.sleep(20);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
