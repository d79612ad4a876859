import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Consumers with {@code group.protocol=consumer} live through stories, side by side, each in a group of its own, and
 * print what they saw: ModernConsumers BOOTSTRAP PREFIX.
 */
public final class ModernConsumers {
    private static final long PATIENCE_MS = 20_000;
    private static final Duration TURN = Duration.ofMillis(20);

    private static String bootstrap;
    private static String prefix;
    private static Admin admin;

    private interface Story {
        void tell(Group group) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        bootstrap = args[0];
        prefix = args[1];
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        Map<String, Story> stories = new TreeMap<>();
        stories.put("names", ModernConsumers::names);
        stories.put("pattern", ModernConsumers::pattern);
        stories.put("static", ModernConsumers::staticMembers);
        stories.put("range", group -> assignor(group, "range"));
        stories.put("uniform", group -> assignor(group, "uniform"));
        stories.put("changing", ModernConsumers::changing);
        stories.put("migrated", ModernConsumers::migrated);
        stories.put("growing", ModernConsumers::growing);
        stories.put("late", ModernConsumers::late);
        ExecutorService side = Executors.newCachedThreadPool();
        Map<String, Future<List<String>>> told = new TreeMap<>();
        stories.forEach((name, story) -> told.put(name, side.submit(toldIn(name, story))));
        for (Map.Entry<String, Future<List<String>>> each : told.entrySet())
            for (String line : each.getValue().get()) System.out.println(each.getKey() + ": " + line.replace(prefix, ""));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static Callable<List<String>> toldIn(String name, Story story) {
        return () -> {
            Group group = new Group(prefix + name);
            try {
                group.set("consumer.heartbeat.interval.ms", "100");
                group.set("consumer.assignment.interval.ms", "0");
                story.tell(group);
            } catch (Throwable failed) {
                group.say("failed " + failed);
                failed.printStackTrace();
            }
            return group.lines;
        };
    }

    private static void names(Group group) throws Exception {
        group.topic("a", 2);
        group.produce("a", 2, 6);
        TopicPartition zero = group.at("a", 0);
        TopicPartition one = group.at("a", 1);
        Member member = group.member("one", Map.of());
        member.subscribe("a");
        group.settle(2, member);
        group.say(member.told() + " epoch " + member.consumer.groupMetadata().generationId());
        group.say("read " + member.read(12));
        group.say("none " + member.consumer.committed(Set.of(zero, one)));
        member.consumer.commitSync();
        member.consumer.commitSync(Map.of(one, new OffsetAndMetadata(4, Optional.of(0), "said")));
        group.say("committed " + new TreeMap<>(byName(member.consumer.committed(Set.of(zero, one)))));
        member.consumer.seek(zero, 3);
        member.consumer.seekToEnd(List.of(one));
        member.consumer.pause(List.of(one));
        group.say("sought " + member.read(3) + " at " + member.consumer.position(zero) + " and " + member.consumer.position(one));
        group.say("paused " + member.consumer.paused());
        group.produce("a", 2, 1);
        group.say("paused " + member.read(1));
        member.consumer.resume(List.of(one));
        group.say("resumed " + member.read(1));
        member.consumer.commitAsync((offsets, failed) -> group.say("async " + new TreeMap<>(byName(offsets)) + failed));
        group.poll(() -> group.lines.get(group.lines.size() - 1).startsWith("async"), member);
        member.consumer.unsubscribe();
        group.say(member.told() + " then " + member.consumer.subscription() + group.until(GroupState.EMPTY));
        group.say("epoch " + member.consumer.groupMetadata().generationId());
        member.subscribe("a");
        group.settle(2, member);
        group.say(member.told() + " at " + member.consumer.position(zero) + " and " + member.consumer.position(one));
        try (KafkaConsumer<String, String> alone = group.consumer(Map.of())) {
            alone.assign(List.of(zero));
            group.say("alone at " + alone.position(zero));
            group.attempt("commits of who is no member", () -> alone.commitSync(Map.of(zero, new OffsetAndMetadata(1))));
        }
        member.consumer.close();
        group.say(member.told() + group.until(GroupState.EMPTY));
        try (KafkaConsumer<String, String> alone = group.consumer(Map.of())) {
            group.attempt("commits for an empty group", () -> alone.commitSync(Map.of(zero, new OffsetAndMetadata(1))));
            group.say("committed " + byName(alone.committed(Set.of(zero))));
        }
    }

