// Puts requests that were made beforehand to a broker, as fast as it takes them, so that the broker is what is
// measured. Frames come from files; the answers are looked at no further than needed.
//
//   replay produce PORT FRAME COUNT INFLIGHT     prints seconds
//   replay fetch PORT FRAME OFFSET_AT BYTES RECORDS_AT
//                                                prints bytes of whole batches and seconds; goes on behind the last one
//   replay trips PORT FRAME COUNT                prints p50 and p99 of one request at a time, in microseconds
//   replay idle PORT FRAME COUNT                 opens connections that ask once, prints `open`, ends with stdin
#include <arpa/inet.h>
#include <endian.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int connectTo(int port) {
  int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (s < 0 || connect(s, (struct sockaddr *)&a, sizeof a)) fail("connect");
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return s;
}

static void sendAll(int s, const uint8_t *p, size_t n) {
  while (n) {
    ssize_t w = write(s, p, n);
    if (w <= 0) fail("write");
    p += w, n -= w;
  }
}

static void readAll(int s, uint8_t *p, size_t n) {
  while (n) {
    ssize_t r = read(s, p, n);
    if (r <= 0) fail("read: the broker closed the connection");
    p += r, n -= r;
  }
}

static uint8_t *answer;
static size_t answerRoom;

static uint32_t readAnswer(int s) {
  uint32_t size;
  readAll(s, (uint8_t *)&size, 4);
  size = ntohl(size);
  if (size > answerRoom) answer = realloc(answer, answerRoom = size);
  readAll(s, answer, size);
  return size;
}

static int byTime(const void *a, const void *b) {
  double d = *(double *)a - *(double *)b;
  return d < 0 ? -1 : d > 0;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int port = atoi(argv[2]);
  FILE *f = fopen(argv[3], "rb");
  if (!f) fail(argv[3]);
  static uint8_t frame[1 << 26];
  size_t n = fread(frame, 1, sizeof frame, f);
  long count = atol(argv[4]);

  if (!strcmp(argv[1], "produce")) {
    int s = connectTo(port), inflight = atoi(argv[5]);
    double start = now();
    for (long sent = 0, done = 0; done < count;) {
      for (; sent < count && sent - done < inflight; sent++) sendAll(s, frame, n);
      readAnswer(s), done++;
    }
    printf("%f\n", now() - start);
  } else if (!strcmp(argv[1], "fetch")) {
    // Of one partition: the records are the end of the answer, or stand before one byte of no tags each.
    int s = connectTo(port), offsetAt = atoi(argv[4]);
    long long wanted = atoll(argv[5]), got = 0;
    int recordsAt = atoi(argv[6]);
    int64_t offset = 0;
    double start = now();
    while (got < wanted) {
      int64_t be = htobe64(offset);
      memcpy(frame + offsetAt, &be, 8);
      sendAll(s, frame, n);
      uint32_t size = readAnswer(s);
      int32_t recordBytes;
      memcpy(&recordBytes, answer + recordsAt, 4);
      recordBytes = ntohl(recordBytes);
      if (recordBytes <= 0 || (uint32_t)recordBytes > size) break;
      for (uint8_t *b = answer + recordsAt + 4, *end = b + recordBytes; end - b >= 61;) {
        uint64_t base;
        uint32_t length, delta;
        memcpy(&base, b, 8), memcpy(&length, b + 8, 4), memcpy(&delta, b + 23, 4);
        if (12 + (long)ntohl(length) > end - b) break;
        offset = be64toh(base) + ntohl(delta) + 1;
        b += 12 + ntohl(length);
        // What is cut off of the last batch is of no use to anyone.
        got += 12 + ntohl(length);
      }
    }
    printf("%lld %f\n", got, now() - start);
  } else if (!strcmp(argv[1], "trips")) {
    int s = connectTo(port);
    double *times = calloc(count, sizeof *times);
    for (long i = -count / 10; i < count; i++) {
      double start = now();
      sendAll(s, frame, n);
      readAnswer(s);
      if (i >= 0) times[i] = now() - start;
    }
    qsort(times, count, sizeof *times, byTime);
    printf("%.1f %.1f\n", times[count / 2] * 1e6, times[count * 99 / 100] * 1e6);
  } else if (!strcmp(argv[1], "idle")) {
    struct rlimit limit = {count + 100, count + 100};
    setrlimit(RLIMIT_NOFILE, &limit);
    for (long i = 0; i < count; i++) {
      int s = connectTo(port);
      sendAll(s, frame, n);
      readAnswer(s);
    }
    printf("open\n"), fflush(stdout);
    while (getchar() != EOF) {}
  } else {
    return 2;
  }
  return 0;
}
