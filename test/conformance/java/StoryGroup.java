import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Of one story: its group, its topics, its lines. */
final class StoryGroup {
    interface Attempt {
        void run() throws Exception;
    }

    private static final long PATIENCE_MS = 20_000;

    final String id;
    final List<String> lines = new ArrayList<>();
    private final String bootstrap;
    private final Admin admin;

    StoryGroup(String id, String bootstrap, Admin admin) {
        this.id = id;
        this.bootstrap = bootstrap;
        this.admin = admin;
    }

    void say(String line) {
        lines.add(line.replace(id + "-", ""));
    }

    void attempt(String what, Attempt attempt) {
        try {
            attempt.run();
            say(what + ": done");
        } catch (Exception refused) {
            String message = refused instanceof TimeoutException ? "" : refused.getMessage();
            say(what + ": " + refused.getClass().getSimpleName() + " " + message);
        }
    }

    void set(String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, id);
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
    }

    void topic(String name, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(id + "-" + name, partitions, (short) 1))).all().get();
    }

    TopicPartition at(String topic, int partition) {
        return new TopicPartition(id + "-" + topic, partition);
    }

    void produce(String topic, int partitions, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count * partitions; i++)
                producer.send(new ProducerRecord<>(id + "-" + topic, i % partitions, null, "v"));
        }
    }

    KafkaConsumer<String, String> consumer(Map<String, String> more) {
        Map<String, Object> config = new HashMap<>(Map.of(
            "bootstrap.servers", bootstrap, "group.id", id, "group.protocol", "consumer", "auto.offset.reset", "earliest",
            "enable.auto.commit", "false", "metadata.max.age.ms", "500", "fetch.max.wait.ms", "50"));
        config.putAll(more);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    StoryMember member(String name, Map<String, String> more) {
        return new StoryMember(name, consumer(more));
    }

    /** Until the group has come to rest with so many partitions, and these members know it. */
    void settle(int partitions, StoryMember... members) throws Exception {
        poll(() -> {
            int own = 0;
            for (StoryMember each : members) own += each.consumer.assignment().size();
            return own == partitions && isAtRest(members);
        }, members);
        // Partitions are there before the listener has heard of them.
        for (StoryMember each : members) each.poll();
    }

    private boolean isAtRest(StoryMember... members) throws Exception {
        ConsumerGroupDescription group = describe();
        if (group.groupState() != GroupState.STABLE || group.members().size() != members.length) return false;
        for (MemberDescription each : group.members())
            if (!each.memberEpoch().equals(group.groupEpoch())) return false;
        return true;
    }

    void poll(Callable<Boolean> isEnough, StoryMember... members) throws Exception {
        long end = System.currentTimeMillis() + PATIENCE_MS;
        while (!isEnough.call()) {
            if (System.currentTimeMillis() > end) throw new IllegalStateException("never after " + lines);
            for (StoryMember each : members) each.poll();
        }
    }

    ConsumerGroupDescription describe() throws Exception {
        return admin.describeConsumerGroups(List.of(id)).all().get().get(id);
    }

    String until(GroupState state) throws Exception {
        poll(() -> {
            Thread.sleep(20);
            return describe().groupState() == state;
        });
        return " " + state;
    }

    String type() throws Exception {
        return admin.listGroups().all().get().stream().filter(each -> each.groupId().equals(id))
            .map(each -> each.type().get() + " " + each.protocol()).collect(Collectors.joining());
    }
}