    private static void pattern(Group group) throws Exception {
        for (String name : List.of("a1", "a2", "b1")) group.topic(name, 1);
        Member member = group.member("one", Map.of());
        member.consumer.subscribe(new SubscriptionPattern(Pattern.quote(group.id + "-") + "a.*"), member);
        group.settle(2, member);
        group.say(member.told());
        Member other = group.member("two", Map.of());
        other.consumer.subscribe(new SubscriptionPattern(group.id + "-(b1|a3)"), other);
        group.settle(3, member, other);
        group.say(member.told() + other.told());
        // Matches of a topic that is new are looked for ten seconds after the last time.
        group.topic("a3", 1);
        group.settle(4, member, other);
        group.say("four " + member.told().startsWith("one") + (member.consumer.assignment().size() + other.consumer.assignment().size()));
        other.consumer.close();
        group.settle(3, member);
        group.say("without the other " + sorted(member.consumer.assignment()));
        member.told();
        member.consumer.subscribe(new SubscriptionPattern(group.id + "-b.*"), member);
        group.settle(1, member);
        group.say(member.told());
        member.consumer.subscribe(Pattern.compile(".*" + group.id + "-a[12]"), member);
        group.settle(2, member);
        group.say(member.told());
        member.consumer.close();
        Member wrong = group.member("three", Map.of());
        wrong.consumer.subscribe(new SubscriptionPattern("a(?<=b)"), wrong);
        group.attempt("what RE2 has not", () -> group.poll(() -> false, wrong));
        wrong.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    private static void staticMembers(Group group) throws Exception {
        group.set("consumer.session.timeout.ms", "3000");
        group.topic("a", 4);
        Map<String, String> first = Map.of("group.instance.id", "s1", "group.remote.assignor", "range");
        Map<String, String> second = Map.of("group.instance.id", "s2", "group.remote.assignor", "range");
        Member one = group.member("one", first);
        Member two = group.member("two", second);
        for (Member each : List.of(one, two)) each.subscribe("a");
        group.settle(4, one, two);
        one.told();
        group.say(sorted(one.consumer.assignment()) + " " + sorted(two.consumer.assignment()) + two.told());
        two.consumer.close();
        group.say(two.told() + " remembered " + group.describe().members().size());
        Member back = group.member("back", second);
        back.subscribe("a");
        group.settle(4, one, back);
        group.say(one.told() + back.told());
        Member twin = group.member("twin", second);
        twin.subscribe("a");
        group.attempt("an instance that is there", () -> group.poll(() -> false, twin, one, back));
        twin.consumer.close();
        back.consumer.close();
        group.settle(4, one);
        group.say(back.told() + " its time over " + one.told());
        Member again = group.member("again", second);
        again.subscribe("a");
        group.settle(4, one, again);
        group.say(one.told() + again.told());
        again.consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        group.settle(4, one);
        group.say(again.told() + one.told());
        one.consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        group.say(one.told() + group.until(GroupState.EMPTY));
    }

    private static void assignor(Group group, String name) throws Exception {
        group.topic("a", 3);
        group.topic("b", 3);
        Member one = group.member("one", Map.of("group.remote.assignor", name));
        Member two = group.member("two", Map.of("group.remote.assignor", name));
        one.isCounted = two.isCounted = true;
        for (Member each : List.of(one, two)) {
            each.subscribe("a", "b");
            group.poll(() -> each.consumer.groupMetadata().generationId() > 0, one);
        }
        group.settle(6, one, two);
        List<Integer> sizes = new ArrayList<>();
        for (Member each : List.of(one, two)) sizes.add(each.consumer.assignment().size());
        group.say(sizes.stream().sorted().toList() + " by " + group.describe().partitionAssignor());
        Member three = group.member("three", Map.of("group.remote.assignor", "none"));
        three.subscribe("a");
        group.attempt("an assignor that is not there", () -> group.poll(() -> false, three));
        for (Member each : List.of(one, two, three)) each.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    private static void changing(Group group) throws Exception {
        group.topic("x", 2);
        group.topic("y", 2);
        Member one = group.member("one", Map.of());
        Member two = group.member("two", Map.of());
        one.subscribe("x");
        group.settle(2, one);
        group.say(one.told());
        two.subscribe("x", "y");
        group.settle(4, one, two);
        group.say(one.told() + two.told());
        one.subscribe("y");
        group.settle(4, one, two);
        one.isCounted = two.isCounted = true;
        group.say(one.byTopic() + two.byTopic());
        two.consumer.unsubscribe();
        group.settle(2, one);
        group.say(one.byTopic() + two.byTopic());
        one.subscribe("y", "missing");
        two.subscribe("missing");
        group.settle(2, one, two);
        group.say(one.byTopic() + two.byTopic());
        group.topic("missing", 4);
        group.settle(6, one, two);
        group.say("all of " + (one.consumer.assignment().size() + two.consumer.assignment().size()));
        for (Member each : List.of(one, two)) each.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    private static void migrated(Group group) throws Exception {
        group.topic("a", 4);
        group.produce("a", 4, 3);
        Map<String, String> classic = Map.of("group.protocol", "classic", "heartbeat.interval.ms", "100",
            "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        Member old = group.member("old", classic);
        old.isCounted = true;
        old.subscribe("a");
        group.poll(() -> old.consumer.assignment().size() == 4, old);
        group.say(group.type() + " read " + old.read(12).size());
        old.consumer.commitSync();
        Member young = group.member("young", Map.of());
        young.isCounted = true;
        young.subscribe("a");
        group.poll(() -> old.consumer.assignment().size() == 2 && young.consumer.assignment().size() == 2, old, young);
        group.say(group.type() + " " + old.byTopic() + young.byTopic() + byName(young.consumer.committed(Set.of(group.at("a", 3)))));
        group.produce("a", 4, 1);
        group.poll(() -> old.records.size() + young.records.size() == 4, old, young);
        for (Member each : List.of(old, young)) each.consumer.commitSync();
        old.consumer.close();
        group.settle(4, young);
        group.say(group.type() + " alone " + young.byTopic());
        Member back = group.member("back", classic);
        back.isCounted = true;
        back.subscribe("a");
        group.poll(() -> back.consumer.assignment().size() == 2 && young.consumer.assignment().size() == 2, back, young);
        group.say(group.type() + " " + back.byTopic() + young.byTopic());
        young.consumer.close();
        group.poll(() -> back.consumer.assignment().size() == 4, back);
        group.say(group.type() + " " + back.byTopic() + byName(back.consumer.committed(Set.of(group.at("a", 3)))));
        back.consumer.close();
        group.say(group.type());
    }

    private static void growing(Group group) throws Exception {
        group.topic("g", 1);
        group.topic("h", 1);
        group.produce("h", 1, 2);
        Member member = group.member("one", Map.of());
        member.subscribe("g", "h");
        group.settle(2, member);
        group.say(member.told() + member.read(2));
        member.consumer.commitSync();
        admin.createPartitions(Map.of(group.id + "-g", NewPartitions.increaseTo(3))).all().get();
        group.settle(4, member);
        group.say(member.told());
        group.produce("g", 3, 1);
        group.say("read " + member.read(3));
        admin.deleteTopics(List.of(group.id + "-h")).all().get();
        group.settle(3, member);
        group.say(member.told());
        group.attempt("a commit for what is gone", () ->
            member.consumer.commitSync(Map.of(group.at("h", 0), new OffsetAndMetadata(1)), Duration.ofMillis(1000)));
        group.topic("h", 2);
        group.produce("h", 2, 1);
        group.settle(5, member);
        group.say(member.told());
        group.poll(() -> member.records.size() >= 2, member);
        group.say("read " + member.records.stream().sorted().toList());
        member.consumer.close();
        group.say(member.told() + group.until(GroupState.EMPTY));
    }

    /** Whoever does not poll in time goes by himself; what he had is lost to him, until he polls again. */
    private static void late(Group group) throws Exception {
        group.topic("a", 2);
        Member member = group.member("one", Map.of("max.poll.interval.ms", "700"));
        member.subscribe("a");
        group.settle(2, member);
        group.say(member.told());
        group.say("late " + group.until(GroupState.EMPTY));
        group.attempt("a commit of who is late", () -> member.consumer.commitSync(Map.of(group.at("a", 0), new OffsetAndMetadata(0))));
        group.settle(2, member);
        group.say(member.told());
        member.failing = "assigned";
        member.consumer.unsubscribe();
        member.told();
        member.subscribe("a");
        group.attempt("a listener that fails", () -> group.poll(() -> false, member));
        group.settle(2, member);
        group.say(member.told());
        member.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    /** Of one story: its group, its topics, its lines. */
    private static final class Group {
        final String id;
        final List<String> lines = new ArrayList<>();

        Group(String id) {
            this.id = id;
        }

        void say(String line) {
            lines.add(line.replace(id + "-", ""));
        }

        void attempt(String what, Attempt attempt) {
            try {
                attempt.run();
                say(what + ": done");
            } catch (Exception refused) {
                say(what + ": " + refused.getClass().getSimpleName() + " " + refused.getMessage());
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

        Member member(String name, Map<String, String> more) {
            return new Member(name, consumer(more));
        }

        /** Until the group has come to rest with so many partitions, and these members know it. */
        void settle(int partitions, Member... members) throws Exception {
            poll(() -> {
                int own = 0;
                for (Member each : members) own += each.consumer.assignment().size();
                return own == partitions && isAtRest(members);
            }, members);
        }

        private boolean isAtRest(Member... members) throws Exception {
            ConsumerGroupDescription group = describe();
            if (group.groupState() != GroupState.STABLE || group.members().size() != members.length) return false;
            for (MemberDescription each : group.members())
                if (!each.memberEpoch().equals(group.groupEpoch())) return false;
            return true;
        }

        void poll(Callable<Boolean> isEnough, Member... members) throws Exception {
            long end = System.currentTimeMillis() + PATIENCE_MS;
            while (!isEnough.call()) {
                if (System.currentTimeMillis() > end) throw new IllegalStateException("never after " + lines);
                for (Member each : members) each.poll();
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
                .map(each -> each.type().get() + " " + each.protocol() + " " + each.groupState().get()).collect(Collectors.joining());
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static final class Member implements ConsumerRebalanceListener {
        final String name;
        final KafkaConsumer<String, String> consumer;
        final List<String> events = new ArrayList<>();
        final List<String> records = new ArrayList<>();
        boolean isCounted;
        String failing = "";

        Member(String name, KafkaConsumer<String, String> consumer) {
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
            events.add(what + (isCounted ? " " + partitions.size() : sorted(partitions)));
            if (!failing.equals(what)) return;
            failing = "";
            throw new IllegalArgumentException("it fails");
        }
    }

    private static List<String> sorted(Collection<TopicPartition> partitions) {
        return partitions.stream().map(String::valueOf).sorted().toList();
    }

    private static Map<String, String> byName(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, String> named = new TreeMap<>();
        offsets.forEach((at, said) -> named.put(at.toString(), said == null ? "none" : said.offset() + said.metadata()));
        return named;
    }
}
