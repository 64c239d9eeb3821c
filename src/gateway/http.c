/* http.c -- the reader of http.h.
 *
 * Lines are taken as they become complete: all that are there are copied to the arena in one piece
 * and cut up in place, so that a request that came in one packet, as nearly all do, costs one copy,
 * and one that comes byte by byte costs no more than its length. A bare CR or LF is refused where
 * it stands, before the line is complete: a peer that ends lines otherwise than we do would see
 * another request than we see. For the same reason there is no obs-fold, no space before a colon,
 * no second Content-Length, no length beside a transfer coding.
 *
 * Bodies grow in memory of their own, for they come piece by piece; one that is there with its head
 * goes to the arena. Trailers are checked and dropped, as API Gateway drops them. */
#include "gateway/http.h"

#include <string.h>

const struct http_error_row http_errors[HTTP_ERROR_COUNT] = {
	[HTTP_FINE] = {200, ""},
	[HTTP_BAD_LINE] = {400, "The first line is no HTTP request line."},
	[HTTP_BAD_METHOD] = {400, "The method is none of HTTP's."},
	[HTTP_BAD_TARGET] = {400, "The request target is malformed."},
	[HTTP_BAD_VERSION] = {505, "Only HTTP/1.0 and HTTP/1.1 are spoken here."},
	[HTTP_LONG_TARGET] = {414, "The URL is too long."},
	[HTTP_BAD_HEADER] = {400, "A header line is malformed."},
	[HTTP_LONG_HEADERS] = {431, "The headers are too long."},
	[HTTP_BAD_HOST] = {400, "There must be one Host header with a host name."},
	[HTTP_BAD_LENGTH] = {400, "Content-Length is malformed, or there are several."},
	[HTTP_BAD_CODING] = {400, "The body's length cannot be told: Transfer-Encoding must end in "
				  "chunked and stand without Content-Length."},
	[HTTP_OTHER_CODING] = {501, "Of the transfer codings only chunked is known here."},
	[HTTP_BAD_CHUNK] = {400, "A chunk of the body is malformed."},
	[HTTP_LARGE_BODY] = {413, "The body is too large."},
	[HTTP_BAD_EXPECT] = {417, "The only expectation known here is 100-continue."},
	[HTTP_AFTER_CLOSE] = {400, "There are bytes behind the last request."},
	[HTTP_TOO_SLOW] = {408, "The request did not arrive in time."},
	[HTTP_NO_ROOM] = {503, "Too many large requests at once."},
};

#define SHORT_HEAD 2048

/* ---- characters ---------------------------------------------------------------------- */

/* Token characters of RFC 9110, a bit each from 0x20 on. */
static const uint32_t token_bits[3] = {0x03FF6CFA, 0xC7FFFFFE, 0x57FFFFFF};

static inline bool is_token(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && (token_bits[(c >> 5) - 1] >> (c & 31)) & 1;
}

#define BYTES(b) (~0ULL / 255 * (b))
static inline uint64_t has_below(uint64_t w, unsigned n)
{
	return (w - BYTES(n)) & ~w & BYTES(0x80);
}

static inline uint64_t has_byte(uint64_t w, unsigned b)
{
	return has_below(w ^ BYTES(b), 1);
}

/* How many bytes from p on are text of a header value: no control characters but tabs. */
static size_t value_span(const char *p, size_t n)
{
	size_t i = 0;
	for (uint64_t w; i + sizeof(w) <= n; i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		if (has_below(w, 0x20) | has_byte(w, 0x7f))
			break;
	}
	for (; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			break;
	}
	return i;
}

/* The same for a request target: visible ASCII. */
static size_t target_span(const char *p, size_t n)
{
	size_t i = 0;
	for (uint64_t w; i + sizeof(w) <= n; i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		if (has_below(w, 0x21) | has_byte(w, 0x7f) | (w & BYTES(0x80)))
			break;
	}
	while (i < n && p[i] > 0x20 && p[i] < 0x7f)
		i++;
	return i;
}

