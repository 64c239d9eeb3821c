/* tls.c -- see tls.h.
 *
 * Sessions are not resumed: a resumed one would carry the judgement of a client certificate from
 * one host name to another, and a demo has no use for the handshakes saved. What a client's
 * certificate lacks is noted, not refused, in the handshake, because API Gateway answers 403. */
#include "gateway/tls.h"
#include "base/str.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

struct tls_trust {
	struct tls_trust *next;
	char *host; /* NULL: every host */
	X509_STORE *store;
	STACK_OF(X509_NAME) * names;
};

struct tls {
	SSL_CTX *ctx;
	struct clock clock;
	struct tls_trust *trust;
};

struct tls_conn {
	SSL *ssl;
	bool shaken, asked, distrusted;
};

/* ---- what is shared ------------------------------------------------------------------ */

static const char *last_error(void)
{
	unsigned long e = ERR_peek_last_error();
	const char *reason = e ? ERR_reason_error_string(e) : NULL;
	return reason ? reason : "unknown error";
}

static bool load_failed(struct diags *d, const char *code, const char *what, const char *file)
{
	diag_fail(d, code, "%s: no %s can be read from it: %s", file, what, last_error());
	ERR_clear_error();
	return false;
}

/* HTTP/1.1 when the client names protocols at all. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *n,
			   const unsigned char *in, unsigned int len, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	(void)ssl, (void)arg;
	return SSL_select_next_proto((unsigned char **)out, n, ours, sizeof(ours) - 1, in, len) ==
			       OPENSSL_NPN_NEGOTIATED
		       ? SSL_TLSEXT_ERR_OK
		       : SSL_TLSEXT_ERR_NOACK;
}

/* Notes what is wrong with the client's certificate and lets the handshake go on. */
static int note_distrust(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_conn *c = SSL_get_app_data(ssl);
	c->distrusted |= !ok;
	return 1;
}

static const struct tls_trust *find_trust(const struct tls *t, const char *host)
{
	const struct tls_trust *every = NULL;
	for (const struct tls_trust *trust = t->trust; trust; trust = trust->next) {
		if (!trust->host)
			every = trust;
		else if (host && gw_name_eq(trust->host, host))
			return trust;
	}
	return every;
}

/* The client has said which host it wants: one that asks for certificates does so now. */
static int on_host(SSL *ssl, int *alert, void *arg)
{
	const struct tls *t = arg;
	struct tls_conn *c = SSL_get_app_data(ssl);
	const char *host = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	const struct tls_trust *trust = find_trust(t, host);
	(void)alert;
	if (!trust)
		return SSL_TLSEXT_ERR_OK;
	c->asked = true;
	SSL_set1_verify_cert_store(ssl, trust->store);
	SSL_set_client_CA_list(ssl, SSL_dup_CA_list(trust->names));
	SSL_set_verify(ssl, SSL_VERIFY_PEER, note_distrust);
	X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), (time_t)(clock_ms(&t->clock) / 1000));
	return SSL_TLSEXT_ERR_OK;
}

