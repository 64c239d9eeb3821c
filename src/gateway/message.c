/* message.c -- see message.h. */
#include "gateway/message.h"

#include <string.h>

bool gw_name_eq(const char *a, const char *b)
{
	for (;; a++, b++) {
		unsigned char x = (unsigned char)*a;
		unsigned char y = (unsigned char)*b;
		if (x != y && ((x ^ y) != 0x20 || (x | 0x20) < 'a' || (x | 0x20) > 'z'))
			return false;
		if (!x)
			return true;
	}
}

/* Room for one more of items of this size in the arena: what is left behind is freed with it. */
static void *grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return items;
	size_t more = *cap ? *cap * 2 : 16;
	void *p = arena_alloc(a, more * size);
	if (count)
		memcpy(p, items, count * size);
	*cap = more;
	return p;
}

void gw_headers_add(struct arena *a, struct gw_headers *h, const char *name, const char *value)
{
	h->items = grow(a, h->items, h->count, &h->cap, sizeof(*h->items));
	h->items[h->count++] = (struct gw_header){name, value};
}

void gw_headers_remove(struct gw_headers *h, const char *name)
{
	size_t kept = 0;
	for (size_t i = 0; i < h->count; i++)
		if (!gw_name_eq(h->items[i].name, name))
			h->items[kept++] = h->items[i];
	h->count = kept;
}

void gw_headers_set(struct arena *a, struct gw_headers *h, const char *name, const char *value)
{
	for (size_t i = 0; i < h->count; i++) {
		if (!gw_name_eq(h->items[i].name, name))
			continue;
		struct gw_header first = {name, value};
		struct gw_headers rest = {h->items + i + 1, h->count - i - 1, 0};
		gw_headers_remove(&rest, name);
		h->items[i] = first;
		h->count = i + 1 + rest.count;
		return;
	}
	gw_headers_add(a, h, name, value);
}

const char *gw_headers_next(const struct gw_headers *h, const char *name, size_t *i)
{
	while (*i < h->count) {
		const struct gw_header *item = &h->items[(*i)++];
		if (gw_name_eq(item->name, name))
			return item->value;
	}
	return NULL;
}

const char *gw_headers_first(const struct gw_headers *h, const char *name)
{
	size_t i = 0;
	return gw_headers_next(h, name, &i);
}

const char *gw_headers_last(const struct gw_headers *h, const char *name)
{
	for (size_t i = h->count; i-- > 0;)
		if (gw_name_eq(h->items[i].name, name))
			return h->items[i].value;
	return NULL;
}

void gw_params_add(struct arena *a, struct gw_params *p, const char *name, const char *value)
{
	p->items = grow(a, p->items, p->count, &p->cap, sizeof(*p->items));
	p->items[p->count++] = (struct gw_param){name, value};
}

const char *gw_params_first(const struct gw_params *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->items[i].name, name) == 0)
			return p->items[i].value;
	return NULL;
}

const char *gw_params_last(const struct gw_params *p, const char *name)
{
	for (size_t i = p->count; i-- > 0;)
		if (strcmp(p->items[i].name, name) == 0)
			return p->items[i].value;
	return NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char *gw_percent_decode(struct arena *a, const char *text, size_t n, bool plus_is_space)
{
	char *out = arena_alloc(a, n + 1);
	size_t len = 0;
	for (size_t i = 0; i < n; i++) {
		int high = text[i] == '%' && i + 2 < n ? hex_digit(text[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
		if (low >= 0 && (high || low)) { /* an encoded NUL stays as it is */
			out[len++] = (char)(high * 16 + low);
			i += 2;
		} else {
			out[len++] = text[i] == '+' && plus_is_space ? ' ' : text[i];
		}
	}
	out[len] = '\0';
	return out;
}

void gw_percent_encode(struct str *out, const char *text, size_t n, const char *keep)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			     (c >= '0' && c <= '9') || (c && strchr("-._~", c)) ||
			     (c && keep && strchr(keep, c));
		if (plain)
			str_addc(out, (char)c);
		else
			str_addf(out, "%%%02X", c);
	}
}

void gw_query_parse(struct arena *a, const char *query, struct gw_params *out)
{
	while (query && *query && out->count < MAX_GW_PARAMS) {
		size_t n = strcspn(query, "&");
		size_t name = strcspn(query, "=&");
		if (name > n)
			name = n;
		size_t value = name < n ? name + 1 : n;
		if (n > 0)
			gw_params_add(a, out, gw_percent_decode(a, query, name, true),
				      gw_percent_decode(a, query + value, n - value, true));
		query += n + (query[n] == '&');
	}
}
