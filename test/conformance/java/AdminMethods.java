import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Calls the methods of Admin one after the other, and prints a line for what each brought: AdminMethods BOOTSTRAP. */
public class AdminMethods {
  private static Admin admin;
  private static String bootstrap;

  public static void main(String[] args) throws Exception {
    bootstrap = args[0];
    admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", "5000", "default.api.timeout.ms", "5000"));
    topics();
    records();
    configs();
    groups();
    cluster();
    security();
    transactions();
    last();
    System.exit(0);
  }

  private static void topics() {
    var two = new NewTopic("two", 2, (short) 1).configs(Map.of("retention.ms", "86400000"));
    say("createTopics", () -> {
      var result = admin.createTopics(List.of(two, new NewTopic("one", Optional.of(1), Optional.empty())));
      result.all().get();
      return result.numPartitions("two").get() + " " + result.replicationFactor("one").get() + " " + names(result.config("two").get());
    });
    say("createTopics again", () -> admin.createTopics(List.of(two)).all().get());
    say("createTopics too many replicas", () -> admin.createTopics(List.of(new NewTopic("many", 1, (short) 3))).all().get());
    say("createTopics bad config", () -> admin.createTopics(List.of(new NewTopic("bad", 1, (short) 1).configs(Map.of("retention.ms", "x")))).all().get());
    say("createPartitions", () -> admin.createPartitions(Map.of("two", NewPartitions.increaseTo(3))).all().get());
    say("createPartitions fewer", () -> admin.createPartitions(Map.of("two", NewPartitions.increaseTo(1))).all().get());
    say("listTopics", () -> admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream().sorted().toList());
    say("describeTopics", () -> admin.describeTopics(List.of("one", "two")).allTopicNames().get().values().stream().map(AdminMethods::topicLine).sorted().toList());
    say("describeTopics with operations", () -> admin.describeTopics(List.of("one"), new DescribeTopicsOptions().includeAuthorizedOperations(true)).allTopicNames().get().get("one").authorizedOperations().stream().sorted().toList());
    say("describeTopics unknown", () -> admin.describeTopics(List.of("none")).allTopicNames().get());
    say("describeTopics by unknown id", () -> admin.describeTopics(TopicCollection.ofTopicIds(List.of(new Uuid(1, 2)))).allTopicIds().get());
    say("electLeaders", () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(new TopicPartition("one", 0))).partitions().get());
    say("electLeaders all", () -> admin.electLeaders(ElectionType.UNCLEAN, null).partitions().get());
    say("alterPartitionReassignments", () -> admin.alterPartitionReassignments(Map.of(new TopicPartition("one", 0), Optional.of(new NewPartitionReassignment(List.of(1))))).all().get());
    say("alterPartitionReassignments elsewhere", () -> admin.alterPartitionReassignments(Map.of(new TopicPartition("one", 0), Optional.of(new NewPartitionReassignment(List.of(9))))).all().get());
    say("alterPartitionReassignments cancel", () -> admin.alterPartitionReassignments(Map.of(new TopicPartition("one", 0), Optional.empty())).all().get());
    say("listPartitionReassignments", () -> admin.listPartitionReassignments().reassignments().get());
    say("describeLogDirs", () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream().map(dir -> dir.error() + " " + dir.replicaInfos().keySet().stream().map(String::valueOf).filter(each -> each.startsWith("o") || each.startsWith("t")).sorted().toList() + dir.totalBytes().isPresent() + dir.isCordoned()).toList());
    say("describeReplicaLogDirs", () -> admin.describeReplicaLogDirs(List.of(new TopicPartitionReplica("one", 0, 1))).all().get().values().stream().map(info -> info.getCurrentReplicaOffsetLag() + " " + info.getFutureReplicaLogDir()).toList());
    say("alterReplicaLogDirs", () -> admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica("one", 0, 1), "/nowhere")).all().get());
  }

  private static void records() throws Exception {
    Properties producing = new Properties();
    producing.put("bootstrap.servers", bootstrap);
    producing.put("transactional.id", "first");
    try (var producer = new KafkaProducer<>(producing, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < 5; i++) producer.send(new ProducerRecord<>("one", 0, 1000L + i, "key" + i, "value"));
      producer.commitTransaction();
    }
    var at = new TopicPartition("one", 0);
    // The marker is written once the producer has its answer.
    while (admin.listOffsets(Map.of(at, OffsetSpec.latest())).partitionResult(at).get().offset() < 6) Thread.sleep(20);
    for (var spec : List.of(OffsetSpec.earliest(), OffsetSpec.latest(), OffsetSpec.maxTimestamp(), OffsetSpec.forTimestamp(1002), OffsetSpec.forTimestamp(9000), OffsetSpec.earliestLocal(), OffsetSpec.latestTiered(), OffsetSpec.earliestPendingUpload()))
      say("listOffsets " + spec.getClass().getSimpleName(), () -> admin.listOffsets(Map.of(at, spec)).partitionResult(at).get());
    say("deleteRecords", () -> admin.deleteRecords(Map.of(at, RecordsToDelete.beforeOffset(2))).lowWatermarks().get(at).get().lowWatermark());
    say("deleteRecords beyond", () -> admin.deleteRecords(Map.of(at, RecordsToDelete.beforeOffset(99))).all().get());
    say("describeProducers", () -> admin.describeProducers(List.of(at)).all().get().values().stream().map(each -> each.activeProducers().stream().map(state -> state.producerEpoch() + " " + state.lastSequence() + " " + state.coordinatorEpoch() + " " + state.currentTransactionStartOffset()).toList()).toList());
  }

  private static void configs() {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, "one");
    var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
    var all = new ConfigResource(ConfigResource.Type.BROKER, "");
    var group = new ConfigResource(ConfigResource.Type.GROUP, "classic");
    var metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "ours");
    say("incrementalAlterConfigs", () -> admin.incrementalAlterConfigs(Map.of(
        topic, List.of(set("retention.bytes", "1000000"), append("cleanup.policy", "compact")),
        all, List.of(set("log.retention.ms", "3600000")),
        group, List.of(set("consumer.session.timeout.ms", "46000")),
        metrics, List.of(set("interval.ms", "1000")))).all().get());
    say("incrementalAlterConfigs bad", () -> admin.incrementalAlterConfigs(Map.of(topic, List.of(set("segment.bytes", "1")))).all().get());
    say("incrementalAlterConfigs of one that cannot be", () -> admin.incrementalAlterConfigs(Map.of(broker, List.of(set("process.roles", "broker")))).all().get());
    for (var resource : List.of(topic, group, metrics, all))
      say("describeConfigs " + resource.type(), () -> entries(resource));
    say("describeConfigs BROKER_LOGGER", () -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1"))).all().get().values().iterator().next().entries().size() > 0);
    say("describeConfigs unknown", () -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, "none"))).all().get());
    say("listConfigResources", () -> admin.listConfigResources().all().get().stream().map(String::valueOf).sorted().toList());
    say("listConfigResources GROUP", () -> admin.listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions()).all().get());
    say("listClientMetricsResources", () -> admin.listClientMetricsResources().all().get());
  }

  private static void groups() {
    for (var protocol : List.of("classic", "consumer")) say("consume " + protocol, () -> consume(protocol));
    say("listGroups", () -> admin.listGroups().all().get().stream().map(String::valueOf).sorted().toList());
    say("listConsumerGroups", () -> admin.listConsumerGroups().all().get().stream().map(String::valueOf).sorted().toList());
    say("describeClassicGroups", () -> admin.describeClassicGroups(List.of("classic")).all().get().values().stream().map(each -> each.state() + each.protocol() + each.members().size()).toList());
    say("describeClassicGroups consumer", () -> admin.describeClassicGroups(List.of("consumer")).all().get());
    say("describeConsumerGroups unknown", () -> admin.describeConsumerGroups(List.of("none")).all().get());
    say("describeShareGroups unknown", () -> admin.describeShareGroups(List.of("none")).all().get());
    say("describeShareGroups of another kind", () -> admin.describeShareGroups(List.of("consumer")).all().get());
    say("listConsumerGroupOffsets", () -> new TreeMap<>(admin.listConsumerGroupOffsets(Map.of("classic", new ListConsumerGroupOffsetsSpec(), "consumer", new ListConsumerGroupOffsetsSpec())).all().get()));
    var zero = new TopicPartition("one", 0);
    say("alterConsumerGroupOffsets", () -> admin.alterConsumerGroupOffsets("made", Map.of(zero, new OffsetAndMetadata(2, Optional.of(0), "note"))).all().get());
    say("alterConsumerGroupOffsets unknown", () -> admin.alterConsumerGroupOffsets("made", Map.of(new TopicPartition("none", 0), new OffsetAndMetadata(2))).all().get());
    say("listConsumerGroupOffsets made", () -> admin.listConsumerGroupOffsets("made").partitionsToOffsetAndMetadata().get());
    say("deleteConsumerGroupOffsets", () -> admin.deleteConsumerGroupOffsets("made", Set.of(zero)).all().get());
    say("removeMembersFromConsumerGroup", () -> admin.removeMembersFromConsumerGroup("classic", new RemoveMembersFromConsumerGroupOptions()).all().get());
    say("removeMembersFromConsumerGroup unknown", () -> admin.removeMembersFromConsumerGroup("classic", new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("nobody")))).all().get());
    say("alterShareGroupOffsets", () -> admin.alterShareGroupOffsets("sharing", Map.of(zero, 3L)).all().get());
    say("listShareGroupOffsets", () -> admin.listShareGroupOffsets(Map.of("sharing", new ListShareGroupOffsetsSpec())).all().get());
    say("describeShareGroups", () -> admin.describeShareGroups(List.of("sharing")).all().get().values().stream().map(each -> each.groupState() + " " + each.members().size()).toList());
    say("deleteShareGroupOffsets", () -> admin.deleteShareGroupOffsets("sharing", Set.of("one")).all().get());
    say("deleteShareGroups", () -> admin.deleteShareGroups(List.of("sharing")).all().get());
    say("deleteConsumerGroups", () -> admin.deleteConsumerGroups(List.of("classic", "consumer")).all().get());
    say("deleteConsumerGroups unknown", () -> admin.deleteConsumerGroups(List.of("none")).all().get());
    say("describeStreamsGroups unknown", () -> admin.describeStreamsGroups(List.of("none")).all().get());
  }

  private static int consume(String protocol) throws Exception {
    Properties consuming = new Properties();
    consuming.put("bootstrap.servers", bootstrap);
    consuming.put("group.id", protocol);
    consuming.put("group.protocol", protocol);
    consuming.put("auto.offset.reset", "earliest");
    try (var consumer = new KafkaConsumer<>(consuming, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("one"));
      var zero = new TopicPartition("one", 0);
      for (int i = 0; i < 100 && !(consumer.assignment().contains(zero) && consumer.position(zero) == 6); i++) consumer.poll(Duration.ofMillis(200));
      consumer.commitSync();
      say("describeConsumerGroups " + protocol, () -> admin.describeConsumerGroups(List.of(protocol)).all().get().values().stream().map(AdminMethods::groupLine).toList());
      say("deleteConsumerGroups with members " + protocol, () -> admin.deleteConsumerGroups(List.of(protocol)).all().get());
      say("deleteConsumerGroupOffsets subscribed " + protocol, () -> admin.deleteConsumerGroupOffsets(protocol, Set.of(new TopicPartition("one", 0))).all().get());
    }
    return 0;
  }

  private static void cluster() {
    say("describeCluster", () -> {
      var result = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));
      return result.nodes().get().size() + " " + result.controller().get().id() + " " + result.authorizedOperations().get().stream().sorted().toList();
    });
    say("describeCluster fenced", () -> admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true)).nodes().get().stream().map(each -> each.id() + " " + each.isFenced()).toList());
    say("describeFeatures", () -> {
      var features = admin.describeFeatures().featureMetadata().get();
      return new TreeMap<>(features.finalizedFeatures()) + " " + new TreeMap<>(features.supportedFeatures());
    });
    say("updateFeatures", () -> admin.updateFeatures(Map.of("transaction.version", new FeatureUpdate((short) 9, FeatureUpdate.UpgradeType.UPGRADE)), new UpdateFeaturesOptions()).all().get());
    say("updateFeatures dry", () -> admin.updateFeatures(Map.of("group.version", new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE)), new UpdateFeaturesOptions().validateOnly(true)).all().get());
    say("describeMetadataQuorum", () -> {
      var quorum = admin.describeMetadataQuorum().quorumInfo().get();
      return quorum.leaderId() + " " + quorum.voters().stream().map(each -> each.replicaId()).toList() + " " + quorum.observers().size() + " " + (quorum.highWatermark() > 0);
    });
    say("unregisterBroker", () -> admin.unregisterBroker(77).all().get());
    say("addRaftVoter", () -> admin.addRaftVoter(7, new Uuid(1, 2), Set.of(new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", 1))).all().get());
    say("removeRaftVoter", () -> admin.removeRaftVoter(7, new Uuid(1, 2)).all().get());
    say("clientInstanceId", () -> admin.clientInstanceId(Duration.ofSeconds(1)));
  }

  private static void security() {
    var acl = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "one", PatternType.LITERAL), new AccessControlEntry("User:a", "*", AclOperation.READ, AclPermissionType.ALLOW));
    say("createAcls", () -> admin.createAcls(List.of(acl)).all().get());
    say("describeAcls", () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
    say("deleteAcls", () -> admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get());
    say("alterUserScramCredentials", () -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret"))).all().get());
    say("alterUserScramCredentials too few", () -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 1), "secret"))).all().get());
    say("alterUserScramCredentials unknown", () -> admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion("bob", ScramMechanism.SCRAM_SHA_256))).all().get());
    say("describeUserScramCredentials", () -> admin.describeUserScramCredentials().all().get());
    say("describeUserScramCredentials unknown", () -> admin.describeUserScramCredentials(List.of("bob")).description("bob").get());
    var entity = new ClientQuotaEntity(Map.of("user", "alice"));
    say("alterClientQuotas", () -> admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1e9))))).all().get());
    say("alterClientQuotas unknown", () -> admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op("nothing", 1e9))))).all().get());
    say("describeClientQuotas", () -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get());
    say("createDelegationToken", () -> admin.createDelegationToken().delegationToken().get());
    say("renewDelegationToken", () -> admin.renewDelegationToken(new byte[4]).expiryTimestamp().get());
    say("expireDelegationToken", () -> admin.expireDelegationToken(new byte[4]).expiryTimestamp().get());
    say("describeDelegationToken", () -> admin.describeDelegationToken().delegationTokens().get());
  }

  private static void transactions() {
    say("listTransactions", () -> admin.listTransactions().all().get().stream().map(each -> each.transactionalId() + " " + each.state()).toList());
    say("listTransactions by pattern", () -> admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern("f.*")).all().get().size());
    say("describeTransactions", () -> admin.describeTransactions(List.of("first")).all().get().values().stream().map(each -> each.state() + " " + each.topicPartitions() + " " + each.transactionTimeoutMs()).toList());
    say("describeTransactions unknown", () -> admin.describeTransactions(List.of("none")).all().get());
    say("fenceProducers", () -> admin.fenceProducers(List.of("first")).all().get());
    say("abortTransaction", () -> admin.abortTransaction(new AbortTransactionSpec(new TopicPartition("one", 0), 4711, (short) 0, 0)).all().get());
    say("forceTerminateTransaction", () -> admin.forceTerminateTransaction("first").result().get());
  }

  private static void last() {
    say("deleteTopics", () -> admin.deleteTopics(List.of("one")).all().get());
    say("deleteTopics unknown", () -> admin.deleteTopics(List.of("none")).all().get());
    say("deleteTopics by unknown id", () -> admin.deleteTopics(TopicCollection.ofTopicIds(List.of(new Uuid(1, 2)))).all().get());
    say("listTopics left", () -> admin.listTopics().names().get());
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private static AlterConfigOp append(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.APPEND);
  }

  private static Object names(Config config) {
    return config.entries().stream().map(ConfigEntry::name).sorted().collect(Collectors.joining(","));
  }

  private static Object entries(ConfigResource resource) throws Exception {
    var options = new DescribeConfigsOptions().includeSynonyms(true);
    return admin.describeConfigs(List.of(resource), options).all().get().get(resource).entries().stream()
        .filter(each -> each.source() != ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG)
        .map(each -> each.name() + "=" + each.value() + " " + each.source() + each.isReadOnly() + each.type())
        .sorted().collect(Collectors.joining("\n"));
  }

  private static String topicLine(TopicDescription topic) {
    return topic.name() + " " + topic.isInternal() + " " + topic.partitions().stream().map(each -> each.partition() + ":" + each.leader().id() + each.replicas().size() + each.isr().size() + each.elr() + each.lastKnownElr()).toList();
  }

  private static String groupLine(ConsumerGroupDescription group) {
    return group.groupId() + " " + group.type() + " " + group.groupState() + " " + group.partitionAssignor() + " " + group.isSimpleConsumerGroup() + " " + group.groupEpoch() + group.targetAssignmentEpoch() + " " + group.coordinator().id() + " " + group.members().stream().map(each -> each.assignment() + " " + each.targetAssignment() + each.groupInstanceId() + each.memberEpoch() + each.upgraded()).toList();
  }

  private static void say(String name, Callable<?> call) {
    System.out.println(name + ": " + outcome(call));
  }

  private static String outcome(Callable<?> call) {
    try {
      return String.valueOf(call.call());
    } catch (ExecutionException error) {
      return String.valueOf(error.getCause());
    } catch (Exception error) {
      return String.valueOf(error);
    }
  }
}
