/* wsanswer.c -- see wsanswer.h. The head is gathered whole, then taken apart: it is small, and
 * comes once for a connection. Bodies are those of refusals, which come with their length; one in
 * chunks is left out rather than read by rules that nobody needs here. */
#include "gateway/wsanswer.h"

#include "gateway/ws.h"

#include <string.h>

static bool parse_status(struct ws_answer *a, const char *line)
{
	long long status;
	char digits[4] = "";
	if (strncmp(line, "HTTP/1.1 ", 9) != 0 && strncmp(line, "HTTP/1.0 ", 9) != 0)
		return false;
	size_t n = strcspn(line + 9, " ");
	if (n != 3)
		return false;
	memcpy(digits, line + 9, 3);
	if (!str_to_i64(digits, 100, 599, &status))
		return false;
	a->response.status = (int)status;
	return true;
}

static bool parse_header(struct ws_answer *a, const char *line)
{
	const char *colon = strchr(line, ':');
	if (!colon || colon == line || a->response.headers.count == MAX_WS_ANSWER_HEADERS)
		return false;
	char *name = arena_strndup(a->arena, line, (size_t)(colon - line));
	if (strpbrk(name, " \t"))
		return false;
	gw_headers_add(a->arena, &a->response.headers, name, str_trim(a->arena, colon + 1));
	return true;
}

static bool has_controls(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' && line[i] != '\t')
			return true;
	return false;
}

static bool parse_head(struct ws_answer *a)
{
	const char *p = a->head.p;
	const char *end = p + a->head.len - 2; /* the empty line */
	for (bool first = true; p < end; first = false) {
		const char *stop = strstr(p, "\r\n");
		if (!stop || has_controls(p, (size_t)(stop - p)))
			return false;
		const char *line = arena_strndup(a->arena, p, (size_t)(stop - p));
		if (!(first ? parse_status(a, line) : parse_header(a, line)))
			return false;
		p = stop + 2;
	}
	return true;
}

/* How long the body is. */
static void expect_body(struct ws_answer *a)
{
	const struct gw_headers *h = &a->response.headers;
	const char *length = gw_headers_first(h, "Content-Length");
	uint64_t n;
	a->head_done = true;
	a->body_len = SIZE_MAX;
	if (a->response.status == 101 || a->response.status == 204 ||
	    gw_headers_first(h, "Transfer-Encoding"))
		a->body_len = 0;
	else if (length && str_to_u64(length, &n))
		a->body_len = n < MAX_WS_ANSWER_BODY ? (size_t)n : MAX_WS_ANSWER_BODY;
}

static enum ws_answer_end finish(struct ws_answer *a)
{
	char *body = arena_strndup(a->arena, "", 0);
	if (a->body.len)
		body = arena_copy(a->arena, a->body.p, a->body.len + 1);
	a->response.body = (struct slice){body, a->body.len};
	return WS_ANSWER_DONE;
}

static bool head_is_whole(const struct str *head)
{
	return head->len >= 4 && memcmp(head->p + head->len - 4, "\r\n\r\n", 4) == 0;
}

enum ws_answer_end ws_answer_read(struct ws_answer *a, const char *p, size_t n, size_t *used)
{
	*used = 0;
	while (!a->head_done && *used < n) {
		if (a->head.len == MAX_WS_ANSWER_HEAD)
			return WS_ANSWER_BAD;
		str_addc(&a->head, p[(*used)++]);
		if (!head_is_whole(&a->head))
			continue;
		if (strlen(a->head.p) != a->head.len || !parse_head(a))
			return WS_ANSWER_BAD;
		expect_body(a);
	}
	if (!a->head_done)
		return WS_ANSWER_MORE;
	size_t most = a->body_len < MAX_WS_ANSWER_BODY ? a->body_len : MAX_WS_ANSWER_BODY;
	size_t take = n - *used;
	if (take > most - a->body.len)
		take = most - a->body.len;
	if (take)
		str_addn(&a->body, p + *used, take);
	*used += take;
	return a->body.len == most ? finish(a) : WS_ANSWER_MORE;
}

enum ws_answer_end ws_answer_eof(struct ws_answer *a)
{
	return a->head_done && a->body_len == SIZE_MAX ? finish(a) : WS_ANSWER_BAD;
}

void ws_answer_clear(struct ws_answer *a)
{
	str_clear(&a->head);
	str_clear(&a->body);
}

/* Is word among the values of a header that is a list? */
static bool names(const struct gw_headers *h, const char *header, const char *word)
{
	size_t i = 0;
	const char *v;
	while ((v = gw_headers_next(h, header, &i))) {
		while (*(v += strspn(v, ", \t"))) {
			char item[16] = "";
			size_t n = strcspn(v, ", \t");
			if (n < sizeof(item))
				memcpy(item, v, n);
			if (gw_name_eq(item, word))
				return true;
			v += n;
		}
	}
	return false;
}

bool ws_answer_opens(const struct gw_response *r, const char *key)
{
	char accept[29];
	const char *given = gw_headers_first(&r->headers, "Sec-WebSocket-Accept");
	ws_accept(key, accept);
	return r->status == 101 && names(&r->headers, "Upgrade", "websocket") &&
	       names(&r->headers, "Connection", "upgrade") && given && strcmp(given, accept) == 0 &&
	       !gw_headers_first(&r->headers, "Sec-WebSocket-Extensions");
}
