/*
 * A volume driver for the engine's plugin protocol that only says yes. Where the environment has REFUSE=1 it
 * refuses volumes, by which tests see that a setting reached it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The first process of a pid namespace is not ended by a signal that it does not handle. */
static void end(int number) {
  (void)number;
  _exit(0);
}

int main(void) {
  signal(SIGTERM, end);
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/docker/plugins/volumes.sock"};
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  unlink(address.sun_path);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0) return 1;
  const char *refuse = getenv("REFUSE");
  const char *error = refuse != NULL && strcmp(refuse, "1") == 0 ? "refused as set" : "";
  for (;;) {
    char request[65536], body[256], answer[512];
    int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    /* Requests are far smaller than one read, and of interest is none of them. */
    if (read(client, request, sizeof request) > 0) {
      int length = snprintf(body, sizeof body,
        "{\"Implements\":[\"VolumeDriver\"],\"Capabilities\":{\"Scope\":\"local\"},\"Err\":\"%s\"}", error);
      int size = snprintf(answer, sizeof answer,
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.plugins.v1.1+json\r\n"
        "Content-Length: %d\r\nConnection: close\r\n\r\n%s", length, body);
      if (write(client, answer, size) != size) perror("write");
    }
    close(client);
  }
}
