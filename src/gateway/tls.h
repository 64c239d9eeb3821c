/* tls.h -- TLS on a non-blocking socket (OpenSSL 3): 1.2 and newer, HTTP/1.1 alone, and client
 * certificates for domains that ask for them. */
#ifndef GATEWAY_TLS_H
#define GATEWAY_TLS_H

#include "base/clock.h"
#include "base/diag.h"
#include "gateway/message.h"

#include <sys/types.h>

struct tls;      /* what all connections share */
struct tls_conn; /* one connection */

/* cert: PEM file, the server's certificate first, then its chain; key: PEM file. clock says whether
 * a client's certificate is good now. Errors: tls-cert, tls-key, tls-truststore. NULL after an
 * error.
 */
struct tls *tls_new(const char *cert, const char *key, const struct clock *clock, struct diags *d);
void tls_free(struct tls *t); /* accepts NULL */
/* Clients of this host name (NULL: of every one that has no truststore of its own) must show a
 * certificate that chains to one in the PEM file: they are asked for it in the handshake. Who shows
 * none, or a wrong one, still gets a connection, whose tls_trusted() is false, so that the refusal
 * can be an HTTP answer. */
bool tls_truststore(struct tls *t, const char *host, const char *file, struct diags *d);
/* All truststores at once, for definitions that are read again: take those of now out, which are
 * returned, and put others in their place (NULL: none, to begin with). Connections that have been
 * asked for a certificate keep what they were judged by. */
struct tls_trust;
struct tls_trust *tls_trust_swap(struct tls *t, struct tls_trust *with);
void tls_trust_free(struct tls_trust *trust); /* all of a swap; accepts NULL */

struct tls_conn *tls_accept(struct tls *t, int fd); /* fd is borrowed */
/* The client's side of one, for who tries this gateway out: the server's certificate is not
 * checked. host: the name to ask for, NULL: none. cert, key: PEM files to show; NULL: none. NULL:
 * they cannot be read, *error (a literal of OpenSSL) says why. */
struct tls_conn *tls_connect(int fd, const char *host, const char *cert, const char *key,
			     const char **error);
void tls_conn_free(struct tls_conn *c); /* accepts NULL; says goodbye if it can */

/* Bytes read or written, or one of these. 0 of a read: the peer has ended. */
enum { TLS_FAILED = -1, TLS_WANT_READ = -2, TLS_WANT_WRITE = -3 };
int tls_handshake(struct tls_conn *c); /* 1: done */
ssize_t tls_read(struct tls_conn *c, char *p, size_t n);
ssize_t tls_write(struct tls_conn *c, const char *p, size_t n);
bool tls_pending(const struct tls_conn *c); /* bytes to read that the socket does not tell of */

/* After the handshake. The name the client asked for (SNI), NULL: none. */
const char *tls_host(const struct tls_conn *c);
/* The host asks for certificates: is the client's one trusted? True where none is asked for. */
bool tls_trusted(const struct tls_conn *c);
/* The client's certificate, verified; NULL: none. In the arena. */
const struct gw_client_cert *tls_peer(struct tls_conn *c, struct arena *a);

#endif
