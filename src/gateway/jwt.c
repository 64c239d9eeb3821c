/* jwt.c -- see jwt.h. RFC 7515 (compact form), 7517, 7518, 7519, and the advice of 8725.
 *
 * A key is built once, when its set is read, and it is built for its own type: an RSA key never
 * reaches an EC verification, nor the other way round. There is no code for symmetric algorithms.
 *
 * A token with a "crit" header asks for extensions that are not known here, and is refused, as the
 * RFC says. Times in claims are numbers, with or without a fraction. There is no leeway: the
 * service documents none, and on one machine there is one clock. */
#include "gateway/jwt.h"

#include "base/base64.h"
#include "base/json.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

const char *const jwt_end_texts[JWT_END_COUNT] = {
	[JWT_VALID] = "",
	[JWT_MALFORMED] = "the token is malformed",
	[JWT_ALGORITHM] = "signing method is invalid",
	[JWT_NO_KEY] = "signature is invalid",
	[JWT_KEY_TYPE] = "signature is invalid",
	[JWT_SIGNATURE] = "signature is invalid",
	[JWT_ISSUER] = "the issuer does not match",
	[JWT_AUDIENCE] = "the token does not have a valid audience",
	[JWT_EXPIRED] = "the token has expired",
	[JWT_NOT_YET] = "the token is not valid yet",
	[JWT_ISSUED_AT] = "the token is not valid yet",
	[JWT_CLAIM] = "the token does not have a required claim",
	[JWT_SCOPE] = "the token does not have a required scope",
};

/* ---- algorithms ---- */

enum key_type { KEY_RSA, KEY_EC };
struct algorithm {
	const char *name;
	enum key_type type;
	bool pss;
	const EVP_MD *(*digest)(void);
	const char *curve; /* JWK's name; NULL: RSA */
	size_t half;       /* EC: bytes of r and of s */
};
static const struct algorithm algorithms[] = {
	{"RS256", KEY_RSA, false, EVP_sha256, NULL, 0},
	{"RS384", KEY_RSA, false, EVP_sha384, NULL, 0},
	{"RS512", KEY_RSA, false, EVP_sha512, NULL, 0},
	{"PS256", KEY_RSA, true, EVP_sha256, NULL, 0},
	{"PS384", KEY_RSA, true, EVP_sha384, NULL, 0},
	{"PS512", KEY_RSA, true, EVP_sha512, NULL, 0},
	{"ES256", KEY_EC, false, EVP_sha256, "P-256", 32},
	{"ES384", KEY_EC, false, EVP_sha384, "P-384", 48},
	{"ES512", KEY_EC, false, EVP_sha512, "P-521", 66},
};

static const struct algorithm *algorithm_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

bool jwt_known_algorithm(const char *alg)
{
	return algorithm_find(alg) != NULL;
}

/* ---- reading a token ---- */

/* Text without inner NULs, or NULL. */
static const char *plain_text(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return n && n->kind == NODE_TEXT && strlen(n->text) == n->len ? n->text : NULL;
}

static const struct node *read_part(struct arena *a, const char *text, size_t n)
{
	struct str bytes = {0};
	struct node *root = NULL;
	bool ok = base64url_decode(&bytes, text, n) && bytes.len &&
		  json_read_wire(a, (struct slice){bytes.p, bytes.len}, &root) &&
		  root->kind == NODE_MAP;
	str_clear(&bytes);
	return ok ? root : NULL;
}

bool jwt_read(struct arena *a, const char *token, struct jwt *out)
{
	*out = (struct jwt){0};
	size_t len = strnlen(token, MAX_JWT_BYTES + 1);
	size_t first = strcspn(token, ".");
	if (len > MAX_JWT_BYTES || !first || !token[first])
		return false;
	size_t second = first + 1 + strcspn(token + first + 1, ".");
	if (!token[second] || strchr(token + second + 1, '.'))
		return false;
	out->header = read_part(a, token, first);
	out->claims = out->header ? read_part(a, token + first + 1, second - first - 1) : NULL;
	struct str bytes = {0};
	bool ok = out->claims && base64url_decode(&bytes, token + second + 1, len - second - 1);
	if (ok) {
		char *copy = arena_alloc(a, bytes.len + 1);
		if (bytes.len)
			memcpy(copy, bytes.p, bytes.len);
		out->signature = (struct slice){copy, bytes.len};
		out->signed_part = (struct slice){token, second};
		out->alg = plain_text(out->header, "alg");
		out->kid = plain_text(out->header, "kid");
		ok = out->alg && !node_get(out->header, "crit");
	}
	str_clear(&bytes);
	return ok;
}

