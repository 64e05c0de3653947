/* Starts no thread while the file that NO_THREADS_WHILE names exists, as a system that has reached its limit. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  const char *file = getenv("NO_THREADS_WHILE");
  if (file != NULL && access(file, F_OK) == 0) return EAGAIN;
  return ((create *)dlsym(RTLD_NEXT, "pthread_create"))(thread, attributes, start, argument);
}
