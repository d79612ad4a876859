// sarama.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/IBM/sarama"
)

type facts struct {
	Created      int    `json:"created"`
	RetentionMs  int    `json:"retentionMs"`
	Produced     int    `json:"produced"`
	Consumed     int    `json:"consumed"`
	Shared       bool   `json:"shared"`
	Committed    int64  `json:"committed"`
	Transactions [2]int `json:"transactions"`
	Deleted      bool   `json:"deleted"`
}

var (
	brokers = []string{os.Args[1]}
	topic   = os.Args[2] + "-orders"
	copies  = os.Args[2] + "-copies"
	group   = os.Args[2] + "-group"
	seen    facts
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func config() *sarama.Config {
	made := sarama.NewConfig()
	made.Version = sarama.V4_0_0_0
	made.Producer.Return.Successes = true
	made.Consumer.Offsets.Initial = sarama.OffsetOldest
	made.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
	return made
}

func create(admin sarama.ClusterAdmin) {
	must(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: 3, ReplicationFactor: 1}, false))
	day := "86400000"
	entries := map[string]*string{"retention.ms": &day}
	must(admin.CreateTopic(copies, &sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 1, ConfigEntries: entries}, false))
	for seen.Created == 0 {
		described, err := admin.DescribeTopics([]string{topic})
		must(err)
		seen.Created = len(described[0].Partitions)
		time.Sleep(20 * time.Millisecond)
	}
	configs, err := admin.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: copies, ConfigNames: []string{"retention.ms"}})
	must(err)
	seen.RetentionMs, _ = strconv.Atoi(configs[0].Value)
}

func produce() {
	settings := config()
	settings.Producer.Idempotent = true
	settings.Producer.RequiredAcks = sarama.WaitForAll
	settings.Producer.Compression = sarama.CompressionLZ4
	settings.Net.MaxOpenRequests = 1
	producer, err := sarama.NewSyncProducer(brokers, settings)
	must(err)
	var messages []*sarama.ProducerMessage
	for i := range 300 {
		messages = append(messages, &sarama.ProducerMessage{Topic: topic,
			Key: sarama.StringEncoder(fmt.Sprintf("k%d", i%30)), Value: sarama.StringEncoder(fmt.Sprintf("v%d", i))})
	}
	must(producer.SendMessages(messages))
	seen.Produced = len(messages)
	must(producer.Close())
}

type member struct {
	take func(value string)
	own  func(partitions int)
}

func (m member) Setup(session sarama.ConsumerGroupSession) error {
	m.own(len(session.Claims()[topic]))
	return nil
}
func (m member) Cleanup(sarama.ConsumerGroupSession) error { return nil }
func (m member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		m.take(string(message.Value))
		session.MarkMessage(message, "")
	}
	return nil
}

func consume(admin sarama.ClusterAdmin) {
	var lock sync.Mutex
	values := map[string]bool{}
	owned := map[int]int{}
	ctx, cancel := context.WithCancel(context.Background())
	var groups []sarama.ConsumerGroup
	var running sync.WaitGroup
	for i := range 2 {
		joined, err := sarama.NewConsumerGroup(brokers, group, config())
		must(err)
		groups = append(groups, joined)
		each := member{
			take: func(value string) { lock.Lock(); values[value] = true; lock.Unlock() },
			own:  func(partitions int) { lock.Lock(); owned[i] = partitions; lock.Unlock() },
		}
		running.Add(1)
		go func() {
			defer running.Done()
			for ctx.Err() == nil {
				must(joined.Consume(ctx, []string{topic}, each))
			}
		}()
	}
	for range 400 {
		lock.Lock()
		isDone := len(values) == 300 && owned[0] > 0 && owned[1] > 0
		lock.Unlock()
		if isDone {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	lock.Lock()
	seen.Consumed, seen.Shared = len(values), owned[0] > 0 && owned[1] > 0
	lock.Unlock()
	cancel()
	running.Wait()
	for _, each := range groups {
		must(each.Close())
	}
	offsets, err := admin.ListConsumerGroupOffsets(group, map[string][]int32{topic: {0, 1, 2}})
	must(err)
	for partition := range int32(3) {
		seen.Committed += max(0, offsets.GetBlock(topic, partition).Offset)
	}
}

func transact() {
	settings := config()
	settings.Producer.Idempotent = true
	settings.Producer.RequiredAcks = sarama.WaitForAll
	settings.Producer.Transaction.ID = os.Args[2] + "-tx"
	settings.Net.MaxOpenRequests = 1
	producer, err := sarama.NewSyncProducer(brokers, settings)
	must(err)
	for _, outcome := range []string{"commit", "abort", "commit"} {
		must(producer.BeginTxn())
		for i := range 5 {
			_, _, err := producer.SendMessage(&sarama.ProducerMessage{Topic: copies, Value: sarama.StringEncoder(fmt.Sprintf("%s-%d", outcome, i))})
			must(err)
		}
		if outcome == "commit" {
			must(producer.CommitTxn())
		} else {
			must(producer.AbortTxn())
		}
	}
	must(producer.Close())
	reading := config()
	reading.Consumer.IsolationLevel = sarama.ReadCommitted
	consumer, err := sarama.NewConsumer(brokers, reading)
	must(err)
	partition, err := consumer.ConsumePartition(copies, 0, sarama.OffsetOldest)
	must(err)
	for deadline := time.After(20 * time.Second); seen.Transactions[0] < 10; {
		select {
		case message := <-partition.Messages():
			seen.Transactions[0]++
			if strings.HasPrefix(string(message.Value), "abort") {
				seen.Transactions[1]++
			}
		case <-deadline:
			return
		}
	}
	must(partition.Close())
	must(consumer.Close())
}

func remove(admin sarama.ClusterAdmin) {
	must(admin.DeleteTopic(topic))
	must(admin.DeleteTopic(copies))
	for range 100 {
		topics, err := admin.ListTopics()
		must(err)
		if _, isThere := topics[topic]; !isThere {
			seen.Deleted = true
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func main() {
	admin, err := sarama.NewClusterAdmin(brokers, config())
	must(err)
	create(admin)
	produce()
	consume(admin)
	transact()
	remove(admin)
	must(json.NewEncoder(os.Stdout).Encode(seen))
}
