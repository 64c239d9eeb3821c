/* keys.c -- see keys.h. An issuer that was asked for once is kept until the end: there are as many
 * as definitions name. A failed fetch leaves the keys that were there, which is what makes an
 * issuer's restart unnoticed. */
#include "gateway/keys.h"

#include "base/file.h"
#include "base/json.h"
#include "gateway/policy.h"

#include <stdlib.h>
#include <string.h>

struct waiter {
	struct waiter *next;
	keys_done *done;
	void *arg;
};
struct issuer {
	struct issuer *next;
	char *name, *file; /* file NULL: fetched */
	struct file_stat stat;
	struct jwks *keys; /* NULL: none yet */
	const char *why;   /* there are none; a literal */
	int64_t got_us, tried_us;
	bool tried, busy;
	const struct outside *outside; /* of the fetch that is on its way */
	struct waiter *waiters;
};
struct keys {
	struct issuer *issuers;
	size_t count;
};

struct keys *keys_new(void)
{
	return xcalloc(1, sizeof(struct keys));
}

void keys_flush(struct keys *k)
{
	for (struct issuer *i = k->issuers; i; i = i->next) {
		jwks_free(i->keys);
		i->keys = NULL;
		i->tried = false;
		i->stat = (struct file_stat){0};
	}
}

void keys_free(struct keys *k)
{
	if (!k)
		return;
	keys_flush(k);
	while (k->issuers) {
		struct issuer *next = k->issuers->next;
		free(k->issuers->name);
		free(k->issuers->file);
		free(k->issuers);
		k->issuers = next;
	}
	free(k);
}

bool keys_is_local(const char *url)
{
	const char *p = str_starts(url, "http://") ? url + 7 : NULL;
	char host[64];
	if (str_starts(url, "https://"))
		p = url + 8;
	if (!p)
		return false;
	bool v6 = *p == '[';
	p += v6;
	size_t n = strcspn(p, v6 ? "]" : ":/?#");
	const char *rest = p + n + (v6 && p[n]);
	if (!n || (v6 && !p[n]) || n >= sizeof(host) || (*rest && !strchr(":/?#", *rest)) ||
	    memchr(url, '@', strcspn(url + 8, "/") + 8))
		return false;
	memcpy(host, p, n);
	host[n] = '\0';
	if (v6)
		return strcmp(host, "::1") == 0;
	return gw_name_eq(host, "localhost") || policy_in_cidr("127.0.0.0/8", host);
}

static struct issuer *issuer_find(struct keys *k, const struct gw_issuer *want)
{
	for (struct issuer *i = k->issuers; i; i = i->next)
		if (strcmp(i->name, want->issuer) == 0 && str_eq(i->file, want->jwks_file))
			return i;
	if (k->count >= MAX_KEY_ISSUERS)
		return NULL;
	struct issuer *i = xcalloc(1, sizeof(*i));
	i->name = xstrdup(want->issuer);
	i->file = want->jwks_file ? xstrdup(want->jwks_file) : NULL;
	i->next = k->issuers;
	k->issuers = i;
	k->count++;
	return i;
}

/* ---- files ---- */

static void read_file(struct issuer *i)
{
	struct file_stat now;
	struct str text = {0};
	if (!file_stat(i->file, &now)) {
		i->why = "the key set cannot be read";
		return;
	}
	if (i->keys && now.mtime_ns == i->stat.mtime_ns && now.size == i->stat.size)
		return;
	struct jwks *fresh = NULL;
	if (file_read(i->file, MAX_JWKS_BYTES, &text, NULL))
		fresh = jwks_new((struct slice){str_c(&text), text.len});
	str_clear(&text);
	i->why = "the file is not a key set";
	i->stat = now;
	if (!fresh)
		return;
	jwks_free(i->keys);
	i->keys = fresh;
}

/* ---- fetching ---- */

