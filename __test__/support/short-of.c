/* Fails one call of the C library while the file that SHORT_OF names exists, as a system that has reached its limit. The
   file has the call's name and the number of its error: "connect 11". */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The error that the call is to end with; 0 where it is to be made. */
static int planned(const char *call) {
  char text[64] = "", name[32] = "";
  int number = 0, file = -1;
  const char *path = getenv("SHORT_OF");
  if (path == NULL || (file = open(path, O_RDONLY | O_CLOEXEC)) < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0 || sscanf(text, "%31s %d", name, &number) != 2) return 0;
  return strcmp(name, call) == 0 ? number : 0;
}

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  int number = planned("pthread_create");
  if (number != 0) return number;
  return ((create *)dlsym(RTLD_NEXT, "pthread_create"))(thread, attributes, start, argument);
}

typedef int connecting(int, const struct sockaddr *, socklen_t);

int connect(int socket, const struct sockaddr *address, socklen_t length) {
  int number = address->sa_family == AF_UNIX ? 0 : planned("connect");
  if (number == 0) return ((connecting *)dlsym(RTLD_NEXT, "connect"))(socket, address, length);
  errno = number;
  return -1;
}

typedef int looking(const char *, const char *, const struct addrinfo *, struct addrinfo **);

/* A number below 0 is one of the resolver's own. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  int number = planned("getaddrinfo");
  if (number == 0) return ((looking *)dlsym(RTLD_NEXT, "getaddrinfo"))(node, service, hints, found);
  if (number < 0) return number;
  errno = number;
  return EAI_SYSTEM;
}

/* The start of another program has two steps. */
pid_t fork(void) {
  int number = planned("fork");
  if (number == 0) return ((pid_t (*)(void))dlsym(RTLD_NEXT, "fork"))();
  errno = number;
  return -1;
}

int execvp(const char *file, char *const arguments[]) {
  int number = planned("execvp");
  if (number == 0) return ((int (*)(const char *, char *const[]))dlsym(RTLD_NEXT, "execvp"))(file, arguments);
  errno = number;
  return -1;
}
