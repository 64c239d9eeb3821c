/* sigv4.c -- see sigv4.h. The steps of "Create a signed AWS API request" in the IAM guide, run
 * backwards: the parts of the signature are read, the canonical request is built from what came,
 * and its signature is compared. Hashes and HMAC are OpenSSL's.
 *
 * The canonical URI is the path with "." and ".." and doubled slashes resolved, and then every
 * segment encoded once more: what services other than S3 do. Clients sign the path they send, so it
 * is the wire's path that counts, with whatever stands before the stage.
 *
 * Texts: those of a wrong signature, of the scope and of the clock are as clients have recorded
 * them; the canonical request is part of the answer, which makes signing a thing one can learn. */
#include "gateway/sigv4.h"

#include "base/clock.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char algorithm[] = "AWS4-HMAC-SHA256";

/* A signature taken apart. All in the arena. */
struct signature {
	bool in_query;
	const char *access_key, *scope_date, *region, *service, *terminator;
	const char *scope; /* behind the access key */
	const char *signed_headers, *value;
	const char *date; /* "20261127T090000Z" */
	const char *token;
	int64_t expires_s; /* in_query */
};

/* ---- hashes ---- */

static void hex(char *out, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

static void sha256_hex(char out[65], const void *bytes, size_t n)
{
	unsigned char digest[32];
	if (!EVP_Digest(bytes ? bytes : "", n, digest, NULL, EVP_sha256(), NULL))
		abort(); /* out of memory */
	hex(out, digest, sizeof(digest));
}

static void hmac(unsigned char out[32], const void *key, size_t key_len, const char *text)
{
	if (!HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), out,
		  NULL))
		abort(); /* out of memory */
}

static void sign(char out[65], const char *secret, const struct signature *s, const char *to_sign)
{
	unsigned char key[32];
	struct str first = {0};
	str_add(&first, "AWS4");
	str_add(&first, secret);
	hmac(key, first.p, first.len, s->scope_date);
	OPENSSL_cleanse(first.p, first.len);
	str_clear(&first);
	const char *rest[] = {s->region, s->service, s->terminator, to_sign};
	for (size_t i = 0; i < ARRAY_LEN(rest); i++) {
		unsigned char next[32];
		hmac(next, key, sizeof(key), rest[i]);
		memcpy(key, next, sizeof(key));
	}
	hex(out, key, sizeof(key));
	OPENSSL_cleanse(key, sizeof(key));
}

/* ---- the canonical request ---- */

/* "/a/./b/../c//d" -> "/a/c/d", as clients do before they sign. */
static void add_path(struct str *out, struct arena *a, const char *path)
{
	struct slice *parts = arena_alloc(a, (strlen(path) + 1) * sizeof(*parts));
	size_t n = 0;
	bool tail = false; /* ends in a slash */
	while (*path) {
		size_t len = strcspn(path, "/");
		struct slice part = {path, len};
		tail = path[len] == '/' || slice_is(part, ".") || slice_is(part, "..");
		if (slice_is(part, ".."))
			n -= n > 0;
		else if (len && !slice_is(part, "."))
			parts[n++] = part;
		path += len + (path[len] == '/');
	}
	for (size_t i = 0; i < n; i++) {
		str_addc(out, '/');
		gw_percent_encode(out, parts[i].p, parts[i].len, NULL);
	}
	if (tail || !n)
		str_addc(out, '/');
}

struct pair {
	const char *name, *value;
};

static int pair_order(const void *a, const void *b)
{
	const struct pair *x = a;
	const struct pair *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : strcmp(x->value, y->value);
}

static const char *encoded(struct arena *a, const char *text, size_t n)
{
	struct str out = {0};
	const char *plain = gw_percent_decode(a, text, n, true);
	gw_percent_encode(&out, plain, strlen(plain), NULL);
	const char *kept = arena_strndup(a, str_c(&out), out.len);
	str_clear(&out);
	return kept;
}

