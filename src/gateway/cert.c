/* cert.c -- see cert.h. Keys are on P-256, signatures SHA-256: what every client takes. The
 * certificates carry what current clients insist on (subject alternative names, key usage, key
 * identifiers), so that a demo fails for the reason it shows and no other. */
#include "gateway/cert.h"
#include "base/file.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PEM_BYTES ((size_t)64 << 10)
#define CLOCK_SLACK_S 3600 /* a certificate is good a little before now */

struct pair {
	X509 *cert;
	EVP_PKEY *key;
};

static void pair_clear(struct pair *p)
{
	X509_free(p->cert);
	EVP_PKEY_free(p->key);
	*p = (struct pair){0};
}

static void must(bool done)
{
	if (!done) {
		ERR_print_errors_fp(stderr);
		abort();
	}
}

/* ---- files --------------------------------------------------------------------------- */

static bool write_bio(const char *dir, const char *name, BIO *bio, bool secret, struct diags *d)
{
	struct arena a = {0};
	const char *path = path_join(&a, dir, name);
	char *p;
	size_t n = (size_t)BIO_get_mem_data(bio, &p);
	bool ok = secret ? file_write_private(path, p, n, d) : file_write(path, p, n, d);
	BIO_free(bio);
	arena_clear(&a);
	return ok;
}

/* issuer: NULL, or put behind the certificate as its chain. */
static bool write_pair(const char *dir, const char *cert, const char *key, const struct pair *p,
		       struct diags *d)
{
	BIO *certs = BIO_new(BIO_s_mem()), *keys = BIO_new(BIO_s_mem());
	must(certs && keys && PEM_write_bio_X509(certs, p->cert) &&
	     PEM_write_bio_PrivateKey(keys, p->key, NULL, NULL, 0, NULL, NULL));
	bool ok = write_bio(dir, cert, certs, false, d);
	return write_bio(dir, key, keys, true, d) && ok;
}

static BIO *read_bio(const char *dir, const char *name, struct str *text, struct diags *d)
{
	struct arena a = {0};
	bool ok = file_read(path_join(&a, dir, name), MAX_PEM_BYTES, text, d);
	arena_clear(&a);
	return ok ? BIO_new_mem_buf(text->p ? text->p : "", (int)text->len) : NULL;
}

static bool read_pair(const char *dir, const char *cert, const char *key, struct pair *p,
		      struct diags *d)
{
	struct str cert_text = {0}, key_text = {0};
	BIO *certs = read_bio(dir, cert, &cert_text, d);
	BIO *keys = certs ? read_bio(dir, key, &key_text, d) : NULL;
	if (keys) {
		p->cert = PEM_read_bio_X509(certs, NULL, NULL, NULL);
		p->key = PEM_read_bio_PrivateKey(keys, NULL, NULL, NULL);
		if (!p->cert || !p->key || X509_check_private_key(p->cert, p->key) != 1)
			diag_fail(
				d, "cert-authority",
				"%s/%s and %s are no authority; move them away and run this again",
				dir, cert, key);
	}
	bool ok = keys && p->cert && p->key && X509_check_private_key(p->cert, p->key) == 1;
	BIO_free(certs);
	BIO_free(keys);
	str_clear(&cert_text);
	if (key_text.p)
		OPENSSL_cleanse(key_text.p, key_text.len);
	str_clear(&key_text);
	ERR_clear_error();
	return ok;
}

/* ---- certificates -------------------------------------------------------------------- */

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(e && X509_add_ext(cert, e, -1));
	X509_EXTENSION_free(e);
}

static void set_serial(X509 *cert)
{
	unsigned char bytes[16];
	must(RAND_bytes(bytes, sizeof(bytes)) == 1);
	bytes[0] &= 0x7f;
	BIGNUM *n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	must(n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)));
	BN_free(n);
}

static void set_names(X509 *cert, const char *name, X509 *issuer)
{
	X509_NAME *subject = X509_get_subject_name(cert);
	must(X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC,
					(const unsigned char *)"gatedrill demo", -1, -1, 0) &&
	     X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name,
					-1, -1, 0) &&
	     X509_set_issuer_name(cert, X509_get_subject_name(issuer ? issuer : cert)));
}

struct wish {
	const char *name, *usage, *purpose, *hosts; /* hosts: subjectAltName, NULL: none */
	int days;
};

