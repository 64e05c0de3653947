/* Makes one call of the C library fail while the file that SHORT_OF names exists, like a system that has reached its limit. The
   file has the call's name and the number of its error: "connect 11". With "memory 1792" a new thread and a loaded library
   get that many kilobytes of addresses at most. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The error with which the call fails; 0 if it does not fail. */
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

static rlim_t addresses(void) {
  unsigned long pages = 0;
  FILE *numbers = fopen("/proc/self/statm", "re");
  if (numbers == NULL || fscanf(numbers, "%lu", &pages) != 1) abort();
  fclose(numbers);
  return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void limit_memory(rlim_t addresses) {
  struct rlimit limit;
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = addresses < limit.rlim_max ? addresses : limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

/* For as long as one call takes, which the thread of JavaScript makes: V8 ends a process that has no memory for it. */
static int shorten_memory(void) {
  int kilobytes = planned("memory");
  if (kilobytes != 0) limit_memory(addresses() + kilobytes * 1024);
  return kilobytes != 0;
}

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  int number = planned("pthread_create");
  if (number != 0) return number;
  int is_short = shorten_memory();
  number = ((create *)dlsym(RTLD_NEXT, "pthread_create"))(thread, attributes, start, argument);
  if (is_short) limit_memory(RLIM_INFINITY);
  return number;
}

typedef void *loading(const char *, int);

void *dlopen(const char *file, int flags) {
  int is_short = shorten_memory();
  void *library = ((loading *)dlsym(RTLD_NEXT, "dlopen"))(file, flags);
  if (is_short) limit_memory(RLIM_INFINITY);
  return library;
}

typedef int connecting(int, const struct sockaddr *, socklen_t);

int connect(int socket, const struct sockaddr *address, socklen_t length) {
  int number = address->sa_family == AF_UNIX ? 0 : planned("connect");
  if (number == 0) return ((connecting *)dlsym(RTLD_NEXT, "connect"))(socket, address, length);
  errno = number;
  return -1;
}

typedef int looking(const char *, const char *, const struct addrinfo *, struct addrinfo **);

/* A number below 0 is an error of the resolver. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  int number = planned("getaddrinfo");
  if (number == 0) return ((looking *)dlsym(RTLD_NEXT, "getaddrinfo"))(node, service, hints, found);
  if (number < 0) return number;
  errno = number;
  return EAI_SYSTEM;
}

/* Some libraries make the system call themselves. */
long syscall(long call, ...) {
  long arguments[6];
  va_list list;
  va_start(list, call);
  for (int place = 0; place < 6; place++) arguments[place] = va_arg(list, long);
  va_end(list);
  int number = call == SYS_getrandom ? planned("getrandom") : 0;
  if (number == 0) {
    long (*made)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return made(call, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  }
  errno = number;
  return -1;
}

ssize_t getrandom(void *bytes, size_t length, unsigned int flags) {
  int number = planned("getrandom");
  if (number == 0) return ((ssize_t (*)(void *, size_t, unsigned int))dlsym(RTLD_NEXT, "getrandom"))(bytes, length, flags);
  errno = number;
  return -1;
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
