import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Random messages of every kind and version that the jars on the class path know, one JSON line each.
 *
 * <p>usage: RandomMessages SEED COUNT
 *
 * <p>Random values are laid out by Kafka's runtime schemas and parsed by its generated classes; what those
 * write back, as bytes and as JSON, is the line.
 */
public final class RandomMessages {
    private static final long SAFE = (1L << 53) - 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Random random;
    private final PrintStream out;

    private RandomMessages(long seed, PrintStream out) {
        this.random = new Random(seed);
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        try (PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8)) {
            RandomMessages messages = new RandomMessages(Long.parseLong(args[0]), out);
            for (ApiMessageType api : ApiMessageType.values()) {
                if (api.requestSchemas().length == 0) continue;
                messages.printAll(api.newRequest().getClass(), count, Map.of("api", api.name, "type", "request"));
                messages.printAll(api.newResponse().getClass(), count, Map.of("api", api.name, "type", "response"));
            }
            for (String name : messageClasses()) {
                messages.printAll(Class.forName(name).asSubclass(Message.class), count, labels(name));
            }
        }
    }

    /** Every other message: headers, and what Kafka writes to its own logs and files. */
    private static Collection<String> messageClasses() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (String path : System.getProperty("java.class.path").split(":")) {
            if (!path.endsWith(".jar")) continue;
            try (JarFile jar = new JarFile(path)) {
                for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                    String name = all.nextElement().getName();
                    if (name.matches("org/apache/kafka/[^$]*[^/$]JsonConverter\\.class")) {
                        names.add(name.replaceAll("JsonConverter\\.class$", "").replace('/', '.'));
                    }
                }
            }
        }
        names.removeIf(name -> name.matches(".*(Request|Response)Data"));
        return names;
    }

    private static Map<String, String> labels(String className) {
        String name = className.substring(className.lastIndexOf('.') + 1);
        if (name.endsWith("HeaderData")) return Map.of("header", name.replaceAll("Data$", ""));
        return Map.of("record", name, "type", recordType(className));
    }

    private static String recordType(String className) {
        if (className.matches(".*\\.coordinator\\..*Key")) return "coordinator-key";
        if (className.matches(".*\\.coordinator\\..*Value")) return "coordinator-value";
        boolean framed = className.contains(".common.metadata.") || className.matches(".*\\.Remote(Log|Partition).*Record");
        return framed ? "metadata" : "data";
    }

    private void printAll(Class<? extends Message> type, int count, Map<String, String> labels) throws Exception {
        Schema[] schemas = (Schema[]) type.getField("SCHEMAS").get(null);
        for (short version = 0; version < schemas.length; version++) {
            if (schemas[version] == null) continue;
            for (int i = 0; i < count; i++) print(type, schemas[version], version, labels);
        }
    }

    private void print(Class<? extends Message> type, Schema schema, short version, Map<String, String> labels)
            throws Exception {
        Struct value = struct(schema, 0);
        ByteBuffer bytes = ByteBuffer.allocate(schema.sizeOf(value));
        schema.write(bytes, value);
        Message message = type.getConstructor().newInstance();
        message.read(new ByteBufferAccessor(bytes.flip()), version);

        ArrayNode unknownTags = MAPPER.createArrayNode();
        JsonNode json = finish(toJson(type, message, version), message, "", unknownTags);
        ObjectNode line = MAPPER.createObjectNode();
        new TreeMap<>(labels).forEach(line::put);
        line.put("version", version);
        line.put("hex", HexFormat.of().formatHex(array(MessageUtil.toByteBufferAccessor(message, version).buffer())));
        line.set("json", json);
        if (!unknownTags.isEmpty()) line.set("unknownTags", unknownTags);
        out.println(line);
    }

    private static JsonNode toJson(Class<?> type, Message message, short version) throws Exception {
        return (JsonNode)
                Class.forName(type.getName() + "JsonConverter")
                        .getMethod("write", type, short.class, boolean.class)
                        .invoke(null, message, version, true);
    }

    // ------------------------------------------------------------------ random values by schema

    private Struct struct(Schema schema, int depth) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) struct.set(field, value(field.def.type, depth));
        return struct;
    }

    private Object value(Type type, int depth) {
        if (type instanceof TaggedFields tagged) return tags(tagged, depth);
        if (type.isNullable() && random.nextInt(4) == 0) return null;
        if (type.isArray()) return array(type.arrayElementType().orElseThrow(), depth);
        if (type instanceof Schema schema) return struct(schema, depth + 1);
        return leaf(type.toString());
    }

    private Object[] array(Type element, int depth) {
        int limit = element instanceof Schema ? 4 - Math.min(depth, 2) : 6;
        Object[] elements = new Object[random.nextInt(limit)];
        for (int i = 0; i < elements.length; i++) elements[i] = value(element, depth);
        return elements;
    }

    /** Some of the tags that the schema knows, and now and then one that it does not. */
    private TreeMap<Integer, Object> tags(TaggedFields tagged, int depth) {
        TreeMap<Integer, Object> tags = new TreeMap<>();
        for (Map.Entry<Integer, Field> entry : tagged.fields().entrySet()) {
            Type type = entry.getValue().type;
            // Kafka's runtime schemas write a null struct in a tag otherwise than its generated classes read it.
            if (random.nextBoolean()) tags.put(entry.getKey(), type instanceof NullableSchema s ? struct(s, depth + 1) : value(type, depth));
        }
        if (random.nextInt(6) == 0) {
            int tag = 100 + random.nextInt(100_000);
            tags.put(tag, new RawTaggedField(tag, bytes()));
        }
        return tags;
    }

    private Object leaf(String type) {
        return switch (type) {
            case "BOOLEAN" -> random.nextBoolean();
            case "INT8" -> (byte) integer(8);
            case "INT16" -> (short) integer(16);
            case "UINT16" -> (int) (integer(16) & 0xffff);
            case "INT32" -> (int) integer(32);
            case "UINT32" -> integer(32) & 0xffffffffL;
            case "INT64" -> integer(64);
            case "FLOAT64" -> random.nextInt(5) == 0 ? (double) random.nextInt(1000) : random.nextGaussian() * 1e6;
            case "UUID" -> random.nextInt(5) == 0 ? Uuid.ZERO_UUID : new Uuid(random.nextLong(), random.nextLong());
            case "STRING", "COMPACT_STRING", "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> text();
            case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" -> ByteBuffer.wrap(bytes());
            case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes()));
            default -> throw new IllegalArgumentException("no random value for " + type);
        };
    }

    /** Small ones, the limits and their neighbours, and any. */
    private long integer(int bits) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(-2, 12);
            case 1 -> (1L << (bits - 1)) - 1 - random.nextInt(2);
            case 2 -> -(1L << (bits - 1)) + random.nextInt(2);
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    /** Around 127 bytes a compact length takes its second byte. */
    private int length() {
        return random.nextInt(8) == 0 ? 124 + random.nextInt(8) : random.nextInt(12);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = length(); left > 0; left--) text.appendCodePoint(codePoint());
        return text.toString();
    }

    private int codePoint() {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> 0x80 + random.nextInt(0x700);
            case 2 -> 0x4e00 + random.nextInt(0x5000);
            case 3 -> 0x1f300 + random.nextInt(0x300);
            default -> 0x20 + random.nextInt(0x5f);
        };
    }

    private byte[] bytes() {
        byte[] bytes = new byte[length()];
        random.nextBytes(bytes);
        return bytes;
    }

    // ------------------------------------------------------------------ what Kafka's JSON leaves out

    /** Walks the JSON beside the message: large integers become text, records get their bytes, tags are listed. */
    private static JsonNode finish(JsonNode json, Object value, String path, ArrayNode unknownTags) throws Exception {
        if (json.isIntegralNumber() && !isSafe(json.longValue())) return TextNode.valueOf(json.asText());
        if (json.isArray()) return finishArray(json, List.copyOf((Collection<?>) value), path, unknownTags);
        if (!json.isObject()) return value instanceof MemoryRecords records ? base64(records) : json;
        ObjectNode object = MAPPER.createObjectNode();
        addTags((Message) value, path, unknownTags);
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String inner = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            object.set(entry.getKey(), finish(entry.getValue(), member(value, entry.getKey()), inner, unknownTags));
        }
        return object;
    }

    private static JsonNode finishArray(JsonNode json, List<?> values, String path, ArrayNode unknownTags)
            throws Exception {
        ArrayNode array = MAPPER.createArrayNode();
        for (int i = 0; i < json.size(); i++) {
            array.add(finish(json.get(i), values.get(i), path + "[" + i + "]", unknownTags));
        }
        return array;
    }

    /** As JavaScript can tell it from its neighbours. */
    private static boolean isSafe(long value) {
        return -SAFE <= value && value <= SAFE;
    }

    private static Object member(Object owner, String name) throws ReflectiveOperationException {
        try {
            return owner.getClass().getMethod(name).invoke(owner);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(owner.getClass() + "." + name, e);
        }
    }

    private static void addTags(Message message, String path, ArrayNode unknownTags) {
        for (RawTaggedField field : message.unknownTaggedFields()) {
            unknownTags.addObject().put("path", path).put("tag", field.tag()).put("data", field.data());
        }
    }

    private static JsonNode base64(MemoryRecords records) {
        return BinaryNode.valueOf(array(records.buffer()));
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
