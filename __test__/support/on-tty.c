// Runs a program whose stderr is a terminal: one that was hung up ("closed"), or one that nothing reads ("unread").
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments) {
  int controller = posix_openpt(O_RDWR | O_NOCTTY);
  if (count < 3 || controller < 0 || grantpt(controller) != 0 || unlockpt(controller) != 0) return 90;
  int terminal = open(ptsname(controller), O_RDWR | O_NOCTTY);
  if (terminal < 0 || dup2(terminal, 2) < 0) return 91;
  close(terminal);
  if (strcmp(arguments[1], "closed") == 0) close(controller);
  execv(arguments[2], arguments + 2);
  return 92;
}
