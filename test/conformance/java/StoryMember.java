import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** One of its members, with what its listener hears and what it reads. */
final class StoryMember implements ConsumerRebalanceListener {
    private static final long PATIENCE_MS = 20_000;
    private static final Duration TURN = Duration.ofMillis(20);

    final String name;
    final KafkaConsumer<String, String> consumer;
    final List<String> events = new ArrayList<>();
    final List<String> records = new ArrayList<>();
    boolean isCounted;
    String failing = "";

    StoryMember(String name, KafkaConsumer<String, String> consumer) {
        this.name = name;
        this.consumer = consumer;
    }

    void subscribe(String... topics) {
        String group = consumer.groupMetadata().groupId();
        List<String> names = new ArrayList<>();
        for (String each : topics) names.add(group + "-" + each);
        consumer.subscribe(names, this);
    }

    void poll() {
        for (ConsumerRecord<String, String> each : consumer.poll(TURN)) records.add(each.partition() + ":" + each.offset());
    }

    /** So many records, whichever comes first. */
    List<String> read(int count) {
        long end = System.currentTimeMillis() + PATIENCE_MS;
        while (records.size() < count && System.currentTimeMillis() < end) poll();
        List<String> read = records.stream().sorted().toList();
        records.clear();
        return read;
    }

    /** What its listener has heard since. */
    String told() {
        String told = name + events;
        events.clear();
        return told;
    }

    String byTopic() {
        Map<String, Integer> counts = new TreeMap<>();
        for (TopicPartition each : consumer.assignment()) counts.merge(each.topic(), 1, Integer::sum);
        return name + counts;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        heard("assigned", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        heard("revoked", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        heard("lost", partitions);
    }

    private void heard(String what, Collection<TopicPartition> partitions) {
        events.add(what + (isCounted ? " " + partitions.size() : ModernConsumers.sorted(partitions)));
        if (!failing.equals(what)) return;
        failing = "";
        throw new IllegalArgumentException("it fails");
    }
}
