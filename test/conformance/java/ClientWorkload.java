import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own Java client does what every client of the conformance tests does, and says what it saw. */
public class ClientWorkload {
    static String bootstrap, topic, copies, group;

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        topic = args[1] + "-orders";
        copies = args[1] + "-copies";
        group = args[1] + "-group";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            int created = create(admin);
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, copies);
            String retention = admin.describeConfigs(List.of(resource)).all().get().get(resource).get("retention.ms").value();
            int produced = produce();
            String consumed = consume(admin);
            int[] transactions = transact(args[1] + "-tx");
            admin.deleteTopics(List.of(topic, copies)).all().get();
            for (int i = 0; i < 100 && admin.listTopics().names().get().contains(topic); i++) Thread.sleep(50);
            boolean deleted = !admin.listTopics().names().get().contains(topic);
            System.out.printf("{\"created\":%d,\"retentionMs\":%s,\"produced\":%d,%s,\"transactions\":[%d,%d],\"deleted\":%b}%n",
                created, retention, produced, consumed, transactions[0], transactions[1], deleted);
        }
    }

    static int create(Admin admin) throws Exception {
        NewTopic small = new NewTopic(copies, 1, (short) 1).configs(Map.of("retention.ms", "86400000"));
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(3), Optional.empty()), small)).all().get();
        while (!admin.listTopics().names().get().containsAll(List.of(topic, copies))) Thread.sleep(20);
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    }

    static KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new java.util.HashMap<>(more);
        config.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static int produce() throws Exception {
        int done = 0;
        try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", "snappy", "linger.ms", 5))) {
            List<Future<?>> sends = IntStream.range(0, 300)
                .<Future<?>>mapToObj(i -> producer.send(new ProducerRecord<>(topic, "k" + i % 30, "v" + i)))
                .collect(Collectors.toList());
            for (Future<?> send : sends) {
                send.get();
                done++;
            }
        }
        return done;
    }

    static KafkaConsumer<String, String> member(Map<String, Object> more) {
        Map<String, Object> config = new java.util.HashMap<>(Map.of(
            "bootstrap.servers", bootstrap, "auto.offset.reset", "earliest", "enable.auto.commit", false,
            "heartbeat.interval.ms", 300, "session.timeout.ms", 10000, "fetch.max.wait.ms", 100));
        config.putAll(more);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    static String consume(Admin admin) throws Exception {
        Map<String, Object> config = Map.of("group.id", group, "partition.assignment.strategy",
            "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        Set<String> values = new HashSet<>();
        boolean shared = false;
        try (KafkaConsumer<String, String> a = member(config); KafkaConsumer<String, String> b = member(config)) {
            for (KafkaConsumer<String, String> each : List.of(a, b)) each.subscribe(List.of(topic));
            long deadline = System.currentTimeMillis() + 40_000;
            while (System.currentTimeMillis() < deadline && !(values.size() == 300 && shared)) {
                for (KafkaConsumer<String, String> each : List.of(a, b)) {
                    for (ConsumerRecord<String, String> record : each.poll(Duration.ofMillis(100))) values.add(record.value());
                    try {
                        each.commitSync();
                    } catch (RebalanceInProgressException again) {
                        continue;
                    }
                }
                shared = !a.assignment().isEmpty() && !b.assignment().isEmpty();
            }
        }
        long committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
            .mapToLong(offset -> offset.offset()).sum();
        return String.format("\"consumed\":%d,\"shared\":%b,\"committed\":%d", values.size(), shared, committed);
    }

    static int[] transact(String id) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", id))) {
            producer.initTransactions();
            for (String outcome : List.of("commit", "abort", "commit")) {
                producer.beginTransaction();
                for (int i = 0; i < 5; i++) producer.send(new ProducerRecord<>(copies, outcome + "-" + i)).get();
                if (outcome.equals("commit")) producer.commitTransaction();
                else producer.abortTransaction();
            }
        }
        int all = 0, aborted = 0;
        try (KafkaConsumer<String, String> reader = member(Map.of("isolation.level", "read_committed"))) {
            TopicPartition partition = new TopicPartition(copies, 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long deadline = System.currentTimeMillis() + 20_000;
            while (all < 10 && System.currentTimeMillis() < deadline) {
                for (ConsumerRecord<String, String> record : reader.poll(Duration.ofMillis(200))) {
                    all++;
                    if (record.value().startsWith("abort")) aborted++;
                }
            }
        }
        return new int[] {all, aborted};
    }
}
