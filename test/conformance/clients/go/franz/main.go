// franz-go.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

type facts struct {
	Created      int    `json:"created"`
	RetentionMs  int    `json:"retentionMs"`
	Produced     int    `json:"produced"`
	Consumed     int    `json:"consumed"`
	Shared       bool   `json:"shared"`
	Committed    int64  `json:"committed"`
	Transactions [2]int `json:"transactions,omitzero"`
	Deleted      bool   `json:"deleted"`
}

var (
	bootstrap = os.Args[1]
	topic     = os.Args[2] + "-orders"
	copies    = os.Args[2] + "-copies"
	group     = os.Args[2] + "-group"
	ctx       = context.Background()
	// The newer protocol (KIP-848), which this client has for those alone who ask for it.
	isModern = len(os.Args) > 3 && os.Args[3] == "consumer"
	seen     facts
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func client(options ...kgo.Opt) *kgo.Client {
	made, err := kgo.NewClient(append(options, kgo.SeedBrokers(bootstrap))...)
	must(err)
	return made
}

func create(admin *kadm.Client) {
	_, err := admin.CreateTopic(ctx, 3, 1, nil, topic)
	must(err)
	day := "86400000"
	_, err = admin.CreateTopic(ctx, 1, 1, map[string]*string{"retention.ms": &day}, copies)
	must(err)
	for {
		topics, err := admin.ListTopics(ctx, topic, copies)
		must(err)
		if topics.Error() == nil {
			seen.Created = len(topics[topic].Partitions)
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	configs, err := admin.DescribeTopicConfigs(ctx, copies)
	must(err)
	for _, config := range configs[0].Configs {
		if config.Key == "retention.ms" {
			seen.RetentionMs, _ = strconv.Atoi(config.MaybeValue())
		}
	}
}

func produce() {
	producer := client(kgo.ProducerBatchCompression(kgo.ZstdCompression()))
	defer producer.Close()
	for i := range 300 {
		record := &kgo.Record{Topic: topic, Key: fmt.Appendf(nil, "k%d", i%30), Value: fmt.Appendf(nil, "v%d", i)}
		producer.Produce(ctx, record, func(_ *kgo.Record, err error) {
			if err == nil {
				seen.Produced++
			}
		})
	}
	must(producer.Flush(ctx))
}

func member(owned *atomic.Int64) *kgo.Client {
	change := func(by int64) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, topics map[string][]int32) {
			for _, partitions := range topics {
				owned.Add(by * int64(len(partitions)))
			}
		}
	}
	options := []kgo.Opt{kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.OnPartitionsAssigned(change(1)), kgo.OnPartitionsRevoked(change(-1)), kgo.OnPartitionsLost(change(-1))}
	if isModern {
		return client(append(options, kgo.WithContext(context.WithValue(ctx, "opt_in_kafka_next_gen_balancer_beta", true)))...)
	}
	return client(append(options, kgo.HeartbeatInterval(300*time.Millisecond), kgo.Balancers(kgo.CooperativeStickyBalancer()))...)
}

func consume(admin *kadm.Client) {
	owned := make([]atomic.Int64, 2)
	members := []*kgo.Client{member(&owned[0]), member(&owned[1])}
	isShared := func() bool { return owned[0].Load() > 0 && owned[1].Load() > 0 }
	values := map[string]bool{}
	deadline := time.Now().Add(40 * time.Second)
	for time.Now().Before(deadline) && (len(values) < 300 || !isShared()) {
		for _, each := range members {
			poll, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			each.PollFetches(poll).EachRecord(func(record *kgo.Record) { values[string(record.Value)] = true })
			cancel()
			must(each.CommitUncommittedOffsets(ctx))
		}
	}
	seen.Consumed = len(values)
	seen.Shared = isShared()
	offsets, err := admin.FetchOffsets(ctx, group)
	must(err)
	offsets.Each(func(offset kadm.OffsetResponse) { seen.Committed += offset.At })
	for _, each := range members {
		each.Close()
	}
}

func transact() {
	producer := client(kgo.TransactionalID(os.Args[2] + "-tx"))
	defer producer.Close()
	for _, outcome := range []string{"commit", "abort", "commit"} {
		must(producer.BeginTransaction())
		for i := range 5 {
			record := &kgo.Record{Topic: copies, Value: fmt.Appendf(nil, "%s-%d", outcome, i)}
			must(producer.ProduceSync(ctx, record).FirstErr())
		}
		must(producer.EndTransaction(ctx, kgo.TransactionEndTry(outcome == "commit")))
	}
	reader := client(kgo.ConsumeTopics(copies), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	defer reader.Close()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) && seen.Transactions[0] < 10 {
		poll, cancel := context.WithTimeout(ctx, time.Second)
		reader.PollFetches(poll).EachRecord(func(record *kgo.Record) {
			seen.Transactions[0]++
			if strings.HasPrefix(string(record.Value), "abort") {
				seen.Transactions[1]++
			}
		})
		cancel()
	}
}

func remove(admin *kadm.Client) {
	_, err := admin.DeleteTopics(ctx, topic, copies)
	must(err)
	for range 100 {
		topics, err := admin.ListTopics(ctx)
		must(err)
		if seen.Deleted = !topics.Has(topic); seen.Deleted {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func main() {
	admin := kadm.NewClient(client())
	create(admin)
	produce()
	consume(admin)
	if !isModern {
		transact()
	}
	remove(admin)
	must(json.NewEncoder(os.Stdout).Encode(seen))
}