/* ---- keys ---- */

struct key {
	char *kid, *alg; /* NULL: not said */
	enum key_type type;
	const char *curve; /* of algorithms */
	EVP_PKEY *pkey;
};
struct jwks {
	struct key keys[MAX_JWKS_KEYS];
	size_t count;
};

static BIGNUM *read_number(const struct node *jwk, const char *name)
{
	const char *text = plain_text(jwk, name);
	struct str bytes = {0};
	BIGNUM *n = NULL;
	if (text && strlen(text) < 3000 && base64url_decode(&bytes, text, strlen(text)) &&
	    bytes.len)
		n = BN_bin2bn((const unsigned char *)bytes.p, (int)bytes.len, NULL);
	str_clear(&bytes);
	return n;
}

static EVP_PKEY *build_key(const char *type, OSSL_PARAM_BLD *build)
{
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *read_rsa(const struct node *jwk)
{
	BIGNUM *n = read_number(jwk, "n");
	BIGNUM *e = read_number(jwk, "e");
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	if (n && e && build && BN_num_bits(n) >= MIN_RSA_BITS && BN_is_odd(n) && BN_is_odd(e) &&
	    BN_num_bits(e) >= 2 && BN_num_bits(e) <= 64 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		key = build_key("RSA", build);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return key;
}

/* Is the point on its curve? */
static bool key_is_sound(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && EVP_PKEY_public_check(ctx) > 0;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *read_ec(const struct node *jwk, const struct algorithm *alg)
{
	unsigned char point[1 + 2 * 66] = {4}; /* uncompressed */
	BIGNUM *x = read_number(jwk, "x");
	BIGNUM *y = read_number(jwk, "y");
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	if (x && y && build && BN_bn2binpad(x, point + 1, (int)alg->half) > 0 &&
	    BN_bn2binpad(y, point + 1 + alg->half, (int)alg->half) > 0 &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, alg->curve, 0) &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
					     1 + 2 * alg->half))
		key = build_key("EC", build);
	if (key && !key_is_sound(key)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	OSSL_PARAM_BLD_free(build);
	BN_free(x);
	BN_free(y);
	return key;
}

static const struct algorithm *curve_find(const char *curve)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (algorithms[i].curve && strcmp(algorithms[i].curve, curve) == 0)
			return &algorithms[i];
	return NULL;
}

/* May this key verify? "use" is "sig", or "key_ops" names it, or neither is there. */
static bool may_verify(const struct node *jwk)
{
	const char *use = plain_text(jwk, "use");
	const struct node *ops = node_get(jwk, "key_ops");
	if (use && strcmp(use, "sig") != 0)
		return false;
	if (!ops || ops->kind != NODE_LIST)
		return true;
	for (const struct node *op = ops->child; op; op = op->next)
		if (op->kind == NODE_TEXT && strcmp(op->text, "verify") == 0)
			return true;
	return false;
}

static bool read_key(const struct node *jwk, struct key *out)
{
	const char *type = plain_text(jwk, "kty");
	const char *curve = plain_text(jwk, "crv");
	const struct algorithm *alg = curve ? curve_find(curve) : NULL;
	*out = (struct key){0};
	if (!type || !may_verify(jwk))
		return false;
	if (strcmp(type, "RSA") == 0) {
		out->pkey = read_rsa(jwk);
	} else if (strcmp(type, "EC") == 0 && alg) {
		out->type = KEY_EC;
		out->curve = alg->curve;
		out->pkey = read_ec(jwk, alg);
	}
	if (!out->pkey)
		return false;
	const char *kid = plain_text(jwk, "kid");
	const char *name = plain_text(jwk, "alg");
	out->kid = kid ? xstrdup(kid) : NULL;
	out->alg = name ? xstrdup(name) : NULL;
	return true;
}

struct jwks *jwks_new(struct slice json)
{
	struct arena a = {0};
	struct node *root = NULL;
	struct jwks *k = NULL;
	if (json.len <= MAX_JWKS_BYTES && json_read_wire(&a, json, &root)) {
		const struct node *keys = node_get(root, "keys");
		const struct node *jwk = keys && keys->kind == NODE_LIST ? keys->child : NULL;
		if (keys && keys->kind == NODE_LIST)
			k = xcalloc(1, sizeof(*k));
		for (; jwk && k->count < MAX_JWKS_KEYS; jwk = jwk->next)
			k->count += jwk->kind == NODE_MAP && read_key(jwk, &k->keys[k->count]);
	}
	ERR_clear_error();
	arena_clear(&a);
	return k;
}

void jwks_free(struct jwks *k)
{
	for (size_t i = 0; k && i < k->count; i++) {
		EVP_PKEY_free(k->keys[i].pkey);
		free(k->keys[i].kid);
		free(k->keys[i].alg);
	}
	free(k);
}

size_t jwks_count(const struct jwks *k)
{
	return k->count;
}

/* A token without kid is good only where there is no choice. */
static const struct key *key_find(const struct jwks *k, const char *kid)
{
	if (!kid)
		return k->count == 1 ? &k->keys[0] : NULL;
	for (size_t i = 0; i < k->count; i++)
		if (k->keys[i].kid && strcmp(k->keys[i].kid, kid) == 0)
			return &k->keys[i];
	return NULL;
}

bool jwks_has(const struct jwks *k, const char *kid)
{
	return key_find(k, kid) != NULL;
}

/* ---- signatures ---- */

/* r and s side by side, as JWT has them, into DER, as OpenSSL wants them. False: of another size,
 * or out of memory. */
static bool to_der(struct slice raw, size_t half, unsigned char **der, int *len)
{
	if (raw.len != 2 * half)
		return false;
	const unsigned char *p = (const unsigned char *)raw.p;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(p, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(p + half, (int)half, NULL);
	*len = -1;
	if (sig && r && s && ECDSA_SIG_set0(sig, r, s)) {
		r = s = NULL; /* taken */
		*len = i2d_ECDSA_SIG(sig, der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return *len > 0;
}

static bool set_padding(EVP_PKEY_CTX *ctx, const struct algorithm *alg)
{
	if (!alg->pss)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
}

static bool signature_holds(const struct jwt *t, const struct algorithm *alg, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	const unsigned char *bytes = (const unsigned char *)t->signature.p;
	int len = (int)t->signature.len;
	bool ok = alg->type == KEY_RSA || to_der(t->signature, alg->half, &der, &len);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL;
	ok = ok && md && EVP_DigestVerifyInit(md, &ctx, alg->digest(), NULL, key) > 0 &&
	     set_padding(ctx, alg) &&
	     EVP_DigestVerify(md, der ? der : bytes, (size_t)len,
			      (const unsigned char *)t->signed_part.p, t->signed_part.len) == 1;
	EVP_MD_CTX_free(md);
	OPENSSL_free(der);
	ERR_clear_error();
	return ok;
}

enum jwt_end jwt_verify(const struct jwt *t, const struct jwks *keys, const char *const *allowed,
			size_t allowed_count)
{
	const struct algorithm *alg = NULL;
	for (size_t i = 0; i < allowed_count && !alg; i++)
		if (strcmp(allowed[i], t->alg) == 0)
			alg = algorithm_find(t->alg);
	if (!alg)
		return JWT_ALGORITHM;
	const struct key *key = key_find(keys, t->kid);
	if (!key)
		return JWT_NO_KEY;
	if (key->type != alg->type || (alg->curve && strcmp(alg->curve, key->curve) != 0) ||
	    (key->alg && strcmp(key->alg, t->alg) != 0))
		return JWT_KEY_TYPE;
	return signature_holds(t, alg, key->pkey) ? JWT_VALID : JWT_SIGNATURE;
}

/* ---- claims ---- */

static bool in_list(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, list[i]) == 0)
			return true;
	return false;
}

/* A claim that is a text or a list of texts: is one of them in the list? */
static bool claim_in(const struct node *n, const char *const *list, size_t count)
{
	if (n->kind == NODE_TEXT)
		return strlen(n->text) == n->len && in_list(n->text, list, count);
	if (n->kind != NODE_LIST)
		return false;
	for (const struct node *item = n->child; item; item = item->next)
		if (item->kind == NODE_TEXT && strlen(item->text) == item->len &&
		    in_list(item->text, list, count))
			return true;
	return false;
}

static bool audience_fits(const struct jwt *t, const struct jwt_rules *r)
{
	const struct node *aud = node_get(t->claims, "aud");
	if (aud)
		return claim_in(aud, r->audience, r->audience_count);
	const char *client = plain_text(t->claims, "client_id");
	return client && in_list(client, r->audience, r->audience_count);
}

/* A time in a claim. False: it is there and is no number. *there: it is there. */
static bool read_time(const struct jwt *t, const char *name, double *out, bool *there)
{
	const struct node *n = node_get(t->claims, name);
	*there = n != NULL;
	return !n || (n->kind == NODE_NUMBER && str_to_double(n->text, 0, 1e15, out));
}

static enum jwt_end check_times(const struct jwt *t, int64_t now_ms)
{
	static const struct {
		const char *name;
		enum jwt_end end;
	} starts[] = {{"nbf", JWT_NOT_YET}, {"iat", JWT_ISSUED_AT}};
	double v = 0;
	double now = (double)now_ms / 1000;
	bool there;
	if (!read_time(t, "exp", &v, &there))
		return JWT_MALFORMED;
	if (!there || v <= now)
		return JWT_EXPIRED;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (!read_time(t, starts[i].name, &v, &there))
			return JWT_MALFORMED;
		if (there && v > now)
			return starts[i].end;
	}
	return JWT_VALID;
}

static size_t split_scopes(struct arena *a, const char *text, const char **list, size_t max)
{
	size_t count = 0;
	while (*(text += strspn(text, " ")) && count < max) {
		size_t n = strcspn(text, " ");
		list[count++] = arena_strndup(a, text, n);
		text += n;
	}
	return count;
}

size_t jwt_scopes(struct arena *a, const struct jwt *t, const char ***out)
{
	enum { MAX = 1000 };
	const struct node *n = node_get(t->claims, "scope");
	size_t count = 0;
	if (!n)
		n = node_get(t->claims, "scp");
	size_t room = !n ? 0 : (n->kind == NODE_LIST ? n->count : n->len / 2 + 1);
	room = room < MAX ? room : MAX;
	*out = arena_alloc(a, (room + 1) * sizeof(**out));
	if (n && n->kind == NODE_TEXT)
		return split_scopes(a, n->text, *out, room);
	for (n = n && n->kind == NODE_LIST ? n->child : NULL; n && count < room; n = n->next)
		if (n->kind == NODE_TEXT)
			(*out)[count++] = n->text;
	return count;
}

static bool scope_fits(const struct jwt *t, const struct jwt_rules *r)
{
	struct arena a = {0};
	const char **scopes;
	bool found = false;
	size_t n = jwt_scopes(&a, t, &scopes);
	for (size_t i = 0; i < n && !found; i++)
		found = in_list(scopes[i], r->scopes, r->scope_count);
	arena_clear(&a);
	return found;
}

enum jwt_end jwt_check(const struct jwt *t, const struct jwt_rules *r)
{
	const char *issuer = plain_text(t->claims, "iss");
	if (r->issuer && (!issuer || strcmp(issuer, r->issuer) != 0))
		return JWT_ISSUER;
	if (r->audience_count && !audience_fits(t, r))
		return JWT_AUDIENCE;
	enum jwt_end end = check_times(t, r->now_ms);
	if (end != JWT_VALID)
		return end;
	return r->scope_count && !scope_fits(t, r) ? JWT_SCOPE : JWT_VALID;
}
