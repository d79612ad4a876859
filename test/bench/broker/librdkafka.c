// librdkafka as producer and consumer, of a broker or of its own mock broker in this process.
//
//   librdkafka produce BOOTSTRAP|mock TOPIC COUNT BYTES BATCH_BYTES   prints seconds until all are acknowledged
//   librdkafka consume BOOTSTRAP TOPIC COUNT                          prints seconds from the first to the last
#include <rdkafka.h>
#include <rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long delivered, failed;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void onDelivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *o) {
  (void)rk, (void)o;
  if (m->err) failed++;
  else delivered++;
}

static void set(rd_kafka_conf_t *c, const char *key, const char *value) {
  char error[256];
  if (rd_kafka_conf_set(c, key, value, error, sizeof error) != RD_KAFKA_CONF_OK) {
    fprintf(stderr, "%s\n", error);
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  char error[256];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  long count = atol(argv[4]);
  if (!strcmp(argv[1], "produce")) {
    if (!strcmp(argv[2], "mock")) set(conf, "test.mock.num.brokers", "1");
    else set(conf, "bootstrap.servers", argv[2]);
    set(conf, "linger.ms", "5");
    set(conf, "batch.size", argv[6]);
    set(conf, "batch.num.messages", "1000000");
    set(conf, "queue.buffering.max.messages", "2000000");
    set(conf, "queue.buffering.max.kbytes", "2000000");
    set(conf, "acks", "1");
    rd_kafka_conf_set_dr_msg_cb(conf, onDelivery);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    if (!rk) return fprintf(stderr, "%s\n", error), 1;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, argv[3], NULL);
    size_t size = atol(argv[5]);
    char *value = malloc(size);
    memset(value, 'x', size);
    double start = now();
    for (long i = 0; i < count;) {
      if (!rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, value, size, NULL, 0, NULL)) i++;
      else rd_kafka_poll(rk, 1);
      if (i % 1000 == 0) rd_kafka_poll(rk, 0);
    }
    while (delivered + failed < count) rd_kafka_poll(rk, 10);
    if (failed) return fprintf(stderr, "%ld failed\n", failed), 1;
    printf("%f\n", now() - start);
  } else {
    set(conf, "bootstrap.servers", argv[2]);
    set(conf, "group.id", "bench");
    set(conf, "queued.min.messages", "1000000");
    set(conf, "fetch.message.max.bytes", "1048576");
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!rk) return fprintf(stderr, "%s\n", error), 1;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, argv[3], NULL);
    rd_kafka_consume_start(topic, 0, RD_KAFKA_OFFSET_BEGINNING);
    rd_kafka_message_t *messages[10000];
    double start = 0;
    for (long got = 0; got < count;) {
      ssize_t n = rd_kafka_consume_batch(topic, 0, 1000, messages, 10000);
      if (n > 0 && start == 0) start = now();
      for (ssize_t i = 0; i < n; i++) rd_kafka_message_destroy(messages[i]);
      if (n > 0) got += n;
    }
    printf("%f\n", now() - start);
  }
  fflush(stdout);
  _exit(0);
}
