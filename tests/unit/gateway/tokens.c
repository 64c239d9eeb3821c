/* tokens.c -- see tokens.h. */
#include "tokens.h"

#include "base/base64.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

struct token_key {
	EVP_PKEY *pkey;
	const char *curve; /* NULL: RSA */
	int half;
};

static void require(bool ok)
{
	if (!ok)
		abort();
}

struct token_key *token_key_rsa(int bits)
{
	struct token_key *k = xcalloc(1, sizeof(*k));
	k->pkey = EVP_RSA_gen((unsigned)bits);
	require(k->pkey != NULL);
	return k;
}

struct token_key *token_key_ec(const char *curve)
{
	struct token_key *k = xcalloc(1, sizeof(*k));
	k->curve = curve;
	k->half = strcmp(curve, "P-256") == 0 ? 32 : (strcmp(curve, "P-384") == 0 ? 48 : 66);
	k->pkey = EVP_EC_gen(curve);
	require(k->pkey != NULL);
	return k;
}

void token_key_free(struct token_key *k)
{
	EVP_PKEY_free(k->pkey);
	free(k);
}

static void add_number(struct str *out, const struct token_key *k, const char *member,
		       const char *name, int size)
{
	unsigned char bytes[1024];
	BIGNUM *n = NULL;
	require(EVP_PKEY_get_bn_param(k->pkey, name, &n) == 1);
	int len = size ? size : BN_num_bytes(n);
	require(BN_bn2binpad(n, bytes, len) == len);
	str_addf(out, ",\"%s\":\"", member);
	base64url_encode(out, bytes, (size_t)len);
	str_addc(out, '"');
	BN_free(n);
}

void token_jwk(struct str *out, const struct token_key *k, const char *kid, const char *alg)
{
	str_addf(out, "{\"kty\":\"%s\"", k->curve ? "EC" : "RSA");
	if (kid)
		str_addf(out, ",\"kid\":\"%s\"", kid);
	if (alg)
		str_addf(out, ",\"alg\":\"%s\"", alg);
	if (k->curve) {
		str_addf(out, ",\"crv\":\"%s\"", k->curve);
		add_number(out, k, "x", OSSL_PKEY_PARAM_EC_PUB_X, k->half);
		add_number(out, k, "y", OSSL_PKEY_PARAM_EC_PUB_Y, k->half);
	} else {
		add_number(out, k, "n", OSSL_PKEY_PARAM_RSA_N, 0);
		add_number(out, k, "e", OSSL_PKEY_PARAM_RSA_E, 0);
	}
	str_addc(out, '}');
}

static char *keep(struct arena *a, struct str *s)
{
	char *copy = arena_strndup(a, str_c(s), s->len);
	str_clear(s);
	return copy;
}

const char *token_jwks(struct arena *a, const struct token_key *k, const char *kid)
{
	struct str out = {0};
	str_add(&out, "{\"keys\":[");
	token_jwk(&out, k, kid, NULL);
	str_add(&out, "]}");
	return keep(a, &out);
}

static void add_parts(struct str *out, const char *header, const char *claims)
{
	base64url_encode(out, header, strlen(header));
	str_addc(out, '.');
	base64url_encode(out, claims, strlen(claims));
}

static void add_raw(struct str *out, const unsigned char *der, size_t n, int half)
{
	unsigned char raw[132];
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	require(sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, half) == half &&
		BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, half) == half);
	base64url_encode(out, raw, (size_t)half * 2);
	ECDSA_SIG_free(sig);
}

static void add_signature(struct str *out, const struct token_key *k, const char *alg,
			  const char *text, size_t n)
{
	const EVP_MD *md = strstr(alg, "256")   ? EVP_sha256()
			   : strstr(alg, "384") ? EVP_sha384()
						: EVP_sha512();
	unsigned char bytes[1024];
	size_t len = sizeof(bytes);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	require(EVP_DigestSignInit(ctx, &pctx, md, NULL, k->pkey) == 1);
	if (alg[0] == 'P')
		require(EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) > 0 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) > 0);
	require(EVP_DigestSign(ctx, bytes, &len, (const unsigned char *)text, n) == 1);
	if (k->curve)
		add_raw(out, bytes, len, k->half);
	else
		base64url_encode(out, bytes, len);
	EVP_MD_CTX_free(ctx);
}

const char *token_sign(struct arena *a, const struct token_key *k, const char *alg,
		       const char *header, const char *claims)
{
	struct str out = {0}, signature = {0};
	add_parts(&out, header, claims);
	if (strcmp(alg, "none") != 0)
		add_signature(&signature, k, alg, out.p, out.len);
	str_addf(&out, ".%s", str_c(&signature));
	str_clear(&signature);
	return keep(a, &out);
}

const char *token_hmac(struct arena *a, const char *secret, const char *header, const char *claims)
{
	struct str out = {0}, signature = {0};
	unsigned char bytes[32];
	add_parts(&out, header, claims);
	require(HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)out.p,
		     out.len, bytes, NULL) != NULL);
	base64url_encode(&signature, bytes, sizeof(bytes));
	str_addf(&out, ".%s", signature.p);
	str_clear(&signature);
	return keep(a, &out);
}
