import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Fills a broker with what its log directory is to be read for: every codec, transactions that were committed,
 * aborted and left open, a topic to be compacted, groups of both protocols, many small segments.
 *
 * <p>usage: LogDirectoryWorkload fill|more|ask PORT SEED
 *
 * <p>more writes on to one of the topics.
 *
 * <p>ask prints what the broker answers about offsets and times, as JSON.
 */
public final class LogDirectoryWorkload {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final long START = 1_700_000_000_000L;
    /** Behind the times of all records and before those of all markers, which the broker gives them. */
    private static final long MARKERS = START + 50_000_000L;
    private static final long FUTURE = 4_000_000_000_000L;
    private static final String BYTES = "org.apache.kafka.common.serialization.ByteArray";

    private final String address;
    private final Random random;

    private LogDirectoryWorkload(String port, long seed) {
        this.address = "127.0.0.1:" + port;
        this.random = new Random(seed);
    }

    public static void main(String[] args) throws Exception {
        LogDirectoryWorkload workload = new LogDirectoryWorkload(args[1], Long.parseLong(args[2]));
        try (Admin admin = Admin.create(workload.properties(Map.of()))) {
            if (args[0].equals("fill")) workload.fill(admin);
            else if (args[0].equals("more")) workload.fillOrders("lz4");
            else System.out.println(workload.ask(admin));
        }
        // The producer of the open transaction shall not end it.
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void fill(Admin admin) throws Exception {
        Map<String, String> small = Map.of("internal.segment.bytes", "4096", "index.interval.bytes", "512");
        Map<String, String> compact = new HashMap<>(small);
        compact.putAll(Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01"));
        admin.createTopics(List.of(
                new NewTopic("orders", 3, (short) -1).configs(small),
                new NewTopic("ledger", 2, (short) -1).configs(small),
                new NewTopic("untouched", 1, (short) -1).configs(small),
                new NewTopic("latest", 1, (short) -1).configs(compact))).all().get();
        for (String codec : CODECS) fillOrders(codec);
        fillLatest();
        fillLedger();
        consume("classic-shop", "classic", "orders", 60);
        consume("modern-shop", "consumer", "orders", 90);
        consume("bookkeeping", "classic", "ledger", 20);
        admin.alterConsumerGroupOffsets("by-hand", Map.of(
                new TopicPartition("orders", 1), new OffsetAndMetadata(5, "a note"),
                new TopicPartition("untouched", 0), new OffsetAndMetadata(0))).all().get();
    }

    private void fillOrders(String codec) throws Exception {
        Map<String, Object> configs = Map.of("compression.type", codec, "batch.size", "700", "linger.ms", "5");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties(configs))) {
            for (int i = 0; i < 150; i++) producer.send(order(codec, i));
        }
    }

    /** Times go up and down; keys and values are null, empty, or text that a terminal can show. */
    private ProducerRecord<byte[], byte[]> order(String codec, int i) {
        long time = START + i * 1000L + random.nextInt(20_000) + CODECS.indexOf(codec) * 100_000L;
        byte[] key = i % 11 == 0 ? null : bytes(i % 13 == 0 ? "" : "key-" + random.nextInt(40));
        byte[] value = i % 17 == 0 ? null : bytes((i % 7 == 0 ? "Füllung " : "order ") + "o".repeat(random.nextInt(200)));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("orders", i % 3, time, key, value);
        if (i % 5 == 0) record.headers().add("trace", bytes("t" + i)).add("empty", null);
        return record;
    }

