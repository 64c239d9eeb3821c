/* httpwrite.c -- the writer of http.h. Responses come from templates, functions and backends, so
 * their headers are hostile too: what cannot stand in a header line does not get there, and how the
 * message is framed is decided here alone. */
#include "base/clock.h"
#include "gateway/http.h"

#include <stdio.h>
#include <string.h>

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

static bool is_name(const char *name)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	return *name && !name[strspn(name, token)];
}

static bool is_clean(const char *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)value[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static void add_header(struct str *out, const char *name, const char *value)
{
	size_t n = strlen(value), at;
	str_addn(out, name, strlen(name));
	str_addn(out, ": ", 2);
	at = out->len;
	str_addn(out, value, n);
	if (!is_clean(value, n))
		for (size_t i = at; i < out->len; i++)
			if (!is_clean(out->p + i, 1))
				out->p[i] = ' ';
	str_addn(out, "\r\n", 2);
}

static void add_number(struct str *out, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	str_addn(out, digits + at, sizeof(digits) - at);
}

static void add_status(struct str *out, int status)
{
	const char *reason = http_reason(status);
	if (status == 200) {
		str_addn(out, "HTTP/1.1 200 OK\r\n", 17);
		return;
	}
	str_addn(out, "HTTP/1.1 ", 9);
	add_number(out, (uint64_t)status);
	str_addc(out, ' ');
	str_add(out, reason);
	str_addn(out, "\r\n", 2);
}

/* How long the body is. A backend's answer to HEAD says how long it would be. */
static void add_length(struct str *out, const struct gw_response *r, const struct http_framing *f)
{
	const char *theirs = f->head ? gw_headers_first(&r->headers, "content-length") : NULL;
	if (r->status < 200 || r->status == 204)
		return;
	if (f->chunked) {
		str_add(out, "Transfer-Encoding: chunked\r\n");
	} else if (theirs && r->body.len == 0) {
		add_header(out, "Content-Length", theirs);
	} else if (r->status != 304) {
		str_addn(out, "Content-Length: ", 16);
		add_number(out, r->body.len);
		str_addn(out, "\r\n", 2);
	}
}

void http_write_head(struct str *out, const struct gw_response *r, const struct http_framing *f)
{
	add_status(out, r->status);
	if (f->date)
		add_header(out, "Date", f->date);
	const char *type = gw_headers_first(&r->headers, "content-type");
	if (type)
		add_header(out, "Content-Type", type);
	add_length(out, r, f);
	if (r->status >= 200)
		str_add(out,
			f->keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
	for (size_t i = 0; i < r->headers.count; i++) {
		const struct gw_header *h = &r->headers.items[i];
		if (h->value == type || (r->status >= 200 && is_framing(h->name)) ||
		    !is_name(h->name))
			continue;
		add_header(out, h->name, h->value);
	}
	str_addn(out, "\r\n", 2);
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
