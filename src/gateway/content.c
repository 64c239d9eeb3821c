/* content.c -- see content.h. The tables of conversions are those of the developer guide, checked
 * against recorded bytes. Compression is zlib's. */
#include "gateway/content.h"

#include "base/base64.h"
#include "base/utf8.h"

#include <string.h>
#include <zlib.h>

const char *gw_media_type(struct arena *a, const char *header)
{
	if (!header)
		return NULL;
	header += strspn(header, " \t");
	size_t n = strcspn(header, ";, \t");
	return arena_strndup(a, header, n);
}

static bool same_n(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char x = a[i] >= 'A' && a[i] <= 'Z' ? (char)(a[i] + 32) : a[i];
		char y = b[i] >= 'A' && b[i] <= 'Z' ? (char)(b[i] + 32) : b[i];
		if (x != y)
			return false;
	}
	return true;
}

/* Stars before the slash are no pattern, and match nothing. */
static bool type_matches(const char *pattern, const char *type, size_t n)
{
	size_t len = strlen(pattern);
	if (strcmp(pattern, "*/*") == 0)
		return true;
	if (!type || *pattern == '*')
		return false;
	if (str_ends(pattern, "/*"))
		return n >= len - 1 && same_n(pattern, type, len - 1);
	return n == len && same_n(pattern, type, n);
}

bool gw_is_binary(const struct gw_api *api, const char *type)
{
	size_t n = 0;
	if (type) {
		type += strspn(type, " \t");
		n = strcspn(type, ";, \t");
	}
	for (size_t i = 0; i < api->binary_count; i++)
		if (type_matches(api->binary_types[i], type, n))
			return true;
	return false;
}

/* How many bytes from p stand for one U+FFFD: a start of a character that breaks off is one. */
static size_t broken(const char *p, size_t n)
{
	unsigned char first = (unsigned char)*p;
	size_t want = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first >= 0xf5)
		return 1;
	size_t got = 1;
	while (got < want && got < n) {
		unsigned char c = (unsigned char)p[got];
		unsigned char low = got > 1         ? 0x80
				    : first == 0xe0 ? 0xa0
				    : first == 0xf0 ? 0x90
						    : 0x80;
		unsigned char high = got > 1         ? 0xbf
				     : first == 0xed ? 0x9f
				     : first == 0xf4 ? 0x8f
						     : 0xbf;
		if (c < low || c > high)
			break;
		got++;
	}
	return got;
}

struct slice content_text(struct arena *a, struct slice bytes)
{
	size_t good = bytes.len ? utf8_invalid_at(bytes.p, bytes.len) : 0;
	if (good == bytes.len)
		return bytes;
	struct str out = {0};
	while (bytes.len) {
		good = utf8_invalid_at(bytes.p, bytes.len);
		str_addn(&out, bytes.p, good);
		bytes.p += good;
		bytes.len -= good;
		if (!bytes.len)
			break;
		str_add(&out, "\xef\xbf\xbd");
		size_t n = broken(bytes.p, bytes.len);
		bytes.p += n;
		bytes.len -= n;
	}
	return gw_keep(a, &out);
}

static bool decode(struct arena *a, struct content *body)
{
	struct str out = {0};
	bool good = base64_decode(&out, body->bytes.p ? body->bytes.p : "", body->bytes.len);
	body->bytes = gw_keep(a, &out);
	body->binary = true;
	return good;
}

static void encode(struct arena *a, struct content *body)
{
	struct str out = {0};
	base64_encode(&out, body->bytes.p, body->bytes.len);
	body->bytes = gw_keep(a, &out);
	body->binary = false;
}

bool content_request(struct arena *a, enum gw_content handling, struct content *body)
{
	if (body->binary) {
		if (handling == GW_TO_TEXT)
			encode(a, body);
		return true;
	}
	if (handling == GW_TO_BINARY)
		return decode(a, body);
	body->bytes = content_text(a, body->bytes);
	return true;
}

