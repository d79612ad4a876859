import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Produces and consumes as somebody, for each of several who say themselves who they are.
 *
 * <p>usage: SecureClients
 *
 * <p>Reads {@code [{"name": "…", "does": "produce", "topic": "…", "properties": {…}}, …]} from its standard input, and
 * prints what came of each: {@code {"…": "done"}}, or the exception that people see.
 */
public final class SecureClients {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(6);
        List<JsonNode> wishes = new ArrayList<>();
        JSON.readTree(System.in).forEach(wishes::add);
        List<Future<String>> outcomes = new ArrayList<>();
        for (JsonNode wish : wishes) outcomes.add(pool.submit(() -> outcome(wish)));
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < wishes.size(); i++) all.put(wishes.get(i).get("name").asText(), outcomes.get(i).get());
        pool.shutdown();
        System.out.println(JSON.writeValueAsString(all));
    }

    private static String outcome(JsonNode wish) {
        Properties properties = new Properties();
        wish.get("properties").properties().forEach(each -> properties.put(each.getKey(), each.getValue().asText()));
        try {
            String topic = wish.get("topic").asText();
            switch (wish.get("does").asText()) {
                case "produce":
                    return produce(properties, topic);
                case "join":
                    return consume(properties, topic, true);
                default:
                    return consume(properties, topic, false);
            }
        } catch (ExecutionException failure) {
            return said(failure.getCause());
        } catch (Exception failure) {
            return said(failure);
        }
    }

    private static String said(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }

    private static String produce(Properties properties, String topic) throws Exception {
        properties.put("max.block.ms", PATIENCE.toMillis());
        StringSerializer text = new StringSerializer();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties, text, text)) {
            producer.send(new ProducerRecord<>(topic, 0, null, "from Java")).get();
            return "done";
        }
    }

    private static String consume(Properties properties, String topic, boolean inGroup) {
        properties.put("auto.offset.reset", "earliest");
        properties.put("group.id", "security");
        StringDeserializer text = new StringDeserializer();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(properties, text, text)) {
            if (inGroup) consumer.subscribe(List.of(topic));
            else consumer.assign(List.of(new TopicPartition(topic, 0)));
            if (!inGroup) consumer.seekToBeginning(consumer.assignment());
            long end = System.currentTimeMillis() + PATIENCE.toMillis();
            while (System.currentTimeMillis() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500)))
                    if (!record.value().isEmpty()) return "done";
            }
            return "nothing came";
        }
    }
}
