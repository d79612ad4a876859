// confluent-kafka-go: delivery reports, and a subscription by a regular expression.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/confluentinc/confluent-kafka-go/v2/kafka"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	bootstrap, topic := os.Args[1], "aRegex-"+os.Args[2]+"-Topic"
	producer, err := kafka.NewProducer(&kafka.ConfigMap{"bootstrap.servers": bootstrap})
	must(err)
	reports := make(chan kafka.Event, 300)
	for i := range 300 {
		must(producer.Produce(&kafka.Message{
			TopicPartition: kafka.TopicPartition{Topic: &topic, Partition: kafka.PartitionAny},
			Value:          fmt.Appendf(nil, "v%d", i),
		}, reports))
	}
	delivered := 0
	for range 300 {
		if message := (<-reports).(*kafka.Message); message.TopicPartition.Error == nil {
			delivered++
		}
	}
	producer.Close()

	consumer, err := kafka.NewConsumer(&kafka.ConfigMap{
		"bootstrap.servers": bootstrap, "group.id": os.Args[2], "auto.offset.reset": "earliest",
	})
	must(err)
	must(consumer.SubscribeTopics([]string{"^aRegex.*[Tt]opic"}, nil))
	values := map[string]bool{}
	for deadline := time.Now().Add(30 * time.Second); len(values) < 300 && time.Now().Before(deadline); {
		if message, ok := consumer.Poll(100).(*kafka.Message); ok {
			values[string(message.Value)] = true
		}
	}
	must(consumer.Close())
	must(json.NewEncoder(os.Stdout).Encode(map[string]int{"delivered": delivered, "consumed": len(values)}))
}
