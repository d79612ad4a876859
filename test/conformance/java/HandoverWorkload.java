import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A little of everything that a broker keeps, under a name of its own: it may be run again and again on the same
 * directory. A topic that is deleted each time and made anew, records in all codecs, transactions of all outcomes, and
 * settings of all kinds.
 *
 * <p>usage: HandoverWorkload PORT NAME
 */
public final class HandoverWorkload {
    private static final String BYTES = "org.apache.kafka.common.serialization.String";

    private final String address;
    private final String name;
    private final Admin admin;

    private HandoverWorkload(String port, String name) {
        this.address = "127.0.0.1:" + port;
        this.name = name;
        this.admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    public static void main(String[] args) throws Exception {
        HandoverWorkload workload = new HandoverWorkload(args[0], args[1]);
        workload.topics();
        workload.records();
        workload.transactions();
        workload.settings();
        System.out.println("done");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void topics() throws Exception {
        if (admin.listTopics().names().get().contains("again")) admin.deleteTopics(List.of("again")).all().get();
        while (admin.listTopics().names().get().contains("again")) Thread.sleep(20);
        admin.createTopics(List.of(
                new NewTopic(name, 2, (short) 1).configs(Map.of("retention.ms", "604800000")),
                new NewTopic("again", 1, (short) 1))).all().get();
        while (!admin.listTopics().names().get().containsAll(List.of(name, "again"))) Thread.sleep(20);
    }

    private void records() throws Exception {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec, "linger.ms", 5))) {
                List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    ProducerRecord<String, String> record = new ProducerRecord<>(i % 4 == 3 ? "payments" : name, i % 4 == 3 ? 0 : i % 2, "key-" + i, codec + " of " + name + " ".repeat(i));
                    record.headers().add(new RecordHeader("codec", codec.getBytes()));
                    sent.add(producer.send(record));
                }
                for (java.util.concurrent.Future<?> each : sent) each.get();
                producer.send(new ProducerRecord<>("again", 0, null, name)).get();
            }
        }
    }

    private void transactions() throws Exception {
        KafkaProducer<String, String> producer = producer(Map.of("transactional.id", name, "transaction.timeout.ms", 800_000));
        producer.initTransactions();
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", address, "group.id", name,
                "key.deserializer", BYTES + "Deserializer", "value.deserializer", BYTES + "Deserializer"));
        ConsumerGroupMetadata group = consumer.groupMetadata();
        TopicPartition first = new TopicPartition(name, 0);
        consumer.assign(List.of(first, new TopicPartition(name, 1)));
        consumer.commitSync(Map.of(new TopicPartition(name, 1), new OffsetAndMetadata(3, Optional.of(0), "by hand")));
        for (String outcome : List.of("commit", "abort", "open")) {
            producer.beginTransaction();
            for (int i = 0; i < 3; i++) producer.send(new ProducerRecord<>(name, i % 2, "txn", outcome)).get();
            producer.sendOffsetsToTransaction(Map.of(first, new OffsetAndMetadata(outcome.length(), outcome)), group);
            if (outcome.equals("commit")) producer.commitTransaction();
            if (outcome.equals("abort")) producer.abortTransaction();
        }
        producer.flush();
    }

    private void settings() throws Exception {
        set(ConfigResource.Type.TOPIC, name, "max.message.bytes", "2000000");
        set(ConfigResource.Type.BROKER, "1", "log.cleaner.threads", String.valueOf(1 + name.length() % 2));
        set(ConfigResource.Type.GROUP, name, "consumer.session.timeout.ms", "50000");
        set(ConfigResource.Type.CLIENT_METRICS, name, "interval.ms", "60000");
        ClientQuotaEntity user = new ClientQuotaEntity(Map.of("user", name));
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(user, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1e6))))).all().get();
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret"))).all().get();
        admin.createAcls(List.of(new AclBinding(new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + name, "*", AclOperation.READ, AclPermissionType.ALLOW)))).all().get();
    }

    private void set(ConfigResource.Type type, String resource, String key, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, resource),
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)))).all().get();
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> configs = new HashMap<>(Map.of("bootstrap.servers", address,
                "key.serializer", BYTES + "Serializer", "value.serializer", BYTES + "Serializer"));
        configs.putAll(more);
        return new KafkaProducer<>(configs);
    }
}