/* ---- the request line ---------------------------------------------------------------- */

/* The registry of methods, those in use first. RTSP shares the syntax and two of the names. */
static const char *const methods[] = {
	"GET",    "POST",     "PUT",       "DELETE",     "PATCH",      "HEAD",   "OPTIONS",
	"TRACE",  "CONNECT",  "ACL",       "BIND",       "CHECKOUT",   "COPY",   "LINK",
	"LOCK",   "M-SEARCH", "MERGE",     "MKACTIVITY", "MKCALENDAR", "MKCOL",  "MOVE",
	"NOTIFY", "PROPFIND", "PROPPATCH", "PURGE",      "QUERY",      "REBIND", "REPORT",
	"SEARCH", "SOURCE",   "SUBSCRIBE", "UNBIND",     "UNLINK",     "UNLOCK", "UNSUBSCRIBE",
};
static const char *const rtsp_methods[] = {
	"OPTIONS",       "DESCRIBE",      "ANNOUNCE", "SETUP",  "PLAY",  "PAUSE", "TEARDOWN",
	"GET_PARAMETER", "SET_PARAMETER", "REDIRECT", "RECORD", "FLUSH", "GET",   "POST",
};

static const char *find_method(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], name) == 0)
			return list[i];
	return NULL;
}

static bool is_scheme(const char *p)
{
	return strncasecmp(p, "http://", 7) == 0 || strncasecmp(p, "https://", 8) == 0;
}

/* Cut a target into path and query. An absolute one names the host, which counts in place of the
 * Host header; what stands before an '@' in it is of no use here. */
static bool read_target(struct http_reader *r, struct arena *a, const char *target)
{
	struct gw_request *q = &r->request;
	const char *path = target;
	q->target = target;
	if (*target != '/') {
		if (strcmp(target, "*") == 0 && strcmp(q->method, "OPTIONS") == 0) {
			q->path = target;
			return true;
		}
		if (!is_scheme(target))
			return false;
		const char *host = strchr(target, ':') + 3;
		size_t n = strcspn(host, "/?#");
		path = host + n;
		for (size_t i = 0; i < n; i++)
			if (host[i] == '@') {
				host += i + 1;
				n -= i + 1;
				i = (size_t)-1;
			}
		if (n == 0)
			return false;
		gw_headers_add(a, &q->headers, "Host", arena_strndup(a, host, n));
	}
	size_t n = strcspn(path, "?#");
	q->path = n ? arena_strndup(a, path, n) : "/";
	if (path[n] == '?') {
		const char *query = path + n + 1;
		size_t len = strcspn(query, "#");
		q->query = query[len] ? arena_strndup(a, query, len) : query;
	}
	return true;
}

static bool read_version(struct http_reader *r, const char *p, size_t n)
{
	static const struct {
		const char *name;
		enum http_protocol protocol;
	} versions[] = {{"HTTP/1.1", HTTP_1_1}, {"HTTP/1.0", HTTP_1_0}, {"RTSP/1.0", HTTP_RTSP}};
	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (n == 8 && memcmp(p, versions[i].name, n) == 0) {
			r->protocol = versions[i].protocol;
			return true;
		}
	return false;
}

/* line: NUL-terminated, without its end, n bytes. */
static enum http_error read_line(struct http_reader *r, struct arena *a, char *line, size_t n)
{
	size_t method = 0;
	while (method < n && is_token((unsigned char)line[method]))
		method++;
	if (method == 0 || line[method] != ' ')
		return HTTP_BAD_LINE;
	char *target = line + method + 1;
	size_t len = target_span(target, n - method - 1);
	if (len == 0)
		return HTTP_BAD_TARGET;
	if (len > MAX_HTTP_TARGET)
		return HTTP_LONG_TARGET;
	size_t end = method + 1 + len;
	line[method] = '\0';
	if (end < n && line[end] != ' ')
		return HTTP_BAD_TARGET;
	if (end < n && !read_version(r, line + end + 1, n - end - 1))
		return HTTP_BAD_VERSION;
	line[end] = '\0';
	bool rtsp = r->protocol == HTTP_RTSP;
	r->request.method = rtsp ? find_method(rtsp_methods, ARRAY_LEN(rtsp_methods), line)
				 : find_method(methods, ARRAY_LEN(methods), line);
	if (!r->request.method)
		return HTTP_BAD_METHOD;
	return read_target(r, a, target) ? HTTP_FINE : HTTP_BAD_TARGET;
}