/* The query string, decoded, encoded, sorted; without the signature itself. */
static void add_query(struct str *out, struct arena *a, const char *query)
{
	struct pair pairs[MAX_SIGV4_PARAMS];
	size_t count = 0;
	while (query && *query && count < MAX_SIGV4_PARAMS) {
		size_t n = strcspn(query, "&");
		size_t name = strcspn(query, "=&");
		size_t value = name < n ? name + 1 : n;
		struct pair p = {encoded(a, query, name), encoded(a, query + value, n - value)};
		if (n && strcmp(p.name, "X-Amz-Signature") != 0)
			pairs[count++] = p;
		query += n + (query[n] == '&');
	}
	qsort(pairs, count, sizeof(*pairs), pair_order);
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
}

/* All values of a header, their blanks folded, joined by commas. False: there is none. */
static bool add_header(struct str *out, const struct gw_headers *headers, const char *name)
{
	size_t i = 0;
	size_t n = 0;
	for (const char *v; (v = gw_headers_next(headers, name, &i)); n++) {
		if (n)
			str_addc(out, ',');
		for (; *v; v++)
			if (*v != ' ' || (v[1] != ' ' && v[1] != '\0'))
				str_addc(out, *v);
	}
	return n > 0;
}

static void add_headers(struct str *out, struct arena *a, const struct gw_headers *headers,
			const char *names)
{
	for (size_t count = 0; *names && count < MAX_SIGV4_HEADERS; count++) {
		size_t n = strcspn(names, ";");
		const char *name = arena_strndup(a, names, n);
		str_addf(out, "%s:", name);
		add_header(out, headers, name);
		str_addc(out, '\n');
		names += n + (names[n] == ';');
	}
}

static const char *canonical_request(struct arena *a, const struct gw_request *request,
				     const struct signature *s)
{
	struct str out = {0};
	char body[65];
	sha256_hex(body, request->body.p, request->body.len);
	str_addf(&out, "%s\n", request->method);
	add_path(&out, a, request->path);
	str_addc(&out, '\n');
	add_query(&out, a, request->query);
	str_addc(&out, '\n');
	add_headers(&out, a, &request->headers, s->signed_headers);
	str_addf(&out, "\n%s\n%s", s->signed_headers, body);
	const char *kept = arena_strndup(a, out.p, out.len);
	str_clear(&out);
	return kept;
}

static const char *string_to_sign(struct arena *a, const struct signature *s, const char *canonical)
{
	char digest[65];
	sha256_hex(digest, canonical, strlen(canonical));
	return arena_printf(a, "%s\n%s\n%s\n%s", algorithm, s->date, s->scope, digest);
}

/* ---- reading a signature ---- */

static struct sigv4 fail(enum sigv4_end end, const char *type, const char *message)
{
	return (struct sigv4){.end = end, .type = type, .message = message};
}

static struct sigv4 missing(void)
{
	return fail(SIGV4_MISSING, "MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
}

static struct sigv4 incomplete(const char *message)
{
	return fail(SIGV4_INCOMPLETE, "DEFAULT_4XX", message);
}

static struct sigv4 wrong(const char *message)
{
	return fail(SIGV4_MISMATCH, "INVALID_SIGNATURE", message);
}

/* "KEY/20261127/us-east-1/execute-api/aws4_request". */
static bool read_credential(struct arena *a, const char *text, struct signature *s)
{
	const char **parts[] = {&s->access_key, &s->scope_date, &s->region, &s->service,
				&s->terminator};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t n = strcspn(text, "/");
		bool last = i + 1 == ARRAY_LEN(parts);
		if (!n || (text[n] == '/') == last)
			return false;
		*parts[i] = arena_strndup(a, text, n);
		text += n + !last;
		if (i == 0)
			s->scope = arena_strdup(a, text);
	}
	return true;
}

