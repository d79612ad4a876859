import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Leaves in a broker all that its coordinators and its controller keep: groups of every protocol with members that
 * stay, transactions in every resting state, configs, quotas, users, ACLs. Then prints what the broker says of them,
 * as JSON, in the words of ktool.
 *
 * <p>usage: ClusterStateWorkload PORT
 */
public final class ClusterStateWorkload {
    private static final String BYTES = "org.apache.kafka.common.serialization.ByteArray";

    /** A coordinator may write to its own topics until the broker is stopped. */
    private static final Set<String> OWN = Set.of("orders", "payments", "clicks");

    private final String address;
    private final Admin admin;

    private ClusterStateWorkload(String port) {
        this.address = "127.0.0.1:" + port;
        this.admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    public static void main(String[] args) throws Exception {
        ClusterStateWorkload workload = new ClusterStateWorkload(args[0]);
        workload.makeTopics();
        workload.makeMetadata();
        workload.makeOffsets();
        workload.makeMembers();
        workload.shareRecords();
        workload.makeTransactions();
        System.out.println(new ObjectMapper().writeValueAsString(workload.answers()));
        System.out.flush();
        // Members and transactions shall not end with the program.
        Runtime.getRuntime().halt(0);
    }

    private void makeTopics() throws Exception {
        admin.createTopics(List.of(
                new NewTopic("orders", 3, (short) 1).configs(Map.of("retention.ms", "604800000", "max.message.bytes", "2000000")),
                new NewTopic("payments", 1, (short) 1).configs(Map.of("cleanup.policy", "compact")),
                new NewTopic("clicks", 2, (short) 1),
                new NewTopic("short-lived", 2, (short) 1))).all().get();
        admin.createPartitions(Map.of("clicks", NewPartitions.increaseTo(3))).all().get();
        admin.deleteTopics(List.of("short-lived")).all().get();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("compression.type", "zstd"))) {
            for (int i = 0; i < 90; i++) producer.send(new ProducerRecord<>("orders", i % 3, bytes("key-" + i), bytes("order " + i)));
            for (int i = 0; i < 20; i++) producer.send(new ProducerRecord<>("payments", 0, bytes("key-" + i), bytes("payment " + i)));
        }
    }

    private void makeMetadata() throws Exception {
        set(ConfigResource.Type.TOPIC, "orders", "max.message.bytes", null);
        set(ConfigResource.Type.BROKER, "1", "log.cleaner.threads", "1");
        set(ConfigResource.Type.BROKER, "", "message.max.bytes", "1048588");
        set(ConfigResource.Type.GROUP, "modern-live", "consumer.session.timeout.ms", "60000");
        set(ConfigResource.Type.GROUP, "share", "share.auto.offset.reset", "earliest");
        set(ConfigResource.Type.CLIENT_METRICS, "sub-1", "interval.ms", "60000");
        quota(Map.of("user", "alice"), "producer_byte_rate", 1048576.0);
        quota(Map.of("user", "alice"), "request_percentage", 12.5);
        quota(Map.of("user", "alice"), "request_percentage", null);
        quota(Map.of("user", "bob", "client-id", "app-1"), "consumer_byte_rate", 2048.0);
        Map<String, String> anyClient = new HashMap<>();
        anyClient.put("client-id", null);
        quota(anyClient, "consumer_byte_rate", 4096.0);
        quota(Map.of("ip", "192.0.2.7"), "connection_creation_rate", 10.0);
        user("alice", ScramMechanism.SCRAM_SHA_256, 4096);
        user("alice", ScramMechanism.SCRAM_SHA_512, 8192);
        user("bob", ScramMechanism.SCRAM_SHA_512, 4096);
        admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion("bob", ScramMechanism.SCRAM_SHA_512))).all().get();
        admin.createAcls(List.of(
                acl(ResourceType.TOPIC, "orders", PatternType.LITERAL, "User:alice", AclOperation.READ, AclPermissionType.ALLOW),
                acl(ResourceType.GROUP, "etl-", PatternType.PREFIXED, "User:alice", AclOperation.READ, AclPermissionType.ALLOW),
                acl(ResourceType.TOPIC, "*", PatternType.LITERAL, "User:mallory", AclOperation.ALL, AclPermissionType.DENY),
                acl(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL, "User:ops", AclOperation.ALTER_CONFIGS, AclPermissionType.ALLOW))).all().get();
        admin.deleteAcls(List.of(new AclBindingFilter(new ResourcePatternFilter(ResourceType.CLUSTER, null, PatternType.ANY), AccessControlEntryFilter.ANY))).all().get();
    }

    /** Of groups without members; one is deleted again, one loses a partition, and a member comes and goes. */
    private void makeOffsets() throws Exception {
        commit("by-hand", Map.of(new TopicPartition("orders", 0), at(3, 0, "a note"), new TopicPartition("orders", 1), at(1, null, "ünïcödé")));
        commit("by-hand", Map.of(new TopicPartition("orders", 0), at(7, 0, "")));
        commit("partly-deleted", Map.of(new TopicPartition("orders", 0), at(4, null, ""), new TopicPartition("orders", 1), at(4, null, "")));
        admin.deleteConsumerGroupOffsets("partly-deleted", Set.of(new TopicPartition("orders", 1))).all().get();
        commit("deleted", Map.of(new TopicPartition("orders", 0), at(9, null, "")));
        admin.deleteConsumerGroups(List.of("deleted")).all().get();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("classic-left", Map.of())) {
            consumer.subscribe(List.of("orders"));
            while (consumer.poll(Duration.ofMillis(100)).isEmpty()) { }
            consumer.commitSync();
        }
    }

    private void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group, Map.of())) {
            consumer.assign(offsets.keySet());
            consumer.commitSync(offsets);
        }
    }

    /** Two of a classic group, one of them static, and two of one that the broker assigns. */
    private void makeMembers() {
        List<KafkaConsumer<byte[], byte[]>> members = List.of(
                consumer("classic-live", Map.of("group.instance.id", "static-1", "session.timeout.ms", "600000", "heartbeat.interval.ms", "300")),
                consumer("classic-live", Map.of("session.timeout.ms", "600000", "heartbeat.interval.ms", "300")),
                consumer("modern-live", Map.of("group.protocol", "consumer", "group.instance.id", "inst-a")),
                consumer("modern-live", Map.of("group.protocol", "consumer", "client.rack", "rack-b")));
        for (int i = 0; i < 3; i++) members.get(i).subscribe(List.of("orders", "payments"));
        members.get(3).subscribe(new SubscriptionPattern("ord.*|cli.*"));
        // Until everyone has what is his for a while: the last round says nothing new.
        long end = System.nanoTime() + 30_000_000_000L;
        for (int quiet = 0; quiet < 12 && System.nanoTime() < end; quiet++) {
            Set<Set<TopicPartition>> before = assignments(members);
            for (KafkaConsumer<byte[], byte[]> member : members) member.poll(Duration.ofMillis(50));
            Set<Set<TopicPartition>> after = assignments(members);
            if (!after.equals(before) || after.contains(Set.of())) quiet = 0;
        }
        for (KafkaConsumer<byte[], byte[]> member : members) member.commitSync();
    }

    private static Set<Set<TopicPartition>> assignments(List<KafkaConsumer<byte[], byte[]>> members) {
        Set<Set<TopicPartition>> all = new java.util.HashSet<>();
        for (KafkaConsumer<byte[], byte[]> member : members) all.add(member.assignment());
        return all;
    }

    private void shareRecords() {
        Map<String, Object> configs = new HashMap<>(clientConfigs());
        configs.putAll(Map.of("group.id", "share", "share.acknowledgement.mode", "explicit", "max.poll.records", 8));
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(configs)) {
            consumer.subscribe(List.of("orders"));
            int seen = 0;
            for (int polls = 0; polls < 100 && seen < 30; polls++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    seen++;
                    consumer.acknowledge(record, seen % 5 == 0 ? AcknowledgeType.RELEASE : seen % 7 == 0 ? AcknowledgeType.REJECT : AcknowledgeType.ACCEPT);
                }
                consumer.commitSync();
            }
        }
    }

    private void makeTransactions() throws Exception {
        ConsumerGroupMetadata etl = consumer("etl", Map.of()).groupMetadata();
        producer(Map.of("transactional.id", "only-initialised")).initTransactions();
        KafkaProducer<byte[], byte[]> ended = begun("ended");
        send(ended, "payments", 0);
        ended.sendOffsetsToTransaction(Map.of(new TopicPartition("orders", 0), at(11, null, "committed")), etl);
        ended.commitTransaction();
        ended.beginTransaction();
        send(ended, "payments", 0);
        ended.sendOffsetsToTransaction(Map.of(new TopicPartition("orders", 0), at(99, null, "aborted")), etl);
        ended.abortTransaction();
        KafkaProducer<byte[], byte[]> committed = begun("committed");
        send(committed, "orders", 2);
        committed.commitTransaction();
        KafkaProducer<byte[], byte[]> open = begun("open");
        send(open, "orders", 1);
        open.sendOffsetsToTransaction(Map.of(new TopicPartition("orders", 0), at(56, null, "open"), new TopicPartition("orders", 1), at(55, null, "open")), etl);
        open.flush();
        awaitCompletion("ended", "committed");
    }

    /** The markers are written after the producer has been told: until then the state is not the last one. */
    private void awaitCompletion(String... ids) throws Exception {
        for (String id : ids) while (!transaction(id).state().toString().startsWith("Complete")) Thread.sleep(20);
    }

    private KafkaProducer<byte[], byte[]> begun(String id) {
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", id, "transaction.timeout.ms", 800_000));
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, int partition) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, bytes("k"), bytes("in a transaction"))).get();
    }

    private Map<String, Object> answers() throws Exception {
        Map<String, TopicDescription> topics = new TreeMap<>(
                admin.describeTopics(admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get()).allTopicNames().get());
        Map<String, Object> answers = new LinkedHashMap<>();
        answers.put("cluster", cluster());
        answers.put("topics", topics.values().stream().map(ClusterStateWorkload::topic).toList());
        answers.put("sizes", sizes());
        answers.put("offsets", offsets(topics.values().stream().filter(topic -> OWN.contains(topic.name())).toList()));
        answers.put("configs", configs(topics.keySet()));
        answers.put("groups", groups());
        answers.put("transactions", transactions());
        answers.put("openTransactions", openTransactions(topics));
        answers.put("acls", admin.describeAcls(AclBindingFilter.ANY).values().get().stream().map(ClusterStateWorkload::words).toList());
        answers.put("quotas", quotas());
        answers.put("users", users());
        return answers;
    }

    private Map<String, Object> cluster() throws Exception {
        Map<String, Integer> features = new TreeMap<>();
        admin.describeFeatures().featureMetadata().get().finalizedFeatures().forEach((name, range) -> features.put(name, (int) range.maxVersionLevel()));
        Node node = admin.describeCluster().nodes().get().iterator().next();
        return map("clusterId", admin.describeCluster().clusterId().get(), "features", features, "node", node.id(), "address", node.host() + ":" + node.port());
    }

    private static Map<String, Object> topic(TopicDescription topic) {
        return map("topic", topic.name(), "topicId", topic.topicId().toString(), "internal", topic.isInternal(), "partitions",
                topic.partitions().stream().map(ClusterStateWorkload::partition).toList());
    }

    private static Map<String, Object> partition(TopicPartitionInfo info) {
        return map("partition", info.partition(), "leader", info.leader().id(), "replicas", ids(info.replicas()),
                "isr", ids(info.isr()), "elr", ids(info.elr()), "lastKnownElr", ids(info.lastKnownElr()));
    }

    private static List<Integer> ids(Collection<Node> nodes) {
        return nodes == null ? List.of() : nodes.stream().map(Node::id).toList();
    }

    private Map<String, Object> sizes() throws Exception {
        Map<String, Object> sizes = new TreeMap<>();
        admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().forEach(
                directory -> directory.replicaInfos().forEach((partition, info) -> {
                    if (OWN.contains(partition.topic())) sizes.put(partition.toString(), info.size());
                }));
        return sizes;
    }

    private Map<String, Object> offsets(List<TopicDescription> topics) throws Exception {
        Map<String, OffsetSpec> specs = Map.of("start", OffsetSpec.earliest(), "end", OffsetSpec.latest(), "max", OffsetSpec.maxTimestamp());
        Map<String, Object> offsets = new TreeMap<>();
        for (Map.Entry<String, OffsetSpec> spec : specs.entrySet()) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            topics.forEach(topic -> topic.partitions().forEach(info -> asked.put(new TopicPartition(topic.name(), info.partition()), spec.getValue())));
            Map<String, Object> found = new TreeMap<>();
            admin.listOffsets(asked).all().get().forEach((partition, info) -> found.put(partition.toString(), info.offset()));
            offsets.put(spec.getKey(), found);
        }
        return offsets;
    }

    private Map<String, Object> configs(Collection<String> topics) throws Exception {
        return map("topics", configs(ConfigResource.Type.TOPIC, topics, ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG),
                "brokers", configs(ConfigResource.Type.BROKER, List.of("1", ""), null),
                "groups", configs(ConfigResource.Type.GROUP, List.of("modern-live", "share"), ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG),
                "client-metrics", configs(ConfigResource.Type.CLIENT_METRICS, List.of("sub-1"), ConfigEntry.ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG));
    }

    private Map<String, Object> configs(ConfigResource.Type type, Collection<String> names, ConfigEntry.ConfigSource source) throws Exception {
        Map<String, Object> found = new TreeMap<>();
        for (String name : names) {
            ConfigResource resource = new ConfigResource(type, name);
            Map<String, String> entries = new TreeMap<>();
            for (ConfigEntry entry : admin.describeConfigs(List.of(resource)).all().get().get(resource).entries()) {
                ConfigEntry.ConfigSource own = name.isEmpty() ? ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG : ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG;
                if (entry.source() == (source == null ? own : source)) entries.put(entry.name(), entry.value());
            }
            if (!entries.isEmpty()) found.put(name.isEmpty() ? "default" : name, entries);
        }
        return found;
    }

    private List<Object> groups() throws Exception {
        List<Object> groups = new ArrayList<>();
        for (GroupListing listing : admin.listGroups().all().get()) {
            Map<String, Object> group = map("group", listing.groupId(), "type", word(listing.type()), "protocolType", listing.protocol(),
                    "state", word(listing.groupState()));
            if (listing.groupId().equals("share")) group.put("startOffsets", shareOffsets());
            else group.putAll(description(listing.groupId()));
            groups.add(group);
        }
        return groups;
    }

    private Map<String, Object> description(String group) throws Exception {
        Map<String, Object> described = map("offsets", committed(group, false), "stableOffsets", committed(group, true));
        ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        described.put("assignor", description.partitionAssignor());
        described.put("epoch", description.groupEpoch().orElse(null));
        described.put("targetEpoch", description.targetAssignmentEpoch().orElse(null));
        described.put("members", description.members().stream().map(ClusterStateWorkload::member).toList());
        return described;
    }

    private static Map<String, Object> member(MemberDescription member) {
        return map("memberId", member.consumerId(), "instanceId", member.groupInstanceId().orElse(null), "clientId", member.clientId(),
                "host", member.host(), "rackId", member.rackId().orElse(null), "epoch", member.memberEpoch().orElse(null),
                "assignment", names(member.assignment().topicPartitions()),
                "target", member.targetAssignment().map(target -> names(target.topicPartitions())).orElse(null));
    }

    private static List<String> names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).sorted().toList();
    }

    private List<Object> committed(String group, boolean stable) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> found = admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()),
                new ListConsumerGroupOffsetsOptions().requireStable(stable)).partitionsToOffsetAndMetadata(group).get();
        return found.entrySet().stream().filter(entry -> entry.getValue() != null).sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
                .map(entry -> (Object) map("topic", entry.getKey().topic(), "partition", entry.getKey().partition(), "offset", entry.getValue().offset(),
                        "leaderEpoch", entry.getValue().leaderEpoch().orElse(null), "metadata", entry.getValue().metadata())).toList();
    }

    private Map<String, Object> shareOffsets() throws Exception {
        Map<String, Object> found = new TreeMap<>();
        Map<TopicPartition, SharePartitionOffsetInfo> offsets = admin.listShareGroupOffsets(Map.of("share", new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo("share").get();
        offsets.forEach((partition, info) -> found.put(partition.toString(), info == null ? null : info.startOffset()));
        return found;
    }

    private TransactionDescription transaction(String id) throws Exception {
        return admin.describeTransactions(List.of(id)).all().get().get(id);
    }

    private List<Object> transactions() throws Exception {
        List<Object> found = new ArrayList<>();
        for (TransactionListing listing : admin.listTransactions().all().get()) {
            TransactionDescription of = transaction(listing.transactionalId());
            found.add(map("transactionalId", listing.transactionalId(), "state", of.state().toString(), "producerId", of.producerId(),
                    "producerEpoch", of.producerEpoch(), "timeoutMs", of.transactionTimeoutMs(),
                    "startTimeMs", of.transactionStartTimeMs().isPresent() ? of.transactionStartTimeMs().getAsLong() : null, "partitions", names(of.topicPartitions())));
        }
        return found;
    }

    private List<Object> openTransactions(Map<String, TopicDescription> topics) throws Exception {
        List<TopicPartition> partitions = new ArrayList<>();
        topics.values().forEach(topic -> topic.partitions().forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition()))));
        List<Object> found = new ArrayList<>();
        admin.describeProducers(partitions).all().get().forEach((partition, state) -> {
            for (ProducerState producer : state.activeProducers()) {
                if (producer.currentTransactionStartOffset().isEmpty()) continue;
                found.add(map("topic", partition.topic(), "partition", partition.partition(), "producerId", producer.producerId(),
                        "producerEpoch", producer.producerEpoch(), "firstOffset", producer.currentTransactionStartOffset().getAsLong(),
                        "lastTimestampMs", producer.lastTimestamp()));
            }
        });
        return found;
    }

    private static Map<String, Object> words(AclBinding acl) {
        return map("principal", acl.entry().principal(), "host", acl.entry().host(), "operation", acl.entry().operation().toString(),
                "permission", acl.entry().permissionType().toString(), "resourceType", acl.pattern().resourceType().toString(),
                "resourceName", acl.pattern().name(), "patternType", acl.pattern().patternType().toString());
    }

    private List<Object> quotas() throws Exception {
        List<Object> found = new ArrayList<>();
        admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get().forEach((entity, values) ->
                values.forEach((quota, value) -> found.add(map("entity", entity.entries(), "quota", quota, "value", value))));
        return found;
    }

    private List<Object> users() throws Exception {
        List<Object> found = new ArrayList<>();
        admin.describeUserScramCredentials().all().get().forEach((user, description) -> {
            for (ScramCredentialInfo info : description.credentialInfos()) {
                found.add(map("user", user, "mechanism", info.mechanism().mechanismName(), "iterations", info.iterations()));
            }
        });
        return found;
    }

    private void set(ConfigResource.Type type, String name, String key, String value) throws Exception {
        AlterConfigOp.OpType what = value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, name), List.of(new AlterConfigOp(new ConfigEntry(key, value), what)))).all().get();
    }

    private void quota(Map<String, String> entity, String name, Double value) throws Exception {
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(new ClientQuotaEntity(entity), List.of(new ClientQuotaAlteration.Op(name, value))))).all().get();
    }

    private void user(String name, ScramMechanism mechanism, int iterations) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, new ScramCredentialInfo(mechanism, iterations), "secret of " + name))).all().get();
    }

    private static AclBinding acl(ResourceType type, String name, PatternType pattern, String principal, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(new ResourcePattern(type, name, pattern), new AccessControlEntry(principal, "*", operation, permission));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> configs = new HashMap<>(clientConfigs());
        configs.putAll(more);
        return new KafkaProducer<>(configs);
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group, Map<String, Object> more) {
        Map<String, Object> configs = new HashMap<>(clientConfigs());
        configs.putAll(Map.of("group.id", group, "enable.auto.commit", false, "auto.offset.reset", "earliest"));
        configs.putAll(more);
        return new KafkaConsumer<>(configs);
    }

    private Map<String, Object> clientConfigs() {
        return Map.of("bootstrap.servers", address, "key.serializer", BYTES + "Serializer", "value.serializer", BYTES + "Serializer",
                "key.deserializer", BYTES + "Deserializer", "value.deserializer", BYTES + "Deserializer");
    }

    private static OffsetAndMetadata at(long offset, Integer epoch, String metadata) {
        return new OffsetAndMetadata(offset, Optional.ofNullable(epoch), metadata);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String word(Optional<?> value) {
        return value.map(Object::toString).orElse(null);
    }

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) map.put((String) pairs[i], pairs[i + 1]);
        return map;
    }
}
