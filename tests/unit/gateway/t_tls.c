/* t_tls.c -- the certificates of `gateway cert` and the server that uses them: versions, client
 * certificates, what is no TLS at all. Server and client share one loop. */
#include "base/file.h"
#include "gateway/cert.h"
#include "gateway/server.h"
#include "gateway/tls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#define NOW_MS 1795770900000 /* 2026-11-27 */

static const struct clock today = {.frozen = true, .at = {NOW_MS, 0}};
static const struct clock too_late = {.frozen = true, .at = {NOW_MS + 400 * 86400000LL, 0}};
static char folder[200];

static const char *in(struct arena *a, const char *name)
{
	return path_join(a, folder, name);
}

static int make_all(void **state)
{
	static const char *const hosts[] = {"api.example.com", "*.wild.example.com", "10.0.0.1"};
	const char *tmp = getenv("TMPDIR");
	(void)state;
	snprintf(folder, sizeof(folder), "%s/tls-%ld", tmp ? tmp : "/tmp", (long)getpid());
	return cert_make(folder, hosts, ARRAY_LEN(hosts), NOW_MS, NULL) ? 0 : -1;
}

static int remove_all(void **state)
{
	static const char *const names[] = {CERT_AUTHORITY,  CERT_AUTHORITY_KEY, CERT_SERVER,
					    CERT_SERVER_KEY, CERT_CLIENT,        CERT_CLIENT_KEY};
	struct arena a = {0};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(in(&a, names[i]));
	rmdir(folder);
	arena_clear(&a);
	return 0;
}

/* ---- the files ----------------------------------------------------------------------- */

