/* httpwrite.c -- the writer of http.h. Responses come from templates, functions and backends, so
 * their headers are hostile too: what cannot stand in a header line does not get there, and how the
 * message is framed is decided here alone. */
#include "base/clock.h"
#include "gateway/http.h"

#include <stdio.h>
#include <string.h>

#define MAX_LENGTH 20 /* of a Content-Length that is passed on */
#define MAX_FIXED 256 /* of status line and framing headers */
#define ROOM 512      /* for the headers that are likely to come */

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{100, "Continue"},
	{101, "Switching Protocols"},
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{203, "Non-Authoritative Information"},
	{204, "No Content"},
	{205, "Reset Content"},
	{206, "Partial Content"},
	{207, "Multi-Status"},
	{300, "Multiple Choices"},
	{301, "Moved Permanently"},
	{302, "Found"},
	{303, "See Other"},
	{304, "Not Modified"},
	{307, "Temporary Redirect"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{402, "Payment Required"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{407, "Proxy Authentication Required"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Request Entity Too Large"},
	{414, "Request-URI Too Long"},
	{415, "Unsupported Media Type"},
	{416, "Range Not Satisfiable"},
	{417, "Expectation Failed"},
	{418, "I'm a teapot"},
	{421, "Misdirected Request"},
	{422, "Unprocessable Entity"},
	{423, "Locked"},
	{424, "Failed Dependency"},
	{425, "Too Early"},
	{426, "Upgrade Required"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{451, "Unavailable For Legal Reasons"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
	{505, "HTTP Version Not Supported"},
	{511, "Network Authentication Required"},
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

bool http_body_allowed(int status, bool head)
{
	return !head && status >= 200 && status != 204 && status != 304;
}

void http_date(char out[30], int64_t unix_s)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int32_t day = (int32_t)(unix_s / 86400);
	int s = (int)(unix_s % 86400), year, month, mday;
	char text[64];
	day_to_date(day, &year, &month, &mday);
	snprintf(text, sizeof(text), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + day % 7 * 3,
		 mday, months + (month - 1) * 3, year, s / 3600, s / 60 % 60, s % 60);
	memcpy(out, text, 29);
	out[29] = '\0';
}

/* ---- heads --------------------------------------------------------------------------- */

/* Headers that frame the message or belong to one hop: the server's own business. */
static bool is_framing(const char *name)
{
	static const char *const names[] = {"connection", "content-length", "transfer-encoding",
					    "date",       "keep-alive",     "trailer"};
	unsigned char c = (unsigned char)(name[0] | 0x20);
	if (c != 'c' && c != 't' && c != 'd' && c != 'k')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (gw_name_eq(name, names[i]))
			return true;
	return false;
}

/* Eight bytes at once: the high bit of each that is below n (at most 0x80), or equal to b. */
#define BYTES(b) (~0ULL / 255 * (b))
static inline uint64_t below(uint64_t w, unsigned n)
{
	return (w - BYTES(n)) & ~w & BYTES(0x80);
}

static inline uint64_t equal(uint64_t w, unsigned b)
{
	return below(w ^ BYTES(b), 1);
}

/* Can it stand before a colon? What parts lines and words cannot; the rest does no harm. */
static bool is_name(const char *name, size_t n)
{
	size_t i = 0;
	for (uint64_t w; i + sizeof(w) <= n; i += sizeof(w)) {
		memcpy(&w, name + i, sizeof(w));
		if (below(w, 0x21) | equal(w, ':') | equal(w, 0x7f) | (w & BYTES(0x80)))
			return false;
	}
	for (; i < n; i++)
		if (name[i] <= 0x20 || name[i] == 0x7f || name[i] == ':')
			return false;
	return n > 0;
}

/* A copy in which control characters but tabs are spaces. Eight bytes at a time where all are
 * text, which is nearly always. */
static char *copy_value(char *to, const char *value, size_t n)
{
	size_t i = 0;
	for (uint64_t w; i + sizeof(w) <= n; i += sizeof(w)) {
		memcpy(&w, value + i, sizeof(w));
		if (below(w, 0x20) | equal(w, 0x7f))
			break;
		memcpy(to + i, &w, sizeof(w));
	}
	for (; i < n; i++) {
		unsigned char c = (unsigned char)value[i];
		to[i] = (c < 0x20 && c != '\t') || c == 0x7f ? ' ' : value[i];
	}
	return to + n;
}

static char *put_text(char *to, const char *text, size_t n)
{
	memcpy(to, text, n);
	return to + n;
}

static char *put_header(char *to, const char *name, size_t n, const char *value, size_t len)
{
	to = put_text(to, name, n);
	*to++ = ':';
	*to++ = ' ';
	to = copy_value(to, value, len);
	*to++ = '\r';
	*to++ = '\n';
	return to;
}

static char *put_number(char *to, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	return put_text(to, digits + at, sizeof(digits) - at);
}

static char *put_status(char *to, int status)
{
	const char *reason = http_reason(status);
	if (status == 200)
		return put_text(to, "HTTP/1.1 200 OK\r\n", 17);
	to = put_text(to, "HTTP/1.1 ", 9);
	to = put_number(to, (uint64_t)status);
	*to++ = ' ';
	to = put_text(to, reason, strlen(reason));
	return put_text(to, "\r\n", 2);
}

/* How long the body is. A backend's answer to HEAD says how long it would be. */
static char *put_length(char *to, const struct gw_response *r, const struct http_framing *f)
{
	const char *theirs = f->head ? gw_headers_first(&r->headers, "content-length") : NULL;
	if (r->status < 200 || r->status == 204)
		return to;
	if (f->chunked)
		return put_text(to, "Transfer-Encoding: chunked\r\n", 28);
	if (theirs && r->body.len == 0)
		return put_header(to, "Content-Length", 14, theirs, strnlen(theirs, MAX_LENGTH));
	if (r->status == 304)
		return to;
	to = put_text(to, "Content-Length: ", 16);
	to = put_number(to, r->body.len);
	return put_text(to, "\r\n", 2);
}

/* A pen that writes to a str, which grows where a header does not fit. */
struct pen {
	struct str *out;
	char *start, *to, *end;
};

static void pen_room(struct pen *p, size_t n)
{
	if ((size_t)(p->end - p->to) >= n)
		return;
	if (p->start)
		str_wrote(p->out, (size_t)(p->to - p->start));
	n += ROOM;
	p->start = p->to = str_more(p->out, n);
	p->end = p->start + n;
}

static void pen_header(struct pen *p, const char *name, size_t n, const char *value)
{
	size_t len = strlen(value);
	pen_room(p, n + len + 4);
	p->to = put_header(p->to, name, n, value, len);
}

void http_write_head(struct str *out, const struct gw_response *r, const struct http_framing *f)
{
	static const char keep[] = "Connection: keep-alive\r\n", end[] = "Connection: close\r\n";
	struct pen p = {.out = out};
	const char *type = gw_headers_first(&r->headers, "content-type");
	pen_room(&p, MAX_FIXED);
	p.to = put_status(p.to, r->status);
	if (f->date)
		p.to = put_header(p.to, "Date", 4, f->date, strnlen(f->date, 30));
	if (type)
		pen_header(&p, "Content-Type", 12, type);
	pen_room(&p, MAX_FIXED);
	p.to = put_length(p.to, r, f);
	if (r->status >= 200)
		p.to = f->keep_alive ? put_text(p.to, keep, sizeof(keep) - 1)
				     : put_text(p.to, end, sizeof(end) - 1);
	for (size_t i = 0; i < r->headers.count; i++) {
		const struct gw_header *h = &r->headers.items[i];
		size_t n = strlen(h->name);
		if (h->value != type && (r->status < 200 || !is_framing(h->name)) &&
		    is_name(h->name, n))
			pen_header(&p, h->name, n, h->value);
	}
	pen_room(&p, 2);
	p.to = put_text(p.to, "\r\n", 2);
	str_wrote(out, (size_t)(p.to - p.start));
}

void http_write(struct str *out, const struct gw_response *r, const struct http_framing *f)
{
	http_write_head(out, r, f);
	if (http_body_allowed(r->status, f->head) && !f->chunked)
		str_addn(out, r->body.p, r->body.len);
}

void http_write_chunk(struct str *out, const char *p, size_t n)
{
	if (n == 0)
		return;
	str_addf(out, "%zx\r\n", n);
	str_addn(out, p, n);
	str_addn(out, "\r\n", 2);
}

void http_write_last_chunk(struct str *out)
{
	str_add(out, "0\r\n\r\n");
}