    private void fillLatest() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties(Map.of("batch.size", "1000", "linger.ms", "5")))) {
            for (int i = 0; i < 1200; i++) {
                byte[] value = i % 9 == 0 ? null : bytes("state " + i + " " + "s".repeat(random.nextInt(60)));
                producer.send(new ProducerRecord<>("latest", 0, START + i * 500L, bytes("item-" + random.nextInt(100)), value));
            }
        }
    }

    private void fillLedger() throws Exception {
        for (int i = 0; i < 8; i++) transaction("txn-" + i % 3, i % 3 != 1);
        plain("ledger", 10);
        // As committed as they will ever be: the transaction that stays open holds back all that follows.
        transaction("txn-open", null);
        plain("ledger", 10);
    }

    /** Committed, aborted, or left open. */
    private void transaction(String id, Boolean commit) throws Exception {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties(Map.of(
                "transactional.id", id, "linger.ms", "5", "transaction.timeout.ms", "800000")));
        producer.initTransactions();
        producer.beginTransaction();
        for (int i = 0; i < 15; i++) {
            producer.send(new ProducerRecord<>("ledger", i % 2, START + i, bytes(id), bytes("entry " + i + " of " + id)));
        }
        producer.flush();
        if (commit == null) return;
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
        producer.close();
    }

    private void plain(String topic, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties(Map.of()))) {
            for (int i = 0; i < count; i++) producer.send(new ProducerRecord<>(topic, i % 2, START + i, null, bytes("plain " + i)));
        }
    }

    /** Reads some records and leaves; a group keeps what it committed. */
    private void consume(String group, String protocol, String topic, int count) {
        Properties properties = properties(Map.of(
                "group.id", group, "group.protocol", protocol, "auto.offset.reset", "earliest",
                "enable.auto.commit", "false", "max.poll.records", "10"));
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            consumer.subscribe(List.of(topic));
            int seen = 0;
            while (seen < count) {
                for (ConsumerRecord<byte[], byte[]> ignored : consumer.poll(Duration.ofMillis(200))) seen++;
            }
            consumer.commitSync();
        }
    }

    private ObjectNode ask(Admin admin) throws Exception {
        ObjectNode answers = new ObjectMapper().createObjectNode();
        for (String name : List.of("orders-0", "orders-1", "orders-2", "ledger-0", "ledger-1", "untouched-0", "latest-0")) {
            int dash = name.lastIndexOf('-');
            TopicPartition partition = new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
            ObjectNode answer = answers.putObject(name);
            answer.put("earliest", offset(admin, partition, OffsetSpec.earliest()).offset());
            answer.put("highWatermark", offset(admin, partition, OffsetSpec.latest()).offset());
            answer.put("lastStable", lastStable(admin, partition));
            ArrayNode times = answer.putArray("times");
            for (long time = START - 1000; time < START + 700_000; time += 61_234) addTime(times, admin, partition, time);
            for (long time : List.of(0L, START, MARKERS, FUTURE)) {
                addTime(times, admin, partition, time);
            }
            answer.set("committed", offsetsOf(partition, "read_committed"));
            answer.set("uncommitted", offsetsOf(partition, "read_uncommitted"));
        }
        return answers;
    }

    private static void addTime(ArrayNode times, Admin admin, TopicPartition partition, long time) throws Exception {
        ListOffsetsResultInfo found = offset(admin, partition, OffsetSpec.forTimestamp(time));
        times.addObject().put("time", time).put("offset", found.offset()).put("timestamp", found.timestamp());
    }

    private static ListOffsetsResultInfo offset(Admin admin, TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get();
    }

    private static long lastStable(Admin admin, TopicPartition partition) throws Exception {
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), committed).partitionResult(partition).get().offset();
    }

    /** What a consumer is given of a partition, until there is no more for it. */
    private ArrayNode offsetsOf(TopicPartition partition, String isolation) {
        ArrayNode offsets = new ObjectMapper().createArrayNode();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties(Map.of("isolation.level", isolation)))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) offsets.add(record.offset());
            }
        }
        return offsets;
    }

    private Properties properties(Map<String, Object> more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", address);
        properties.put("key.serializer", BYTES + "Serializer");
        properties.put("value.serializer", BYTES + "Serializer");
        properties.put("key.deserializer", BYTES + "Deserializer");
        properties.put("value.deserializer", BYTES + "Deserializer");
        properties.putAll(more);
        return properties;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