static void test_files(void **state)
{
	(void)state;
	struct arena a = {0};
	struct str before = {0}, after = {0}, server = {0}, again = {0};
	struct stat st;
	assert_int_equal(stat(in(&a, CERT_SERVER_KEY), &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_int_equal(stat(in(&a, CERT_AUTHORITY_KEY), &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_true(file_read(in(&a, CERT_AUTHORITY), 10000, &before, NULL));
	assert_true(file_read(in(&a, CERT_SERVER), 10000, &server, NULL));
	assert_true(cert_make(folder, NULL, 0, NOW_MS, NULL));
	assert_true(file_read(in(&a, CERT_AUTHORITY), 10000, &after, NULL));
	assert_true(file_read(in(&a, CERT_SERVER), 10000, &again, NULL));
	assert_string_equal(before.p, after.p); /* what clients trust stays */
	assert_string_not_equal(server.p, again.p);
	assert_int_equal(make_all(NULL), 0);
	str_clear(&before), str_clear(&after), str_clear(&server), str_clear(&again);
	arena_clear(&a);
}

static void test_bad_hosts(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "a b", "x,DNS:evil", "*.", "a.*", "email:x"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct diags d = {0};
		assert_false(cert_make(folder, &bad[i], 1, NOW_MS, &d));
		assert_string_equal(d.items[0].code, "cert-host");
		diags_clear(&d);
	}
}

static void test_bad_files(void **state)
{
	(void)state;
	struct arena a = {0};
	struct diags d = {0};
	assert_null(tls_new(in(&a, "none.pem"), in(&a, CERT_SERVER_KEY), &today, &d));
	assert_string_equal(d.items[0].code, "tls-cert");
	assert_null(tls_new(in(&a, CERT_SERVER), in(&a, CERT_CLIENT_KEY), &today, &d));
	assert_string_equal(d.items[1].code, "tls-key");
	struct tls *t = tls_new(in(&a, CERT_SERVER), in(&a, CERT_SERVER_KEY), &today, &d);
	assert_non_null(t);
	assert_false(tls_truststore(t, "x", in(&a, CERT_SERVER_KEY), &d));
	assert_string_equal(d.items[2].code, "tls-truststore");
	tls_free(t);
	diags_clear(&d);
	arena_clear(&a);
}

/* ---- a server and a client ----------------------------------------------------------- */

struct world {
	uv_loop_t loop;
	uv_idle_t idle;
	struct server *server;
	struct tls *tls;
	char subject[200]; /* of the certificate the last request came with */
	bool stopped;
};

static void on_request(void *ctx, struct server_request *q)
{
	struct world *w = ctx;
	struct gw_response r = {.status = 200, .body = {"hello", 5}};
	const struct gw_client_cert *cert = q->request.cert;
	snprintf(w->subject, sizeof(w->subject), "%s", cert ? cert->subject_dn : "none");
	assert_true(q->request.tls);
	if (cert) {
		assert_non_null(strstr(cert->pem, "BEGIN CERTIFICATE"));
		assert_non_null(strstr(cert->issuer_dn, "local authority"));
		assert_string_equal(cert->not_before, "Nov 27 08:15:00 2026 GMT");
		assert_true(strlen(cert->serial) > 20 && cert->serial[2] == ':');
	}
	if (strcmp(q->request.path, "/large") == 0)
		r.body = (struct slice){arena_alloc(q->arena, 3 << 20), 3 << 20};
	server_answer(q, &r);
}

static void on_stopped(void *ctx)
{
	((struct world *)ctx)->stopped = true;
}

static void nothing(uv_idle_t *handle)
{
	(void)handle;
}

static const struct server_ops ops = {.request = on_request, .stopped = on_stopped};

static void begin(struct world *w, const struct clock *clock, const char *trusted_host)
{
	struct arena a = {0};
	struct diags d = {0};
	*w = (struct world){0};
	uv_loop_init(&w->loop);
	uv_idle_init(&w->loop, &w->idle);
	uv_idle_start(&w->idle, nothing);
	w->tls = tls_new(in(&a, CERT_SERVER), in(&a, CERT_SERVER_KEY), clock, &d);
	assert_non_null(w->tls);
	if (trusted_host)
		assert_true(tls_truststore(w->tls, trusted_host, in(&a, CERT_AUTHORITY), &d));
	struct server_options o = {.address = "127.0.0.1", .tls = w->tls};
	w->server = server_open(&w->loop, &o, &ops, w, &d);
	assert_non_null(w->server);
	arena_clear(&a);
}

static void end(struct world *w)
{
	uv_close((uv_handle_t *)&w->idle, NULL);
	server_stop(w->server, 1);
	while (!w->stopped)
		uv_run(&w->loop, UV_RUN_ONCE);
	server_free(w->server);
	tls_free(w->tls);
	assert_int_equal(uv_loop_close(&w->loop), 0);
}

static int connect_to(struct world *w)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)server_port(w->server)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* Turn the loop until the call has done what it can. */
#define UNTIL_DONE(w, ssl, n, call)                                           \
	do {                                                                  \
		uv_run(&(w)->loop, UV_RUN_NOWAIT);                            \
		(n) = (call);                                                 \
	} while ((n) <= 0 && (SSL_get_error(ssl, n) == SSL_ERROR_WANT_READ || \
			      SSL_get_error(ssl, n) == SSL_ERROR_WANT_WRITE))

struct client {
	const char *host, *cert, *key; /* cert NULL: none */
	int version;                   /* 0: any */
	const char *request;
};

/* What the server answers; "" when there is no connection. */
static void ask(struct world *w, const struct client *c, struct str *out)
{
	struct arena a = {0};
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), NOW_MS / 1000);
	assert_int_equal(SSL_CTX_load_verify_locations(ctx, in(&a, CERT_AUTHORITY), NULL), 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	if (c->version)
		SSL_CTX_set_max_proto_version(ctx, c->version);
	if (c->version)
		SSL_CTX_set_security_level(ctx, 0);
	if (c->cert) {
		SSL_CTX_use_certificate_file(ctx, in(&a, c->cert), SSL_FILETYPE_PEM);
		SSL_CTX_use_PrivateKey_file(ctx, in(&a, c->key), SSL_FILETYPE_PEM);
	}
	SSL *ssl = SSL_new(ctx);
	int fd = connect_to(w), n;
	char buf[16384];
	SSL_set_fd(ssl, fd);
	SSL_set_tlsext_host_name(ssl, c->host);
	SSL_set1_host(ssl, c->host);
	str_reset(out);
	UNTIL_DONE(w, ssl, n, SSL_connect(ssl));
	if (n == 1) {
		SSL_write(ssl, c->request, (int)strlen(c->request));
		do {
			UNTIL_DONE(w, ssl, n, SSL_read(ssl, buf, sizeof(buf)));
			if (n > 0)
				str_addn(out, buf, (size_t)n);
		} while (n > 0);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	close(fd);
	arena_clear(&a);
}

#define GET(path, host) "GET " path " HTTP/1.1\r\nHost: " host "\r\nConnection: close\r\n\r\n"

static void test_https(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	begin(&w, &today, NULL);
	ask(&w, &(struct client){.host = "localhost", .request = GET("/", "localhost")}, &out);
	assert_non_null(strstr(str_c(&out), "\r\n\r\nhello"));
	assert_string_equal(w.subject, "none");
	ask(&w,
	    &(struct client){.host = "shop.execute-api.localhost",
			     .version = TLS1_2_VERSION,
			     .request = GET("/", "shop")},
	    &out);
	assert_non_null(strstr(str_c(&out), "\r\n\r\nhello"));
	ask(&w, &(struct client){.host = "api.example.com", .request = GET("/large", "x")}, &out);
	assert_true(out.len > 3 << 20);
	ask(&w, &(struct client){.host = "other.example.com", .request = GET("/", "x")}, &out);
	assert_int_equal(out.len, 0); /* the certificate is not good for it */
	ask(&w,
	    &(struct client){
		    .host = "localhost", .version = TLS1_1_VERSION, .request = GET("/", "x")},
	    &out);
	assert_int_equal(out.len, 0);
	str_clear(&out);
	end(&w);
}

static void test_mutual(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	struct client c = {.host = "api.example.com", .request = GET("/", "api.example.com")};
	begin(&w, &today, "api.example.com");
	ask(&w, &c, &out);
	assert_non_null(strstr(str_c(&out), "hello"));
	assert_string_equal(w.subject, "none");
	c.cert = CERT_CLIENT;
	c.key = CERT_CLIENT_KEY;
	ask(&w, &c, &out);
	assert_string_equal(w.subject, "CN=gatedrill client,O=gatedrill demo");
	c.host = "localhost"; /* does not ask for one */
	ask(&w, &c, &out);
	assert_non_null(strstr(str_c(&out), "hello"));
	assert_string_equal(w.subject, "none");
	c.host = "api.example.com"; /* a certificate that is not for clients */
	c.cert = CERT_SERVER;
	c.key = CERT_SERVER_KEY;
	ask(&w, &c, &out);
	assert_non_null(strstr(str_c(&out), "hello"));
	assert_string_equal(w.subject, "none");
	str_clear(&out);
	end(&w);
}

static void test_expired(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	struct client c = {.host = "api.example.com",
			   .cert = CERT_CLIENT,
			   .key = CERT_CLIENT_KEY,
			   .request = GET("/", "api.example.com")};
	begin(&w, &too_late, "api.example.com");
	ask(&w, &c, &out);
	assert_non_null(strstr(str_c(&out), "hello"));
	assert_string_equal(w.subject, "none");
	str_clear(&out);
	end(&w);
}

/* Neither plain HTTP nor noise nor a client that leaves harms the server. */
static void test_no_tls(void **state)
{
	(void)state;
	static const char *const noise[] = {GET("/", "x"), "\x16\x03\x01\x02\x00\x01", "",
					    "\n\n\n"};
	struct world w;
	struct str out = {0};
	begin(&w, &today, NULL);
	for (size_t i = 0; i < ARRAY_LEN(noise); i++) {
		int fd = connect_to(&w);
		send(fd, noise[i], strlen(noise[i]), MSG_NOSIGNAL);
		for (int k = 0; k < 10; k++)
			uv_run(&w.loop, UV_RUN_NOWAIT);
		close(fd);
	}
	while (server_connections(w.server))
		uv_run(&w.loop, UV_RUN_NOWAIT);
	ask(&w, &(struct client){.host = "localhost", .request = GET("/", "localhost")}, &out);
	assert_non_null(strstr(str_c(&out), "hello"));
	str_clear(&out);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),     cmocka_unit_test(test_bad_hosts),
		cmocka_unit_test(test_bad_files), cmocka_unit_test(test_https),
		cmocka_unit_test(test_mutual),    cmocka_unit_test(test_no_tls),
		cmocka_unit_test(test_expired),
	};
	return cmocka_run_group_tests(tests, make_all, remove_all);
}
