/* cert.h -- certificates for demos: a local authority, a server certificate and a client
 * certificate, as files. */
#ifndef GATEWAY_CERT_H
#define GATEWAY_CERT_H

#include "base/diag.h"

#include <stdint.h>

#define CERT_AUTHORITY "ca.pem" /* also the truststore for mutual TLS, and curl's --cacert */
#define CERT_AUTHORITY_KEY "ca-key.pem"
#define CERT_SERVER "server.pem"
#define CERT_SERVER_KEY "server-key.pem"
#define CERT_CLIENT "client.pem"
#define CERT_CLIENT_KEY "client-key.pem"
#define CERT_DAYS 365
#define CERT_AUTHORITY_DAYS 3650
#define MAX_CERT_HOSTS 100

/* Make them in the folder, which is made too. The authority is kept when it is there, so that what
 * was told to trust it still does; the others are made anew. The server certificate is good for
 * localhost, *.execute-api.localhost, 127.0.0.1, ::1 and for hosts (names, "*.name" or addresses).
 * Keys can be read by their owner alone. Errors: cert-host, cert-authority, file-... */
bool cert_make(const char *dir, const char *const *hosts, size_t count, int64_t now_ms,
	       struct diags *d);

#endif
