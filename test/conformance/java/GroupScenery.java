import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Groups of every type, with a member and without, who stay until the input ends: GroupScenery BOOTSTRAP PREFIX. */
public final class GroupScenery {
    private static final Duration TURN = Duration.ofMillis(100);

    private static String bootstrap;
    private static String prefix;
    private static Admin admin;

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        prefix = args[1];
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        admin.createTopics(List.of(new NewTopic(prefix + "a", 2, (short) 1), new NewTopic(prefix + "b", 1, (short) 1))).all().get();
        produce();
        set("sharing", "share.auto.offset.reset", "earliest");
        KafkaShareConsumer<String, String> sharing = sharing();
        member("classic", Map.of("group.protocol", "classic"), 3);
        member("modern", Map.of("group.protocol", "consumer", "group.instance.id", "i1"), 4);
        member("was", Map.of("group.protocol", "consumer"), 5).close();
        admin.alterConsumerGroupOffsets(prefix + "left", Map.of(
            at("a", 0), new OffsetAndMetadata(2), at("a", 1), new OffsetAndMetadata(3, Optional.of(0), "said"),
            at("b", 0), new OffsetAndMetadata(1))).all().get();
        admin.alterShareGroupOffsets(prefix + "shared", Map.of(at("a", 0), 2L, at("a", 1), 3L, at("b", 0), 1L)).all().get();
        while (!isDone()) sharing.poll(TURN);
        System.out.println("ready");
        while (System.in.read() >= 0) Thread.onSpinWait();
        Runtime.getRuntime().halt(0);
    }

    private static void produce() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 20; i++) producer.send(new ProducerRecord<>(prefix + "a", i % 2, 1_700_000_000_000L + i, null, "v"));
            for (int i = 0; i < 5; i++) producer.send(new ProducerRecord<>(prefix + "b", 0, 1_700_000_000_000L + i, null, "v"));
        }
    }

    private static KafkaConsumer<String, String> member(String group, Map<String, String> more, long committed) {
        Map<String, Object> config = new HashMap<>(Map.of(
            "bootstrap.servers", bootstrap, "group.id", prefix + group, "client.id", group, "enable.auto.commit", "false"));
        config.putAll(more);
        KafkaConsumer<String, String> member = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        member.subscribe(List.of(prefix + "a"));
        while (member.assignment().isEmpty()) member.poll(TURN);
        member.commitSync(Map.of(at("a", 0), new OffsetAndMetadata(committed)));
        return member;
    }

    private static KafkaShareConsumer<String, String> sharing() {
        KafkaShareConsumer<String, String> member = new KafkaShareConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "group.id", prefix + "sharing", "client.id", "sharing"),
            new StringDeserializer(), new StringDeserializer());
        member.subscribe(Set.of(prefix + "a"));
        return member;
    }

    /** All that there was has been read, and the group has it for read. */
    private static boolean isDone() throws Exception {
        String group = prefix + "sharing";
        Map<TopicPartition, SharePartitionOffsetInfo> offsets =
            admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group).get();
        return offsets.size() == 2 && offsets.values().stream().allMatch(each -> each != null && each.lag().orElse(1L) == 0);
    }

    private static void set(String group, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, prefix + group);
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
    }

    private static TopicPartition at(String topic, int partition) {
        return new TopicPartition(prefix + topic, partition);
    }
}