static void fetch_end(struct issuer *i, struct jwks *fresh, const char *why)
{
	struct waiter *w = i->waiters;
	int64_t now = i->outside->limit_us(i->outside->ctx);
	i->busy = false;
	i->waiters = NULL;
	i->why = why;
	if (fresh) {
		jwks_free(i->keys);
		i->keys = fresh;
		i->got_us = now;
	}
	while (w) {
		struct waiter *next = w->next;
		w->done(w->arg, i->keys, i->why);
		free(w);
		w = next;
	}
}

static void fetch(struct issuer *i, const char *url, gw_done *done)
{
	struct gw_http_call call = {
		.method = "GET",
		.url = url,
		.timeout_ms = KEYS_TIMEOUT_MS,
		.max_bytes = MAX_JWKS_BYTES,
	};
	i->outside->http(i->outside->ctx, &call, done, i);
}

static bool good(const struct gw_call_result *r)
{
	return r->end == GW_CALL_DONE && r->status == 200 && r->body.len <= MAX_JWKS_BYTES;
}

static void got_keys(void *arg, const struct gw_call_result *r)
{
	struct jwks *fresh = good(r) ? jwks_new(r->body) : NULL;
	fetch_end(arg, fresh, fresh ? NULL : "the issuer's key set cannot be had");
}

static void got_discovery(void *arg, const struct gw_call_result *r)
{
	struct issuer *i = arg;
	struct arena a = {0};
	struct node *root = NULL;
	const char *name = NULL;
	const char *url = NULL;
	if (good(r) && json_read_wire(&a, r->body, &root)) {
		name = node_text(root, "issuer");
		url = node_text(root, "jwks_uri");
	}
	if (!url)
		fetch_end(i, NULL, "the issuer's discovery document cannot be had");
	else if (!name || strcmp(name, i->name) != 0)
		fetch_end(i, NULL, "the discovery document is of another issuer");
	else if (!keys_is_local(url))
		fetch_end(i, NULL, "jwks_uri is not on this machine");
	else
		fetch(i, url, got_keys);
	arena_clear(&a);
}

static void fetch_begin(struct issuer *i, struct gw_exchange *x)
{
	static const char tail[] = "/.well-known/openid-configuration";
	size_t n = strlen(i->name);
	n -= i->name[n - 1] == '/';
	i->busy = i->tried = true;
	i->outside = x->outside;
	i->tried_us = x->outside->limit_us(x->outside->ctx);
	fetch(i, arena_printf(x->arena, "%.*s%s", (int)n, i->name, tail), got_discovery);
}

/* Is it time to ask the issuer (again)? */
static bool is_stale(const struct issuer *i, const struct gw_exchange *x, const char *kid)
{
	int64_t now = x->outside->limit_us(x->outside->ctx);
	int64_t ttl_s = x->api->type == GW_HTTP ? KEYS_HTTP_TTL_S : KEYS_REST_TTL_S;
	bool wanted = !i->keys || now - i->got_us >= ttl_s * 1000000 || !jwks_has(i->keys, kid);
	return wanted && (!i->tried || now - i->tried_us >= KEYS_RETRY_S * INT64_C(1000000));
}

void keys_get(struct keys *k, struct gw_exchange *x, const struct gw_issuer *want, const char *kid,
	      keys_done *done, void *arg)
{
	struct issuer *i = issuer_find(k, want);
	if (!i) {
		done(arg, NULL, "there are too many issuers");
		return;
	}
	if (i->file)
		read_file(i);
	else if (!keys_is_local(i->name))
		i->why = "the issuer is not on this machine and has no local key set";
	if (i->file || !keys_is_local(i->name) || (!i->busy && !is_stale(i, x, kid))) {
		done(arg, i->keys, i->why);
		return;
	}
	struct waiter *w = xcalloc(1, sizeof(*w));
	*w = (struct waiter){i->waiters, done, arg};
	i->waiters = w;
	if (!i->busy)
		fetch_begin(i, x);
}
