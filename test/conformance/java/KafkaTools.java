import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's own tools one after the other, since to start Java for each takes longer than what it does.
 *
 * <p>usage: KafkaTools
 *
 * <p>Reads lines like {@code ["org.apache.kafka.tools.TopicCommand", "--list", …]} until its standard input ends, and
 * prints for each what came of it: {@code {"status": 0, "stdout": "…", "stderr": "…"}}.
 */
public final class KafkaTools {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Exited extends RuntimeException {
        Exited(int status) {
            super("exit " + status, null, false, false);
        }
    }

    /** A tool may catch what ends it, and then end again: the first one counts. */
    private static Integer status = null;

    /** What is printed goes to whoever runs: Scala keeps the stream that it found first. */
    private static final class Captured extends OutputStream {
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            bytes.write(value);
        }

        @Override
        public synchronized void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        synchronized String take() {
            String text = bytes.toString(StandardCharsets.UTF_8);
            bytes = new ByteArrayOutputStream();
            return text;
        }
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Captured stdout = new Captured();
        Captured stderr = new Captured();
        System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
        Exit.setExitProcedure((code, message) -> {
            if (status == null) status = code;
            throw new Exited(code);
        });
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            status = null;
            run(JSON.readTree(line));
            answers.println(JSON.createObjectNode().put("status", status).put("stdout", stdout.take()).put("stderr", stderr.take()));
        }
        Runtime.getRuntime().halt(0);
    }

    private static void run(JsonNode line) throws Exception {
        String[] args = new String[line.size() - 1];
        for (int i = 0; i < args.length; i++) args[i] = line.get(i + 1).asText();
        try {
            Class.forName(line.get(0).asText()).getMethod("main", String[].class).invoke(null, (Object) args);
            if (status == null) status = 0;
        } catch (InvocationTargetException thrown) {
            if (!(thrown.getCause() instanceof Exited)) thrown.getCause().printStackTrace();
            if (status == null) status = 1;
        }
    }
}