/* ---- header lines -------------------------------------------------------------------- */

/* Is the word in a comma-separated list? *count: how many words there are, *last: the last is it.
 */
static bool list_has(const char *list, const char *word, unsigned *count, bool *last)
{
	bool found = false;
	size_t want = strlen(word);
	while (*list) {
		list += strspn(list, ", \t");
		size_t n = strcspn(list, ",");
		const char *next = list + n;
		while (n && (list[n - 1] == ' ' || list[n - 1] == '\t'))
			n--;
		if (n) {
			bool is = n == want && strncasecmp(list, word, n) == 0;
			found |= is;
			*count += 1;
			*last = is;
		}
		list = next;
	}
	return found;
}

static bool in_list(const char *list, const char *word)
{
	unsigned count = 0;
	bool last = false;
	return list_has(list, word, &count, &last);
}

static enum http_error read_length(struct http_reader *r, const char *value)
{
	uint64_t n = 0;
	size_t digits = strspn(value, "0123456789");
	if (r->has_length || digits == 0 || value[digits] || digits > 18)
		return HTTP_BAD_LENGTH;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (uint64_t)(value[i] - '0');
	r->has_length = true;
	r->left = n;
	return r->coding_count ? HTTP_BAD_CODING : HTTP_FINE;
}

/* "chunked" once, at the end of all codings of all such headers. */
static enum http_error read_coding(struct http_reader *r, const char *value)
{
	unsigned count = 0;
	bool last = false, had = r->chunked;
	list_has(value, "chunked", &count, &last);
	if (had || count == 0 || r->has_length)
		return HTTP_BAD_CODING;
	r->coding_count += count;
	r->chunked = last;
	r->other_coding = r->coding_count > 1 || !last;
	return HTTP_FINE;
}

static enum http_error read_host(struct http_reader *r, const char *value)
{
	bool sound = *value && !value[strcspn(value, "/\\@?#\"<>^`{|} \t")];
	for (const char *p = value; *p; p++)
		sound &= (unsigned char)*p < 0x80;
	r->hosts++;
	return r->any_host || (sound && r->hosts == 1) ? HTTP_FINE : HTTP_BAD_HOST;
}

static enum http_error read_expect(struct http_reader *r, const char *value)
{
	if (strcasecmp(value, "100-continue") != 0)
		return HTTP_BAD_EXPECT;
	r->expects_continue = r->protocol == HTTP_1_1;
	return HTTP_FINE;
}

/* The headers that frame the request. */
static enum http_error note_header(struct http_reader *r, const char *name, size_t n,
				   const char *value)
{
	switch (n) {
	case 4:
		return gw_name_eq(name, "host") ? read_host(r, value) : HTTP_FINE;
	case 6:
		return gw_name_eq(name, "expect") ? read_expect(r, value) : HTTP_FINE;
	case 7:
		r->has_upgrade |= gw_name_eq(name, "upgrade");
		return HTTP_FINE;
	case 10:
		if (gw_name_eq(name, "connection")) {
			r->connection_close |= in_list(value, "close");
			r->connection_keep |= in_list(value, "keep-alive");
			r->connection_upgrade |= in_list(value, "upgrade");
		}
		return HTTP_FINE;
	case 14:
		return gw_name_eq(name, "content-length") ? read_length(r, value) : HTTP_FINE;
	case 17:
		return gw_name_eq(name, "transfer-encoding") ? read_coding(r, value) : HTTP_FINE;
	default:
		return HTTP_FINE;
	}
}

