/* A module of PAM for the tests of clients: it checks the password with a simple bind (RFC 4511) to the LDAP server on loopback,
 * whose port is its only argument. pam_exec would truncate a token, because it reads 511 bytes. Not every machine has the headers
 * of PAM, so this file declares what it uses of them. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAM_SUCCESS = 0, PAM_SERVICE_ERR = 3, PAM_AUTH_ERR = 7, PAM_AUTHTOK = 6, RESULT_AT = 9, ANSWER = 14 };

typedef struct pam_handle pam_handle_t;
int pam_get_user(pam_handle_t *, const char **, const char *);
int pam_get_authtok(pam_handle_t *, int, const char **, const char *);

/* An element of BER: its tag, its length in two bytes, and its content, if that is not written by the caller. */
static unsigned char *element(unsigned char *at, int tag, size_t length, const char *content) {
  const unsigned char head[] = {tag, 0x82, length >> 8, length & 0xff};
  memcpy(at, head, sizeof head);
  if (content == NULL) return at + sizeof head;
  memcpy(at + sizeof head, content, length);
  return at + sizeof head + length;
}

static int connected(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) == 0) return server;
  close(server);
  return -1;
}

static int is_good(int server, const char *user, const char *password) {
  size_t names = strlen(user), secrets = strlen(password), bind = 3 + 4 + names + 4 + secrets;
  unsigned char *request = malloc(bind + 16), answer[ANSWER] = {0}, *at;
  if (request == NULL) return 0;
  at = element(request, 0x30, 3 + 4 + bind, NULL);
  at = (unsigned char *)memcpy(at, "\x02\x01\x01", 3) + 3;
  at = element(at, 0x60, bind, NULL);
  at = (unsigned char *)memcpy(at, "\x02\x01\x03", 3) + 3;
  at = element(at, 0x04, names, user);
  at = element(at, 0x80, secrets, password);
  int sent = write(server, request, at - request) == at - request;
  free(request);
  return sent && recv(server, answer, ANSWER, MSG_WAITALL) == ANSWER && answer[RESULT_AT] == 0;
}

int pam_sm_authenticate(pam_handle_t *handle, int flags, int count, const char **arguments) {
  const char *user, *password;
  (void)flags;
  if (count != 1 || pam_get_user(handle, &user, NULL) != PAM_SUCCESS) return PAM_SERVICE_ERR;
  if (pam_get_authtok(handle, PAM_AUTHTOK, &password, NULL) != PAM_SUCCESS) return PAM_AUTH_ERR;
  int server = connected(atoi(arguments[0]));
  if (server < 0) return PAM_SERVICE_ERR;
  int good = is_good(server, user, password);
  close(server);
  return good ? PAM_SUCCESS : PAM_AUTH_ERR;
}

int pam_sm_setcred(pam_handle_t *handle, int flags, int count, const char **arguments) {
  (void)handle, (void)flags, (void)count, (void)arguments;
  return PAM_SUCCESS;
}

int pam_sm_acct_mgmt(pam_handle_t *handle, int flags, int count, const char **arguments) {
  return pam_sm_setcred(handle, flags, count, arguments);
}