struct tls *tls_new(const char *cert, const char *key, const struct clock *clock, struct diags *d)
{
	struct tls *t = xcalloc(1, sizeof(*t));
	bool ok = true;
	t->clock = *clock;
	t->ctx = SSL_CTX_new(TLS_server_method());
	if (!t->ctx)
		abort();
	SSL_CTX_set_min_proto_version(t->ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(t->ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
					    SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_session_cache_mode(t->ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(t->ctx, 0);
	SSL_CTX_set_mode(t->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
					 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					 SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_alpn_select_cb(t->ctx, choose_protocol, NULL);
	SSL_CTX_set_tlsext_servername_callback(t->ctx, on_host);
	SSL_CTX_set_tlsext_servername_arg(t->ctx, t);
	if (SSL_CTX_use_certificate_chain_file(t->ctx, cert) != 1)
		ok = load_failed(d, "tls-cert", "certificate", cert);
	else if (SSL_CTX_use_PrivateKey_file(t->ctx, key, SSL_FILETYPE_PEM) != 1)
		ok = load_failed(d, "tls-key", "private key of the certificate", key);
	if (ok)
		return t;
	tls_free(t);
	return NULL;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	tls_trust_free(t->trust);
	SSL_CTX_free(t->ctx);
	free(t);
}

bool tls_truststore(struct tls *t, const char *host, const char *file, struct diags *d)
{
	X509_STORE *store = X509_STORE_new();
	if (!store)
		abort();
	STACK_OF(X509_NAME) *names = NULL;
	if (X509_STORE_load_file(store, file) == 1)
		names = SSL_load_client_CA_file(file);
	if (!names) {
		X509_STORE_free(store);
		return load_failed(d, "tls-truststore", "certificate", file);
	}
	struct tls_trust *trust = xcalloc(1, sizeof(*trust));
	*trust = (struct tls_trust){t->trust, host ? xstrdup(host) : NULL, store, names};
	t->trust = trust;
	return true;
}

void tls_trust_free(struct tls_trust *trust)
{
	while (trust) {
		struct tls_trust *next = trust->next;
		X509_STORE_free(trust->store);
		sk_X509_NAME_pop_free(trust->names, X509_NAME_free);
		free(trust->host);
		free(trust);
		trust = next;
	}
}

struct tls_trust *tls_trust_swap(struct tls *t, struct tls_trust *with)
{
	struct tls_trust *before = t->trust;
	t->trust = with;
	return before;
}

/* ---- connections --------------------------------------------------------------------- */

struct tls_conn *tls_accept(struct tls *t, int fd)
{
	struct tls_conn *c = xcalloc(1, sizeof(*c));
	c->ssl = SSL_new(t->ctx);
	if (!c->ssl || SSL_set_fd(c->ssl, fd) != 1)
		abort();
	SSL_set_app_data(c->ssl, c);
	SSL_set_accept_state(c->ssl);
	return c;
}

static SSL_CTX *client_context(const char *cert, const char *key, const char **error)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	if (!ctx)
		abort();
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	ERR_clear_error();
	if (!cert || (SSL_CTX_use_certificate_chain_file(ctx, cert) == 1 &&
		      SSL_CTX_use_PrivateKey_file(ctx, key ? key : cert, SSL_FILETYPE_PEM) == 1))
		return ctx;
	*error = last_error();
	ERR_clear_error();
	SSL_CTX_free(ctx);
	return NULL;
}

struct tls_conn *tls_connect(int fd, const char *host, const char *cert, const char *key,
			     const char **error)
{
	SSL_CTX *ctx = client_context(cert, key, error);
	if (!ctx)
		return NULL;
	struct tls_conn *c = xcalloc(1, sizeof(*c));
	c->ssl = SSL_new(ctx);
	SSL_CTX_free(ctx); /* the connection holds it */
	if (!c->ssl || SSL_set_fd(c->ssl, fd) != 1)
		abort();
	SSL_set_app_data(c->ssl, c);
	if (host)
		SSL_set_tlsext_host_name(c->ssl, host);
	SSL_set_connect_state(c->ssl);
	return c;
}

void tls_conn_free(struct tls_conn *c)
{
	if (!c)
		return;
	if (c->shaken)
		SSL_shutdown(c->ssl);
	SSL_free(c->ssl);
	ERR_clear_error();
	free(c);
}

/* What a call that gave n <= 0 means. */
static int outcome(struct tls_conn *c, int n)
{
	switch (SSL_get_error(c->ssl, n)) {
	case SSL_ERROR_WANT_READ:
		return TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		c->shaken = false; /* no goodbye on a broken connection */
		return TLS_FAILED;
	}
}

int tls_handshake(struct tls_conn *c)
{
	ERR_clear_error();
	int n = SSL_do_handshake(c->ssl);
	if (n != 1) {
		int result = outcome(c, n);
		return result ? result : TLS_FAILED;
	}
	c->shaken = true;
	return 1;
}

static int bounded(size_t n)
{
	return n > 1 << 30 ? 1 << 30 : (int)n;
}

ssize_t tls_read(struct tls_conn *c, char *p, size_t n)
{
	ERR_clear_error();
	int got = SSL_read(c->ssl, p, bounded(n));
	return got > 0 ? got : outcome(c, got);
}

ssize_t tls_write(struct tls_conn *c, const char *p, size_t n)
{
	ERR_clear_error();
	int put = SSL_write(c->ssl, p, bounded(n));
	int result = put > 0 ? put : outcome(c, put);
	return result ? result : TLS_FAILED;
}

bool tls_pending(const struct tls_conn *c)
{
	return SSL_has_pending(c->ssl);
}

const char *tls_host(const struct tls_conn *c)
{
	return SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name);
}

bool tls_trusted(const struct tls_conn *c)
{
	return !c->asked || (SSL_get0_peer_certificate(c->ssl) && !c->distrusted);
}

/* ---- what a certificate says --------------------------------------------------------- */

static const char *bio_text(struct arena *a, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	const char *text = n > 0 ? arena_strndup(a, p, (size_t)n) : "";
	BIO_free(bio);
	return text;
}

static BIO *new_bio(void)
{
	BIO *bio = BIO_new(BIO_s_mem());
	if (!bio)
		abort();
	return bio;
}

static const char *name_text(struct arena *a, const X509_NAME *name)
{
	BIO *bio = new_bio();
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	return bio_text(a, bio);
}

static const char *time_text(struct arena *a, const ASN1_TIME *time)
{
	BIO *bio = new_bio();
	ASN1_TIME_print(bio, time);
	return bio_text(a, bio);
}

static const char *pem_text(struct arena *a, X509 *cert)
{
	BIO *bio = new_bio();
	PEM_write_bio_X509(bio, cert);
	return bio_text(a, bio);
}

/* "a1:b2:..." */
static const char *serial_text(struct arena *a, const ASN1_INTEGER *serial)
{
	struct str s = {0};
	const unsigned char *p = ASN1_STRING_get0_data(serial);
	for (int i = 0; i < ASN1_STRING_length(serial); i++)
		str_addf(&s, "%s%02x", i ? ":" : "", p[i]);
	const char *text = arena_strdup(a, str_c(&s));
	str_clear(&s);
	return text;
}

const struct gw_client_cert *tls_peer(struct tls_conn *c, struct arena *a)
{
	X509 *cert = c->asked && tls_trusted(c) ? SSL_get0_peer_certificate(c->ssl) : NULL;
	if (!cert)
		return NULL;
	struct gw_client_cert *out = arena_alloc(a, sizeof(*out));
	*out = (struct gw_client_cert){
		.pem = pem_text(a, cert),
		.subject_dn = name_text(a, X509_get_subject_name(cert)),
		.issuer_dn = name_text(a, X509_get_issuer_name(cert)),
		.serial = serial_text(a, X509_get0_serialNumber(cert)),
		.not_before = time_text(a, X509_get0_notBefore(cert)),
		.not_after = time_text(a, X509_get0_notAfter(cert)),
	};
	return out;
}
