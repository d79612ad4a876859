import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/**
 * Consumers with {@code group.protocol=consumer} live through stories, side by side, each in a group of its own, and
 * print what they saw: ModernConsumers BOOTSTRAP PREFIX.
 */
public final class ModernConsumers {
    private static String bootstrap;
    private static String prefix;
    private static Admin admin;

    private interface Story {
        void tell(StoryGroup group) throws Exception;
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
            StoryGroup group = new StoryGroup(prefix + name, bootstrap, admin);
            try {
                group.set("consumer.heartbeat.interval.ms", "100");
                group.set("consumer.assignment.interval.ms", "0");
                story.tell(group);
            } catch (Throwable failed) {
                group.say("broken off by " + failed);
                failed.printStackTrace();
            }
            return group.lines;
        };
    }

    private static void names(StoryGroup group) throws Exception {
        group.topic("a", 2);
        group.produce("a", 2, 6);
        TopicPartition zero = group.at("a", 0);
        TopicPartition one = group.at("a", 1);
        StoryMember member = group.member("one", Map.of());
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

    private static void pattern(StoryGroup group) throws Exception {
        for (String name : List.of("a1", "a2", "b1")) group.topic(name, 1);
        StoryMember member = group.member("one", Map.of());
        member.consumer.subscribe(new SubscriptionPattern(Pattern.quote(group.id + "-") + "a.*"), member);
        group.settle(2, member);
        group.say(member.told());
        // What is new, a pattern or a topic, is looked for ten seconds after the last time.
        group.topic("a3", 1);
        StoryMember other = group.member("two", Map.of());
        other.consumer.subscribe(new SubscriptionPattern(group.id + "-(b1|a3)"), other);
        group.settle(4, member, other);
        group.say("together " + (member.consumer.assignment().size() + other.consumer.assignment().size()));
        other.consumer.close();
        group.settle(3, member);
        group.say("without the other " + sorted(member.consumer.assignment()));
        member.told();
        group.attempt("another kind of pattern", () -> member.consumer.subscribe(Pattern.compile("a"), member));
        member.consumer.unsubscribe();
        member.consumer.subscribe(Pattern.compile(".*" + group.id + "-a[12]"), member);
        group.settle(2, member);
        group.say(member.told());
        member.consumer.close();
        StoryMember wrong = group.member("three", Map.of());
        wrong.consumer.subscribe(new SubscriptionPattern("a(?<=b)"), wrong);
        group.attempt("what RE2 has not", () -> group.poll(() -> false, wrong));
        wrong.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    private static void staticMembers(StoryGroup group) throws Exception {
        group.set("consumer.session.timeout.ms", "3000");
        group.topic("a", 4);
        Map<String, String> first = Map.of("group.instance.id", "s1", "group.remote.assignor", "range");
        Map<String, String> second = Map.of("group.instance.id", "s2", "group.remote.assignor", "range");
        StoryMember one = group.member("one", first);
        StoryMember two = group.member("two", second);
        one.subscribe("a");
        group.settle(4, one);
        two.subscribe("a");
        group.settle(4, one, two);
        group.say(one.told() + two.told());
        two.consumer.close();
        group.say(two.told() + " remembered " + group.describe().members().size());
        StoryMember back = group.member("back", second);
        back.subscribe("a");
        group.settle(4, one, back);
        group.say(one.told() + back.told());
        StoryMember twin = group.member("twin", second);
        twin.subscribe("a");
        group.attempt("an instance that is there", () -> group.poll(() -> false, twin, one, back));
        twin.consumer.close();
        back.consumer.close();
        group.settle(4, one);
        group.say(back.told() + " its time over " + one.told());
        StoryMember again = group.member("again", second);
        again.subscribe("a");
        group.settle(4, one, again);
        group.say(one.told() + again.told());
        again.consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        group.settle(4, one);
        group.say(again.told() + one.told());
        one.consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        group.say(one.told() + group.until(GroupState.EMPTY));
    }

    private static void assignor(StoryGroup group, String name) throws Exception {
        group.topic("a", 3);
        group.topic("b", 3);
        StoryMember one = group.member("one", Map.of("group.remote.assignor", name));
        StoryMember two = group.member("two", Map.of("group.remote.assignor", name));
        one.isCounted = two.isCounted = true;
        one.subscribe("a", "b");
        group.settle(6, one);
        two.subscribe("a", "b");
        group.poll(() -> !two.consumer.assignment().isEmpty(), one, two);
        group.settle(6, one, two);
        List<Integer> sizes = new ArrayList<>();
        for (StoryMember each : List.of(one, two)) sizes.add(each.consumer.assignment().size());
        group.say(sizes.stream().sorted().toList() + " by " + group.describe().partitionAssignor());
        StoryMember three = group.member("three", Map.of("group.remote.assignor", "none"));
        three.subscribe("a");
        group.attempt("an assignor that is not there", () -> group.poll(() -> false, three));
        for (StoryMember each : List.of(one, two, three)) each.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    private static void changing(StoryGroup group) throws Exception {
        group.topic("x", 2);
        group.topic("y", 2);
        StoryMember one = group.member("one", Map.of());
        StoryMember two = group.member("two", Map.of());
        one.subscribe("x");
        group.settle(2, one);
        group.say(one.told());
        two.subscribe("x", "y");
        group.settle(4, one, two);
        group.say(one.told() + two.told());
        one.subscribe("y");
        group.poll(() -> one.byTopic().equals("one{" + group.id + "-y=2}"), one, two);
        group.settle(4, one, two);
        group.say(one.told() + two.told());
        one.isCounted = two.isCounted = true;
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
        for (StoryMember each : List.of(one, two)) each.consumer.close();
        group.say(group.until(GroupState.EMPTY));
    }

    private static void migrated(StoryGroup group) throws Exception {
        group.topic("a", 4);
        group.produce("a", 4, 3);
        Map<String, String> classic = Map.of("group.protocol", "classic", "heartbeat.interval.ms", "100",
            "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        StoryMember old = group.member("old", classic);
        old.isCounted = true;
        old.subscribe("a");
        group.poll(() -> old.consumer.assignment().size() == 4, old);
        group.say(group.type() + " read " + old.read(12).size());
        old.consumer.commitSync();
        StoryMember young = group.member("young", Map.of());
        young.isCounted = true;
        young.subscribe("a");
        group.poll(() -> old.consumer.assignment().size() == 2 && young.consumer.assignment().size() == 2, old, young);
        group.say(group.type() + " " + old.byTopic() + young.byTopic() + byName(young.consumer.committed(Set.of(group.at("a", 3)))));
        group.produce("a", 4, 1);
        group.poll(() -> old.records.size() + young.records.size() == 4, old, young);
        for (StoryMember each : List.of(old, young)) each.consumer.commitSync();
        old.consumer.close();
        group.settle(4, young);
        group.say(group.type() + " alone " + young.byTopic());
        StoryMember back = group.member("back", classic);
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

    private static void growing(StoryGroup group) throws Exception {
        group.topic("g", 1);
        group.topic("h", 1);
        group.produce("h", 1, 2);
        StoryMember member = group.member("one", Map.of());
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
    private static void late(StoryGroup group) throws Exception {
        group.topic("a", 2);
        StoryMember member = group.member("one", Map.of("max.poll.interval.ms", "2500"));
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

    static List<String> sorted(Collection<TopicPartition> partitions) {
        return partitions.stream().map(String::valueOf).sorted().toList();
    }

    private static Map<String, String> byName(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, String> named = new TreeMap<>();
        offsets.forEach((at, said) -> named.put(at.toString(), said == null ? "none" : said.offset() + said.metadata()));
        return named;
    }
}
