import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Two explicit share consumers and an implicit one share 30 records; an administrator looks, alters and deletes. */
public final class ShareWorkload {
    private static final int RECORDS = 30;

    public static void main(String[] args) throws Exception {
        String bootstrap = args[0];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            prepare(admin);
            try (KafkaShareConsumer<String, String> one = consumer(bootstrap, "explicit");
                 KafkaShareConsumer<String, String> two = consumer(bootstrap, "explicit")) {
                settle(admin, List.of(one, two));
                produce(bootstrap);
                share(List.of(one, two));
                ShareGroupDescription group = admin.describeShareGroups(List.of("g")).all().get().get("g");
                System.out.println("members " + group.members().size() + " " + group.groupState());
                offsets(admin);
            }
            admin.alterShareGroupOffsets("g", Map.of(new TopicPartition("jobs", 0), 5L)).all().get();
            offsets(admin);
            try (KafkaShareConsumer<String, String> three = consumer(bootstrap, "implicit")) {
                Set<Long> seen = new HashSet<>();
                while (seen.size() < 5) for (ConsumerRecord<String, String> each : three.poll(Duration.ofMillis(200))) seen.add(each.offset());
                System.out.println("implicit " + seen);
            }
            admin.deleteShareGroupOffsets("g", Set.of("jobs")).all().get();
            admin.deleteShareGroups(List.of("g")).all().get();
            System.out.println("left " + admin.listGroups().all().get());
        }
    }

    private static void prepare(Admin admin) throws Exception {
        admin.createTopics(List.of(new NewTopic("jobs", 3, (short) 1))).all().get();
        AlterConfigOp earliest =
            new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.GROUP, "g"), List.of(earliest))).all().get();
    }

    /** A member that a partition is taken from keeps what it has got of it until its time is over. */
    private static void settle(Admin admin, List<KafkaShareConsumer<String, String>> consumers) throws Exception {
        while (true) {
            for (KafkaShareConsumer<String, String> consumer : consumers) consumer.poll(Duration.ofMillis(200));
            if (admin.listGroups().all().get().isEmpty()) continue;
            ShareGroupDescription group = admin.describeShareGroups(List.of("g")).all().get().get("g");
            long partitions = group.members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty()).count();
            if (partitions == consumers.size() && group.groupEpoch() == group.targetAssignmentEpoch()) return;
        }
    }

    private static void produce(String bootstrap) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) producer.send(new ProducerRecord<>("jobs", i % 3, "k" + i, "v"));
        }
    }

    /** k7 is released twice, k9 rejected, all others are accepted. */
    private static void share(List<KafkaShareConsumer<String, String>> consumers) {
        Set<String> done = new HashSet<>();
        Map<String, Integer> deliveries = new TreeMap<>();
        while (done.size() < RECORDS) {
            for (KafkaShareConsumer<String, String> consumer : consumers) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
                    short count = each.deliveryCount().orElse((short) 0);
                    if (count > 1) deliveries.put(each.key(), (int) count);
                    if (each.key().equals("k7") && count < 3) {
                        consumer.acknowledge(each, AcknowledgeType.RELEASE);
                        continue;
                    }
                    consumer.acknowledge(each, each.key().equals("k9") ? AcknowledgeType.REJECT : AcknowledgeType.ACCEPT);
                    done.add(each.key());
                }
                consumer.commitSync().values().forEach(failed -> failed.ifPresent(cause -> System.out.println(cause)));
            }
        }
        System.out.println("done " + done.size() + " again " + deliveries);
    }

    private static void offsets(Admin admin) throws Exception {
        Map<String, String> lags = new TreeMap<>();
        admin.listShareGroupOffsets(Map.of("g", new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo("g").get()
            .forEach((partition, info) -> lags.put(partition.toString(), String.valueOf(info.lag().orElse(-1L))));
        System.out.println("lags " + lags);
    }

    private static KafkaShareConsumer<String, String> consumer(String bootstrap, String mode) {
        KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "group.id", "g", "share.acknowledgement.mode", mode),
            new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of("jobs"));
        return consumer;
    }
}
