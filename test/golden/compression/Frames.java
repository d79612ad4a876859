import java.io.*;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.*;

/** Kafka's own streams behind lines: "read|write codec magic base64" is answered by "ok base64" or "error what". */
public class Frames {
  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ", -1);
      byte magic = Byte.parseByte(words[2]);
      byte[] data = Base64.getDecoder().decode(words[3]);
      try {
        Compression compression = Compression.of(CompressionType.forName(words[1])).build();
        byte[] answer = words[0].equals("read") ? read(compression, magic, data) : write(compression, magic, data);
        System.out.println("ok " + Base64.getEncoder().encodeToString(answer));
      } catch (Throwable error) {
        System.out.println("error " + error);
      }
      System.out.flush();
    }
  }

  static byte[] read(Compression compression, byte magic, byte[] data) throws IOException {
    try (InputStream in = compression.wrapForInput(ByteBuffer.wrap(data), magic, BufferSupplier.create())) {
      return in.readAllBytes();
    }
  }

  static byte[] write(Compression compression, byte magic, byte[] data) throws IOException {
    ByteBufferOutputStream bytes = new ByteBufferOutputStream(1024);
    try (OutputStream out = compression.wrapForOutput(bytes, magic)) {
      out.write(data);
    }
    ByteBuffer written = bytes.buffer();
    written.flip();
    byte[] answer = new byte[written.remaining()];
    written.get(answer);
    return answer;
  }
}
