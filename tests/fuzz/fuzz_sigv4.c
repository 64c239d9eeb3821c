/* fuzz_sigv4.c -- a request as lines: method, path, query, headers, an empty line, body. Its
 * signature is judged without crashing; signed with the right key it is valid, with another key it
 * is not. */
#include "gateway/sigv4.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW "20261127T091500Z"
static const struct gw_credential known = {.access_key = "AKIDEXAMPLE", .secret_key = "secret"};
static const struct gw_credential false_one = {.access_key = "AKIDEXAMPLE", .secret_key = "x"};
static const struct gateway gateway = {.region = "us-east-1",
				       .credentials = (struct gw_credential *)&known,
				       .credential_count = 1};

static const char *line(struct arena *a, const char **p)
{
	size_t n = strcspn(*p, "\n");
	const char *text = arena_strndup(a, *p, n);
	*p += n + ((*p)[n] == '\n');
	return text;
}

static void read_request(struct arena *a, const char *p, struct gw_request *r)
{
	r->method = line(a, &p);
	r->path = line(a, &p);
	r->query = line(a, &p);
	r->query = *r->query ? r->query : NULL;
	for (const char *h; *(h = line(a, &p));) {
		size_t n = strcspn(h, ":");
		const char *value = h + n + (h[n] == ':');
		gw_headers_add(a, &r->headers, arena_strndup(a, h, n), str_trim(a, value));
	}
	r->body = (struct slice){p, strlen(p)};
}

static enum sigv4_end verify(struct arena *a, const struct gw_request *r)
{
	struct sigv4 s = sigv4_verify(a, r, &gateway, "execute-api", INT64_C(1795770900000));
	if ((s.end == SIGV4_VALID) != (s.credential != NULL))
		abort();
	if (s.end != SIGV4_VALID && (!s.type || !s.message))
		abort();
	return s.end;
}

static enum sigv4_end sign(struct arena *a, struct gw_request *r, const struct gw_credential *c)
{
	gw_headers_set(a, &r->headers, "Host", "h");
	gw_headers_set(a, &r->headers, "X-Amz-Date", NOW);
	gw_headers_remove(&r->headers, "X-Amz-Security-Token");
	gw_headers_remove(&r->headers, "X-Amz-Content-Sha256");
	gw_headers_set(a, &r->headers, "Authorization",
		       sigv4_sign(a, r, c, "us-east-1", "execute-api", NOW, "host;x-amz-date"));
	return verify(a, r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct gw_request r = {.method = NULL};
	read_request(&a, arena_strndup(&a, (const char *)data, size), &r);
	(void)verify(&a, &r);
	bool in_query = r.query && strstr(r.query, "X-Amz-");
	if (!in_query && sign(&a, &r, &known) != SIGV4_VALID)
		abort();
	if (!in_query && sign(&a, &r, &false_one) != SIGV4_MISMATCH)
		abort();
	arena_clear(&a);
	return 0;
}
