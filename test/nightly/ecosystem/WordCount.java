import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Counts the words of a topic exactly once: WordCount BOOTSTRAP STATE_DIR TOTAL. It stops once the counts that were
 * committed add up to TOTAL, and prints them. What it counted before, in another process, is in its changelog.
 */
public class WordCount {
  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    long total = Long.parseLong(args[2]);
    Properties streams = new Properties();
    streams.put("application.id", "word-count");
    streams.put("bootstrap.servers", bootstrap);
    streams.put("processing.guarantee", "exactly_once_v2");
    streams.put("num.stream.threads", "2");
    streams.put("commit.interval.ms", "100");
    streams.put("state.dir", args[1]);
    streams.put("default.key.serde", Serdes.String().getClass());
    streams.put("default.value.serde", Serdes.String().getClass());
    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream("lines")
        .flatMapValues(line -> List.of(line.split(" ")))
        .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
        .count()
        .toStream()
        .to("counts", Produced.with(Serdes.String(), Serdes.Long()));
    KafkaStreams running = new KafkaStreams(builder.build(), streams);
    running.start();
    Map<String, Long> counts = readCounts(bootstrap, total);
    running.close(Duration.ofSeconds(30));
    new TreeMap<>(counts).forEach((word, count) -> System.out.println(word + " " + count));
    System.exit(0);
  }

  private static Map<String, Long> readCounts(String bootstrap, long total) {
    Properties reading = new Properties();
    reading.put("bootstrap.servers", bootstrap);
    reading.put("isolation.level", "read_committed");
    reading.put("auto.offset.reset", "earliest");
    Map<String, Long> counts = new HashMap<>();
    try (KafkaConsumer<String, Long> consumer =
        new KafkaConsumer<>(reading, new StringDeserializer(), new LongDeserializer())) {
      var partitions = consumer.partitionsFor("counts").stream()
          .map(each -> new org.apache.kafka.common.TopicPartition(each.topic(), each.partition()))
          .toList();
      consumer.assign(partitions);
      long endMs = System.currentTimeMillis() + 90_000;
      while (counts.values().stream().mapToLong(Long::longValue).sum() < total) {
        if (System.currentTimeMillis() > endMs) throw new IllegalStateException("only " + counts);
        consumer.poll(Duration.ofMillis(100)).forEach(each -> counts.put(each.key(), each.value()));
      }
    }
    return counts;
  }
}