/* The parts of an Authorization header: Name=value, separated by commas or blanks. */
static struct sigv4 read_parts(struct arena *a, const char *header, const char **credential,
			       struct signature *s)
{
	const char *p = header + sizeof(algorithm) - 1;
	while (*(p += strspn(p, " ,\t"))) {
		size_t n = strcspn(p, " ,\t");
		const char *equal = memchr(p, '=', n);
		if (!equal)
			return incomplete(arena_printf(a,
						       "'%.*s' not a valid key=value pair (missing "
						       "equal-sign) in Authorization header: '%s'.",
						       (int)n, p, header));
		struct slice name = {p, (size_t)(equal - p)};
		const char *value = arena_strndup(a, equal + 1, n - name.len - 1);
		if (slice_is(name, "Credential"))
			*credential = value;
		else if (slice_is(name, "SignedHeaders"))
			s->signed_headers = value;
		else if (slice_is(name, "Signature"))
			s->value = value;
		p += n;
	}
	return (struct sigv4){.end = SIGV4_VALID};
}

/* Says all that is missing, in the service's words. NULL: nothing is. */
static const char *missing_parts(struct arena *a, const char *credential, const struct signature *s,
				 const char *header)
{
	static const char text[] = "Authorization header requires '%s' parameter. ";
	struct str out = {0};
	if (!credential)
		str_addf(&out, text, "Credential");
	if (!s->value)
		str_addf(&out, text, "Signature");
	if (!s->signed_headers)
		str_addf(&out, text, "SignedHeaders");
	if (!s->date)
		str_add(&out, "Authorization header requires existence of either a 'X-Amz-Date' or "
			      "a 'Date' header. ");
	if (!out.len)
		return NULL;
	str_addf(&out, "Authorization=%s", header);
	const char *kept = arena_strndup(a, out.p, out.len);
	str_clear(&out);
	return kept;
}

static struct sigv4 bad_credential(struct arena *a, const char *credential)
{
	return incomplete(
		arena_printf(a,
			     "Authorization header: Credential must have exactly 5 slash-delimited "
			     "elements, e.g. keyid/date/region/service/term, got '%s'",
			     credential));
}

static struct sigv4 read_header(struct arena *a, const struct gw_request *request,
				struct signature *s)
{
	const char *header = gw_headers_first(&request->headers, "Authorization");
	if (!header || !*header)
		return missing();
	if (strlen(header) > MAX_SIGV4_AUTHORIZATION)
		return incomplete("Authorization header is too long.");
	size_t n = strcspn(header, " \t");
	if (n != sizeof(algorithm) - 1 || memcmp(header, algorithm, n) != 0) {
		const char *value = header + n + strspn(header + n, " \t");
		return incomplete(arena_printf(a,
					       "'%s' not a valid key=value pair (missing "
					       "equal-sign) in Authorization header: '%s'.",
					       *value ? value : header, header));
	}
	const char *credential = NULL;
	struct sigv4 r = read_parts(a, header, &credential, s);
	if (r.end != SIGV4_VALID)
		return r;
	s->date = gw_headers_first(&request->headers, "X-Amz-Date");
	if (!s->date)
		s->date = gw_headers_first(&request->headers, "Date");
	s->token = gw_headers_first(&request->headers, "X-Amz-Security-Token");
	const char *lacks = missing_parts(a, credential, s, header);
	if (lacks)
		return incomplete(lacks);
	return read_credential(a, credential, s) ? r : bad_credential(a, credential);
}

static struct sigv4 read_query(struct arena *a, const struct gw_params *query, struct signature *s)
{
	static const char *const names[] = {"X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders",
					    "X-Amz-Signature"};
	const char *values[ARRAY_LEN(names)];
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		values[i] = gw_params_last(query, names[i]);
		if (!values[i])
			return incomplete(arena_printf(
				a,
				"Authorization header: AWS query-string parameters must "
				"include '%s'.",
				names[i]));
	}
	const char *expires = gw_params_last(query, "X-Amz-Expires");
	long long seconds = SIGV4_SKEW_S;
	if (expires && !str_to_i64(expires, 1, SIGV4_MAX_EXPIRES_S, &seconds))
		return incomplete("Authorization header: X-Amz-Expires must be a number of seconds "
				  "up to 604800.");
	s->in_query = true;
	s->expires_s = seconds;
	s->date = values[1];
	s->signed_headers = values[2];
	s->value = values[3];
	s->token = gw_params_last(query, "X-Amz-Security-Token");
	struct sigv4 good = {.end = SIGV4_VALID};
	return read_credential(a, values[0], s) ? good : bad_credential(a, values[0]);
}