/* "Name: value" cut up in place. False: it is none. */
static bool cut_header(char *line, size_t n, size_t *name, char **value)
{
	size_t i = 0;
	while (i < n && is_token((unsigned char)line[i]))
		i++;
	if (i == 0 || i >= n || line[i] != ':')
		return false;
	line[i] = '\0';
	*name = i++;
	if (value_span(line + i, n - i) != n - i)
		return false;
	while (i < n && (line[i] == ' ' || line[i] == '\t'))
		i++;
	while (n > i && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	line[n] = '\0';
	*value = line + i;
	return true;
}

static enum http_error read_header(struct http_reader *r, struct arena *a, char *line, size_t n)
{
	struct gw_headers *h = &r->request.headers;
	size_t name;
	char *value;
	if (!cut_header(line, n, &name, &value))
		return HTTP_BAD_HEADER;
	if (h->count >= MAX_HTTP_HEADER_COUNT)
		return HTTP_LONG_HEADERS;
	/* An absolute target has put its host first: the header is checked, and gives way. */
	bool host_known = h->count && r->request.target[0] != '/' && name == 4;
	if (!host_known || !gw_name_eq(line, "host") || !gw_headers_first(h, "host"))
		gw_headers_add(a, h, line, value);
	return note_header(r, line, name, value);
}

/* ---- from the head to the body ------------------------------------------------------- */

static enum http_error finish_head(struct http_reader *r)
{
	r->request.body = (struct slice){"", 0};
	r->keep_alive = r->protocol == HTTP_1_1 ? !r->connection_close
						: r->protocol == HTTP_1_0 && r->connection_keep &&
							  !r->connection_close;
	r->upgrade = r->connection_upgrade && r->has_upgrade && r->protocol == HTTP_1_1;
	if (!r->any_host && r->hosts != 1 && r->protocol == HTTP_1_1)
		return HTTP_BAD_HOST;
	if (r->coding_count && (!r->chunked || r->protocol != HTTP_1_1))
		return HTTP_BAD_CODING;
	r->phase = r->chunked ? HTTP_IN_CHUNK_SIZE : r->left ? HTTP_IN_BODY : HTTP_COMPLETE;
	if (r->other_coding && !r->any_host)
		return HTTP_OTHER_CODING;
	return r->left > r->max_body ? HTTP_LARGE_BODY : HTTP_FINE;
}

static enum http_error head_line(struct http_reader *r, struct arena *a, char *line, size_t n)
{
	if (r->phase == HTTP_IN_LINE) {
		if (n == 0) /* a client may end its last body with a line end too many */
			return ++r->empty_lines > 4 ? HTTP_BAD_LINE : HTTP_FINE;
		if (r->ended)
			return HTTP_AFTER_CLOSE;
		r->phase = HTTP_IN_HEADERS;
		return read_line(r, a, line, n);
	}
	if (r->phase == HTTP_IN_HEADERS)
		return n ? read_header(r, a, line, n) : finish_head(r);
	size_t name;
	char *value;
	if (n == 0)
		r->phase = HTTP_COMPLETE;
	else if (!cut_header(line, n, &name, &value))
		return HTTP_BAD_CHUNK;
	return HTTP_FINE;
}

static enum http_error line_error(const struct http_reader *r)
{
	return r->phase == HTTP_IN_LINE      ? HTTP_BAD_LINE
	       : r->phase == HTTP_IN_HEADERS ? HTTP_BAD_HEADER
					     : HTTP_BAD_CHUNK;
}

/* What can be said of a line that is not complete yet. */
static enum http_error check_rest(const struct http_reader *r, const char *p, size_t n)
{
	if (n == 0)
		return HTTP_FINE;
	const char *cr = memchr(p, '\r', n);
	if (cr && cr != p + n - 1)
		return line_error(r);
	if (r->phase == HTTP_IN_LINE && !is_token((unsigned char)p[0]) && p[0] != '\r')
		return HTTP_BAD_LINE;
	if (r->phase == HTTP_IN_LINE)
		return n > MAX_HTTP_TARGET + 64 ? HTTP_LONG_TARGET : HTTP_FINE;
	return r->head_bytes + n > MAX_HTTP_HEADERS ? HTTP_LONG_HEADERS : HTTP_FINE;
}

/* Bytes of all complete lines, up to and with the empty one that ends them. */
static size_t whole_lines(const struct http_reader *r, const char *p, size_t n)
{
	size_t end = 0;
	bool first = r->phase == HTTP_IN_LINE;
	if (n > 4 && n <= SHORT_HEAD && memcmp(p + n - 4, "\r\n\r\n", 4) == 0)
		return n; /* perhaps more than one head: what is left over is read again */
	for (const char *lf; end < n && (lf = memchr(p + end, '\n', n - end)); first = false) {
		size_t line = (size_t)(lf - p) - end;
		end += line + 1;
		if (line <= 1 && !first)
			break;
	}
	return end;
}

/* The lines of a head or of trailers. *used: bytes taken. */
static enum http_error read_lines(struct http_reader *r, struct arena *a, const char *p, size_t n,
				  size_t *used)
{
	size_t end = whole_lines(r, p, n), at = 0;
	enum http_error e = HTTP_FINE;
	enum http_phase began = r->phase;
	if (end == 0)
		return check_rest(r, p, n);
	char *copy = arena_copy(a, p, end);
	while (at < end && !e && r->phase != HTTP_COMPLETE &&
	       (began == HTTP_IN_TRAILERS || r->phase <= HTTP_IN_HEADERS)) {
		size_t len = (size_t)((char *)memchr(copy + at, '\n', end - at) - (copy + at));
		if (len == 0 || copy[at + len - 1] != '\r')
			e = line_error(r);
		r->head_bytes += r->phase == HTTP_IN_LINE ? 0 : len + 1;
		if (!e && r->head_bytes > MAX_HTTP_HEADERS)
			e = HTTP_LONG_HEADERS;
		if (!e) {
			copy[at + len - 1] = '\0';
			e = head_line(r, a, copy + at, len - 1);
		}
		at += len + 1;
	}
	*used = at;
	return e;
}

/* ---- bodies -------------------------------------------------------------------------- */

static enum http_error read_body(struct http_reader *r, struct arena *a, const char *p, size_t n,
				 size_t *used)
{
	size_t take = n < r->left ? n : (size_t)r->left;
	*used = take;
	r->left -= take;
	if (r->left == 0 && r->large.len == 0) {
		char *copy = arena_alloc(a, take + 1);
		memcpy(copy, p, take);
		r->request.body = (struct slice){copy, take};
	} else {
		str_addn(&r->large, p, take);
		r->request.body = (struct slice){r->large.p, r->large.len};
	}
	if (r->left == 0)
		r->phase = HTTP_COMPLETE;
	return HTTP_FINE;
}

/* ";name", ";name=token", ";name=\"text\"", any number. */
static bool extensions_sound(const char *p, size_t n)
{
	size_t i = 0;
	while (i < n) {
		size_t name = ++i;
		if (p[name - 1] != ';')
			return false;
		while (i < n && is_token((unsigned char)p[i]))
			i++;
		if (i == name)
			return false;
		if (i >= n || p[i] != '=')
			continue;
		size_t value = ++i;
		if (i < n && p[i] == '"') {
			for (i++; i < n && p[i] != '"'; i++)
				i += p[i] == '\\';
			if (i >= n || value_span(p + value, i - value) != i - value)
				return false;
			i++;
			continue;
		}
		while (i < n && is_token((unsigned char)p[i]))
			i++;
		if (i == value)
			return false;
	}
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum http_error read_chunk_size(struct http_reader *r, const char *p, size_t n, size_t *used)
{
	const char *lf = memchr(p, '\n', n);
	const char *cr = memchr(p, '\r', n);
	size_t len = lf ? (size_t)(lf - p) : n;
	size_t digits = 0;
	uint64_t size = 0;
	if (len > MAX_HTTP_CHUNK_LINE || (lf && cr != lf - 1) || (!lf && cr && cr != p + n - 1))
		return HTTP_BAD_CHUNK;
	if (!lf)
		return HTTP_FINE;
	for (len--; digits < len && digits < 12 && hex_value(p[digits]) >= 0; digits++)
		size = size * 16 + (uint64_t)hex_value(p[digits]);
	if (digits == 0 || !extensions_sound(p + digits, len - digits))
		return HTTP_BAD_CHUNK;
	r->extension_bytes += len - digits;
	if (r->extension_bytes > MAX_HTTP_CHUNK_EXTENSIONS)
		return HTTP_BAD_CHUNK;
	*used = len + 2;
	r->left = size;
	r->phase = size ? HTTP_IN_CHUNK : HTTP_IN_TRAILERS;
	return size > r->max_body - r->large.len ? HTTP_LARGE_BODY : HTTP_FINE;
}

static enum http_error read_chunk(struct http_reader *r, const char *p, size_t n, size_t *used)
{
	size_t take = n < r->left ? n : (size_t)r->left;
	*used = take;
	r->left -= take;
	str_addn(&r->large, p, take);
	r->request.body = (struct slice){r->large.p, r->large.len};
	if (r->left == 0)
		r->phase = HTTP_IN_CHUNK_END;
	return HTTP_FINE;
}

static enum http_error read_chunk_end(struct http_reader *r, const char *p, size_t n, size_t *used)
{
	if (p[0] != '\r' || (n > 1 && p[1] != '\n'))
		return HTTP_BAD_CHUNK;
	if (n > 1) {
		*used = 2;
		r->phase = HTTP_IN_CHUNK_SIZE;
	}
	return HTTP_FINE;
}

/* ---- the whole ----------------------------------------------------------------------- */

static enum http_error read_some(struct http_reader *r, struct arena *a, const char *p, size_t n,
				 size_t *used)
{
	switch (r->phase) {
	case HTTP_IN_LINE:
	case HTTP_IN_HEADERS:
	case HTTP_IN_TRAILERS:
		return read_lines(r, a, p, n, used);
	case HTTP_IN_BODY:
		return read_body(r, a, p, n, used);
	case HTTP_IN_CHUNK_SIZE:
		return read_chunk_size(r, p, n, used);
	case HTTP_IN_CHUNK:
		return read_chunk(r, p, n, used);
	case HTTP_IN_CHUNK_END:
		return read_chunk_end(r, p, n, used);
	case HTTP_COMPLETE:
		break;
	}
	return HTTP_FINE;
}

enum http_result http_read(struct http_reader *r, struct arena *a, const char *p, size_t n,
			   size_t *used)
{
	*used = 0;
	while (!r->error && r->phase != HTTP_COMPLETE && *used < n) {
		size_t took = 0;
		r->error = read_some(r, a, p + *used, n - *used, &took);
		*used += took;
		if (took == 0)
			break;
	}
	if (r->error)
		return HTTP_REFUSED;
	return r->phase == HTTP_COMPLETE ? HTTP_REQUEST : HTTP_MORE;
}

void http_next(struct http_reader *r)
{
	bool ended = r->ended || (r->phase != HTTP_IN_LINE && !r->keep_alive);
	str_clear(&r->large);
	*r = (struct http_reader){.max_body = r->max_body, .any_host = r->any_host, .ended = ended};
}

void http_reader_clear(struct http_reader *r)
{
	http_next(r);
	r->ended = false;
}
