// What a server can reach here that knows no protocol: for each byte that it is sent it answers with the next MiB of a file,
// by `read` and `write` or, as Kafka does, by `sendfile`; and a client that reads it, as far as BYTES or the file go.
//
//   bare copy|sendfile FILE BYTES                prints bytes and seconds
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PIECE (1 << 20)

static char room[PIECE];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void serve(int s, int file, int copies) {
  off_t at = 0;
  char asked;
  while (read(s, &asked, 1) == 1) {
    for (size_t left = PIECE; left > 0;) {
      ssize_t sent;
      if (copies) {
        if (left == PIECE && pread(file, room, PIECE, at) != PIECE) exit(1);
        sent = write(s, room + PIECE - left, left);
        at += sent > 0 ? sent : 0;
      } else {
        sent = sendfile(s, file, &at, left);
      }
      if (sent <= 0) exit(1);
      left -= sent;
    }
  }
  exit(0);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int file = open(argv[2], O_RDONLY), one = 1;
  struct stat facts;
  if (file < 0 || fstat(file, &facts)) fail(argv[2]);
  long long wanted = atoll(argv[3]);
  long pieces = (wanted < facts.st_size ? wanted : facts.st_size) / PIECE;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof a;
  int listening = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listening, (struct sockaddr *)&a, size) || listen(listening, 1)) fail("listen");
  getsockname(listening, (struct sockaddr *)&a, &size);
  if (fork() == 0) {
    int client = accept(listening, NULL, NULL);
    // Or it would never see the end of the client.
    close(s);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    serve(client, file, !strcmp(argv[1], "copy"));
  }
  if (connect(s, (struct sockaddr *)&a, size)) fail("connect");
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  double start = now();
  for (long i = 0; i < pieces; i++) {
    if (write(s, "", 1) != 1) fail("write");
    for (size_t left = PIECE; left > 0;) {
      ssize_t got = read(s, room, left);
      if (got <= 0) fail("read");
      left -= got;
    }
  }
  printf("%lld %f\n", (long long)pieces * PIECE, now() - start);
  return 0;
}