/* A key and its certificate, signed by the authority or, where it is NULL, by itself. */
static struct pair make_pair(const struct wish *w, const struct pair *authority, int64_t now_s)
{
	struct pair p = {X509_new(), EVP_EC_gen("P-256")};
	X509 *issuer = authority ? authority->cert : p.cert;
	must(p.cert && p.key && X509_set_version(p.cert, X509_VERSION_3) &&
	     X509_set_pubkey(p.cert, p.key));
	set_serial(p.cert);
	set_names(p.cert, w->name, authority ? authority->cert : NULL);
	must(ASN1_TIME_set(X509_getm_notBefore(p.cert), (time_t)(now_s - CLOCK_SLACK_S)) &&
	     ASN1_TIME_set(X509_getm_notAfter(p.cert), (time_t)(now_s + w->days * 86400LL)));
	add_extension(p.cert, issuer, NID_subject_key_identifier, "hash");
	add_extension(p.cert, issuer, NID_authority_key_identifier, "keyid:always");
	add_extension(p.cert, issuer, NID_basic_constraints,
		      authority ? "critical,CA:FALSE" : "critical,CA:TRUE");
	add_extension(p.cert, issuer, NID_key_usage, w->usage);
	if (w->purpose)
		add_extension(p.cert, issuer, NID_ext_key_usage, w->purpose);
	if (w->hosts)
		add_extension(p.cert, issuer, NID_subject_alt_name, w->hosts);
	must(X509_sign(p.cert, authority ? authority->key : p.key, EVP_sha256()) > 0);
	return p;
}

/* ---- the set ------------------------------------------------------------------------- */

static bool is_host(const char *host)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
	const char *name = str_starts(host, "*.") ? host + 2 : host;
	return *name && strlen(host) <= 253 && !name[strspn(name, letters)];
}

static bool add_host(struct str *out, const char *host, struct diags *d)
{
	unsigned char address[16];
	if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
		str_addf(out, ",IP:%s", host);
		return true;
	}
	if (!is_host(host))
		return diag_fail(d, "cert-host", "\"%s\" is no host name or address", host);
	str_addf(out, ",DNS:%s", host);
	return true;
}

static bool get_authority(const char *dir, struct pair *p, int64_t now_s, struct diags *d)
{
	static const struct wish wish = {.name = "gatedrill local authority",
					 .usage = "critical,keyCertSign,cRLSign",
					 .days = CERT_AUTHORITY_DAYS};
	struct arena a = {0};
	struct file_stat there;
	bool have = file_stat(path_join(&a, dir, CERT_AUTHORITY), &there);
	arena_clear(&a);
	if (have)
		return read_pair(dir, CERT_AUTHORITY, CERT_AUTHORITY_KEY, p, d);
	*p = make_pair(&wish, NULL, now_s);
	return write_pair(dir, CERT_AUTHORITY, CERT_AUTHORITY_KEY, p, d);
}

static bool make_signed(const char *dir, const struct wish *w, const struct pair *authority,
			int64_t now_s, const char *cert, const char *key, struct diags *d)
{
	struct pair p = make_pair(w, authority, now_s);
	bool ok = write_pair(dir, cert, key, &p, d);
	pair_clear(&p);
	return ok;
}

bool cert_make(const char *dir, const char *const *hosts, size_t count, int64_t now_ms,
	       struct diags *d)
{
	struct str names = {0};
	struct pair authority = {0};
	int64_t now_s = now_ms / 1000;
	bool ok = count <= MAX_CERT_HOSTS ||
		  diag_fail(d, "cert-host", "at most %d hosts", MAX_CERT_HOSTS);
	str_add(&names, "DNS:localhost,DNS:*.execute-api.localhost,IP:127.0.0.1,IP:::1");
	for (size_t i = 0; ok && i < count; i++)
		ok = add_host(&names, hosts[i], d);
	const struct wish server = {.name = "gatedrill gateway",
				    .usage = "critical,digitalSignature",
				    .purpose = "serverAuth",
				    .hosts = str_c(&names),
				    .days = CERT_DAYS};
	static const struct wish client = {.name = "gatedrill client",
					   .usage = "critical,digitalSignature",
					   .purpose = "clientAuth",
					   .days = CERT_DAYS};
	ok = ok && file_mkdirs(dir, d) && get_authority(dir, &authority, now_s, d) &&
	     make_signed(dir, &server, &authority, now_s, CERT_SERVER, CERT_SERVER_KEY, d) &&
	     make_signed(dir, &client, &authority, now_s, CERT_CLIENT, CERT_CLIENT_KEY, d);
	pair_clear(&authority);
	str_clear(&names);
	return ok;
}