bool content_response(struct arena *a, enum gw_content handling, bool accepts_binary,
		      struct content *body)
{
	bool to_bytes =
		handling == GW_TO_BINARY || (handling == GW_CONTENT_AS_IS && accepts_binary);
	if (body->binary) {
		if (!to_bytes)
			encode(a, body);
		return true;
	}
	if (to_bytes)
		return decode(a, body);
	body->bytes = content_text(a, body->bytes);
	return true;
}

/* ---- compression ---- */

enum coding { IDENTITY, GZIP, DEFLATE };
static const char *const coding_names[] = {
	[IDENTITY] = "identity", [GZIP] = "gzip", [DEFLATE] = "deflate"};

/* The first coding of Accept-Encoding that is known and not refused by q=0. */
static enum coding accepted(const char *header)
{
	while (header && *header) {
		header += strspn(header, " \t,");
		size_t n = strcspn(header, ",");
		size_t name = strcspn(header, ",; \t");
		const char *q = strstr(header, "q=0");
		bool refused = q && q < header + n && !q[3 + strspn(q + 3, ".0")];
		if (q && q < header + n && strchr(", \t", q[3 + strspn(q + 3, ".0")]))
			refused = true;
		for (int c = GZIP; c <= DEFLATE && !refused; c++)
			if (name == strlen(coding_names[c]) &&
			    same_n(header, coding_names[c], name))
				return (enum coding)c;
		if (name == 1 && *header == '*' && !refused)
			return GZIP;
		header += n;
	}
	return IDENTITY;
}

/* A status that has no body, or a body that is coded already, stays as it is. */
static enum coding wanted(struct gw_exchange *x)
{
	const struct gw_response *r = &x->response;
	if (!x->api || x->api->min_compression < 0 || r->plain ||
	    r->body.len < (size_t)x->api->min_compression || !r->body.len ||
	    gw_headers_first(&r->headers, "Content-Encoding"))
		return IDENTITY;
	return accepted(gw_headers_last(&x->request->headers, "Accept-Encoding"));
}

void content_compress(struct gw_exchange *x)
{
	enum coding coding = wanted(x);
	if (coding == IDENTITY)
		return;
	z_stream z = {0};
	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 coding == GZIP ? MAX_WBITS + 16 : MAX_WBITS, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	struct slice body = x->response.body;
	uLong room = deflateBound(&z, (uLong)body.len);
	char *out = arena_alloc(x->arena, room);
	z.next_in = (Bytef *)(uintptr_t)body.p;
	z.avail_in = (uInt)body.len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	size_t n = z.total_out;
	deflateEnd(&z);
	if (!done)
		return;
	x->response.body = (struct slice){out, n};
	gw_headers_add(x->arena, &x->response.headers, "Content-Encoding", coding_names[coding]);
}

static bool inflate_all(struct slice in, struct str *out)
{
	z_stream z = {0};
	if (inflateInit2(&z, MAX_WBITS + 32) != Z_OK) /* zlib or gzip, as it says itself */
		return false;
	z.next_in = (Bytef *)(uintptr_t)in.p;
	z.avail_in = (uInt)in.len;
	int result = Z_OK;
	while (result == Z_OK && out->len <= MAX_PLAIN_BODY) {
		char piece[16384];
		z.next_out = (Bytef *)piece;
		z.avail_out = sizeof(piece);
		result = inflate(&z, Z_NO_FLUSH);
		str_addn(out, piece, sizeof(piece) - z.avail_out);
	}
	inflateEnd(&z);
	return result == Z_STREAM_END && out->len <= MAX_PLAIN_BODY;
}

bool content_plain(struct gw_exchange *x, struct slice *body)
{
	*body = x->request->body;
	if (x->api->min_compression < 0 || !body->len)
		return true;
	const char *name = gw_headers_last(&x->request->headers, "Content-Encoding");
	if (!name || (!gw_name_eq(name, "gzip") && !gw_name_eq(name, "deflate")))
		return true;
	struct str out = {0};
	bool good = inflate_all(*body, &out);
	*body = gw_keep(x->arena, &out);
	return good;
}
