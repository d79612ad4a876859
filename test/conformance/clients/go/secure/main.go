// franz-go with TLS and logins: each line of its input names one, and gets a line of what came of it.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

type wish struct {
	Bootstrap, Topic, Mechanism, User, Password, Authority, Certificate, Key string
}

func options(w wish) ([]kgo.Opt, error) {
	opts := []kgo.Opt{kgo.SeedBrokers(w.Bootstrap), kgo.DefaultProduceTopic(w.Topic), kgo.RecordRetries(2), kgo.RequestRetries(2)}
	switch w.Mechanism {
	case "PLAIN":
		opts = append(opts, kgo.SASL(plain.Auth{User: w.User, Pass: w.Password}.AsMechanism()))
	case "SCRAM-SHA-256":
		opts = append(opts, kgo.SASL(scram.Auth{User: w.User, Pass: w.Password}.AsSha256Mechanism()))
	case "SCRAM-SHA-512":
		opts = append(opts, kgo.SASL(scram.Auth{User: w.User, Pass: w.Password}.AsSha512Mechanism()))
	}
	if w.Authority == "" {
		return opts, nil
	}
	pem, err := os.ReadFile(w.Authority)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	config.RootCAs.AppendCertsFromPEM(pem)
	if w.Certificate != "" {
		pair, err := tls.LoadX509KeyPair(w.Certificate, w.Key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return append(opts, kgo.DialTLSConfig(config)), nil
}

func do(w wish) error {
	opts, err := options(w)
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return err
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	if err := client.Ping(ctx); err != nil {
		return err
	}
	return client.ProduceSync(ctx, kgo.StringRecord("from franz-go")).FirstErr()
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var w wish
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			panic(err)
		}
		err := do(w)
		var kafka *kerr.Error
		switch {
		case err == nil:
			fmt.Println("done")
		case errors.As(err, &kafka):
			fmt.Println(kafka.Message)
		default:
			fmt.Println(err)
		}
	}
}
