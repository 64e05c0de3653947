// Runs a program whose stderr is a terminal: one that was hung up ("closed"), that no program reads ("unread"), or that was stopped as by
// Ctrl+S ("stopped"). With "closed-both" and "stopped-both" its stdout is one, too.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

int main(int count, char **arguments) {
  int controller = posix_openpt(O_RDWR | O_NOCTTY);
  if (count < 3 || controller < 0 || grantpt(controller) != 0 || unlockpt(controller) != 0) return 90;
  int terminal = open(ptsname(controller), O_RDWR | O_NOCTTY);
  if (terminal < 0 || dup2(terminal, 2) < 0) return 91;
  if (strstr(arguments[1], "-both") != NULL && dup2(terminal, 1) < 0) return 91;
  close(terminal);
  if (strncmp(arguments[1], "closed", 6) == 0) close(controller);
  if (strncmp(arguments[1], "stopped", 7) == 0 && tcflow(2, TCOOFF) != 0) return 93;
  execv(arguments[2], arguments + 2);
  return 92;
}