static struct sigv4 read_signature(struct arena *a, const struct gw_request *request,
				   struct signature *s)
{
	struct gw_params query = {0};
	if (request->query && strstr(request->query, "X-Amz-Algorithm")) {
		gw_query_parse(a, request->query, &query);
		const char *name = gw_params_last(&query, "X-Amz-Algorithm");
		if (name && strcmp(name, algorithm) == 0)
			return read_query(a, &query, s);
	}
	return read_header(a, request, s);
}

/* ---- judging it ---- */

/* "20261127T090000Z" in Unix ms. */
static bool read_date(const char *text, int64_t *ms)
{
	struct moment m;
	char iso[32];
	if (strlen(text) != 16 || text[8] != 'T' || text[15] != 'Z' ||
	    strspn(text, "0123456789") != 8 || strspn(text + 9, "0123456789") != 6)
		return false;
	snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text, text + 4, text + 6,
		 text + 9, text + 11, text + 13);
	if (!moment_parse(iso, 0, &m))
		return false;
	*ms = m.ms;
	return true;
}

static const char *amz_date(struct arena *a, int64_t ms)
{
	int year, month, day;
	int64_t s = ms / 1000;
	day_to_date((int32_t)(s / 86400), &year, &month, &day);
	int rest = (int)(s % 86400);
	return arena_printf(a, "%04d%02d%02dT%02d%02d%02dZ", year, month, day, rest / 3600,
			    rest / 60 % 60, rest % 60);
}

static struct sigv4 check_clock(struct arena *a, const struct signature *s, int64_t now_ms)
{
	int64_t ms;
	const int64_t skew_ms = SIGV4_SKEW_S * INT64_C(1000);
	int64_t late_ms = s->in_query ? s->expires_s * 1000 : skew_ms;
	if (!read_date(s->date, &ms))
		return wrong(arena_printf(a,
					  "Date must be in ISO-8601 'basic format'. Got '%s'. See "
					  "http://en.wikipedia.org/wiki/ISO_8601",
					  s->date));
	if (ms > now_ms + skew_ms)
		return fail(SIGV4_SKEWED, "EXPIRED_TOKEN",
			    arena_printf(a,
					 "Signature not yet current: %s is still later than %s (%s "
					 "+ 5 min.)",
					 s->date, amz_date(a, now_ms + skew_ms),
					 amz_date(a, now_ms)));
	if (ms + late_ms >= now_ms)
		return (struct sigv4){.end = SIGV4_VALID};
	if (s->in_query && s->expires_s != SIGV4_SKEW_S)
		return fail(SIGV4_SKEWED, "EXPIRED_TOKEN", "Signature expired");
	return fail(SIGV4_SKEWED, "EXPIRED_TOKEN",
		    arena_printf(a, "Signature expired: %s is now earlier than %s (%s - 5 min.)",
				 s->date, amz_date(a, now_ms - skew_ms), amz_date(a, now_ms)));
}

static struct sigv4 check_scope(struct arena *a, const struct signature *s, const char *region,
				const char *service)
{
	if (strcmp(s->terminator, "aws4_request") != 0)
		return wrong(arena_printf(a,
					  "Credential should be scoped with a valid terminator: "
					  "'aws4_request', not '%s'.",
					  s->terminator));
	if (strcmp(s->service, service) != 0)
		return wrong(arena_printf(
			a, "Credential should be scoped to correct service: '%s'. ", service));
	if (strcmp(s->region, region) != 0)
		return wrong(arena_printf(
			a, "Credential should be scoped to a valid region, not '%s'. ", s->region));
	if (strncmp(s->date, s->scope_date, strlen(s->scope_date)) != 0 ||
	    strlen(s->scope_date) != 8)
		return wrong(arena_printf(a,
					  "Date in Credential scope does not match YYYYMMDD from "
					  "ISO-8601 version of date from HTTP: '%s' != '%.8s', "
					  "from '%s'.",
					  s->scope_date, s->date, s->date));
	return (struct sigv4){.end = SIGV4_VALID};
}

