import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.coordinator.share.PersisterStateBatchCombiner;
import org.apache.kafka.server.share.persister.PersisterStateBatch;

/** Lists of batches, and what Kafka's share coordinator combines them to: a line of JSON each. */
public final class ShareBatches {
    public static void main(String[] args) {
        Random random = new Random(20260822);
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            List<PersisterStateBatch> older = batches(random);
            List<PersisterStateBatch> newer = batches(random);
            long startOffset = random.nextInt(4) == 0 ? -1 : random.nextInt(20);
            List<PersisterStateBatch> combined =
                new PersisterStateBatchCombiner(older, newer, startOffset).combineStateBatches();
            System.out.printf("{\"older\":%s,\"newer\":%s,\"startOffset\":%d,\"combined\":%s}%n",
                json(older), json(newer), startOffset, json(combined));
        }
    }

    private static List<PersisterStateBatch> batches(Random random) {
        List<PersisterStateBatch> batches = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            long first = random.nextInt(24);
            byte state = new byte[] {0, 2, 4}[random.nextInt(3)];
            batches.add(new PersisterStateBatch(first, first + random.nextInt(10), state, (short) (1 + random.nextInt(3))));
        }
        return batches;
    }

    private static String json(List<PersisterStateBatch> batches) {
        return batches.stream()
            .map(b -> String.format("[%d,%d,%d,%d]", b.firstOffset(), b.lastOffset(), b.deliveryState(), b.deliveryCount()))
            .collect(Collectors.joining(",", "[", "]"));
    }
}