static bool is_signed(const struct signature *s, const char *name)
{
	size_t len = strlen(name);
	for (const char *p = s->signed_headers; *p;) {
		size_t n = strcspn(p, ";");
		if (n == len && strncasecmp(p, name, n) == 0)
			return true;
		p += n + (p[n] == ';');
	}
	return false;
}

static const struct gw_credential *find_credential(const struct gateway *g, const char *key)
{
	for (size_t i = 0; i < g->credential_count; i++)
		if (strcmp(g->credentials[i].access_key, key) == 0)
			return &g->credentials[i];
	return NULL;
}

/* Temporary credentials must come with their token, others without one. */
static struct sigv4 check_token(const struct gw_credential *c, const struct signature *s)
{
	if (!c || (c->session_token ? !s->token || strcmp(c->session_token, s->token) != 0
				    : s->token != NULL))
		return fail(SIGV4_UNKNOWN_KEY, "ACCESS_DENIED",
			    "The security token included in the request is invalid.");
	if (c->expired)
		return fail(SIGV4_EXPIRED, "EXPIRED_TOKEN",
			    "The security token included in the request is expired");
	return (struct sigv4){.end = SIGV4_VALID};
}

static struct sigv4 check_value(struct arena *a, const struct gw_request *request,
				const struct signature *s, const struct gw_credential *c)
{
	char want[65], body[65];
	struct sigv4 r = {.end = SIGV4_VALID, .credential = c};
	const char *digest = gw_headers_last(&request->headers, "X-Amz-Content-Sha256");
	sha256_hex(body, request->body.p, request->body.len);
	r.canonical = canonical_request(a, request, s);
	r.to_sign = string_to_sign(a, s, r.canonical);
	sign(want, c->secret_key, s, r.to_sign);
	if (strlen(s->value) == 64 && CRYPTO_memcmp(want, s->value, 64) == 0 &&
	    (!digest || strcasecmp(digest, body) == 0))
		return r;
	r.end = SIGV4_MISMATCH;
	r.credential = NULL;
	r.type = "INVALID_SIGNATURE";
	r.message = arena_printf(
		a,
		"The request signature we calculated does not match the signature you provided. "
		"Check your AWS Secret Access Key and signing method. Consult the service "
		"documentation for details.\n\nThe Canonical String for this request should have "
		"been\n'%s'\n\nThe String-to-Sign should have been\n'%s'\n",
		r.canonical, r.to_sign);
	return r;
}

struct sigv4 sigv4_verify(struct arena *a, const struct gw_request *request,
			  const struct gateway *g, const char *service, int64_t now_ms)
{
	struct signature s = {0};
	struct sigv4 r = read_signature(a, request, &s);
	if (r.end != SIGV4_VALID)
		return r;
	if (!is_signed(&s, "host"))
		return wrong("'Host' or ':authority' must be a 'SignedHeader' in the AWS "
			     "Authorization.");
	const struct gw_credential *c = find_credential(g, s.access_key);
	r = check_token(c, &s);
	if (r.end == SIGV4_VALID)
		r = check_clock(a, &s, now_ms);
	if (r.end == SIGV4_VALID)
		r = check_scope(a, &s, g->region, service);
	return r.end == SIGV4_VALID ? check_value(a, request, &s, c) : r;
}

const char *sigv4_sign(struct arena *a, const struct gw_request *request,
		       const struct gw_credential *credential, const char *region,
		       const char *service, const char *date, const char *signed_headers)
{
	char value[65];
	struct signature s = {
		.access_key = credential->access_key,
		.scope_date = arena_strndup(a, date, 8),
		.region = region,
		.service = service,
		.terminator = "aws4_request",
		.signed_headers = signed_headers,
		.date = date,
	};
	s.scope = arena_printf(a, "%s/%s/%s/%s", s.scope_date, region, service, s.terminator);
	sign(value, credential->secret_key, &s,
	     string_to_sign(a, &s, canonical_request(a, request, &s)));
	return arena_printf(a, "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s", algorithm,
			    s.access_key, s.scope, signed_headers, value);
}
