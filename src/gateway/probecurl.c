/* probecurl.c -- probe_curl() of probe.h: a request as a line that can be pasted into any shell of
 * POSIX. curl's own ideas are taken out of the way: it expands [] and {} in addresses, squeezes
 * dots in paths, calls every body a form, and reads a body that begins with '@' as a file's name.
 */
#include "gateway/probe.h"

#include "base/utf8.h"
#include "gateway/hostname.h"

#include <string.h>

/* In single quotes; what cannot stand in a line becomes a question mark. */
static void add_quoted(struct str *out, const char *text, size_t n)
{
	str_addc(out, '\'');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\'')
			str_add(out, "'\\''");
		else
			str_addc(out,
				 (unsigned char)text[i] < ' ' || text[i] == 127 ? '?' : text[i]);
	}
	str_addc(out, '\'');
}

static void add_option(struct str *out, const char *option, const char *value)
{
	str_addf(out, " %s ", option);
	add_quoted(out, value, strlen(value));
}

/* Can it stand between quotes in one line? */
static bool fits_a_line(struct slice body)
{
	for (size_t i = 0; i < body.len; i++)
		if ((unsigned char)body.p[i] < ' ' || body.p[i] == 127)
			return false;
	return utf8_invalid_at(body.p, body.len) == body.len;
}

/* printf '...' | : the body with all that is not plain in octal, or would begin an option. */
static void add_pipe(struct str *out, struct slice body)
{
	str_add(out, "printf '");
	for (size_t i = 0; i < body.len; i++) {
		unsigned char c = (unsigned char)body.p[i];
		if (c == '\n')
			str_add(out, "\\n");
		else if (c == '%')
			str_add(out, "%%");
		else if (c == '\'' || c == '\\' || c < ' ' || c > 126 || (c == '-' && i == 0))
			str_addf(out, "\\%03o", c);
		else
			str_addc(out, (char)c);
	}
	str_add(out, "' | ");
}

static void add_method(struct str *out, const struct probe_request *q)
{
	if (strcmp(q->method, "HEAD") == 0)
		str_add(out, " -I");
	else if (strcmp(q->method, q->body.len ? "POST" : "GET") != 0)
		add_option(out, "-X", q->method);
}

/* Where it goes, and the name it is asked for. */
static void add_address(struct str *out, const struct probe *p, const struct probe_request *q)
{
	const char *at = strchr(probe_url(p), ':') + 3;
	bool tls = str_starts(probe_url(p), "https:");
	struct str url = {0};
	if (q->host && tls) {
		size_t n = strcspn(q->host, ":");
		const char *port = strrchr(at, ':');
		str_addf(&url, "%.*s%s:%s", (int)n, q->host, port, at);
		add_option(out, "--connect-to", str_c(&url));
		str_reset(&url);
		str_addf(&url, "https://%.*s%s", (int)n, q->host, port);
	} else {
		str_add(&url, probe_url(p));
	}
	if (q->api && !q->host)
		str_addf(&url, API_PREFIX "%s", q->api);
	str_addf(&url, "%s%s", q->target[0] == '/' ? "" : "/", q->target);
	if (strpbrk(str_c(&url), "[]{}"))
		str_add(out, " -g");
	if (strstr(q->target, "/."))
		str_add(out, " --path-as-is");
	str_addc(out, ' ');
	add_quoted(out, str_c(&url), url.len);
	str_clear(&url);
}

static void add_headers(struct str *out, const struct probe_request *q)
{
	struct str line = {0};
	if (q->host) {
		str_addf(&line, "Host: %s", q->host);
		add_option(out, "-H", str_c(&line));
	}
	for (size_t i = 0; i < q->headers.count; i++) {
		const struct gw_header *h = &q->headers.items[i];
		if (q->host && gw_name_eq(h->name, "Host"))
			continue;
		str_reset(&line);
		str_addf(&line, *h->value ? "%s: %s" : "%s;", h->name, h->value);
		add_option(out, "-H", str_c(&line));
	}
	if (q->body.len && !gw_headers_first(&q->headers, "Content-Type"))
		str_add(out, " -H 'Content-Type:'");
	str_clear(&line);
}

void probe_curl(struct str *out, const struct probe *p, const struct probe_request *q)
{
	bool line = fits_a_line(q->body);
	if (!line)
		add_pipe(out, q->body);
	str_add(out, "curl -i");
	if (str_starts(probe_url(p), "https:"))
		str_add(out, " -k");
	if (q->cert)
		add_option(out, "--cert", q->cert);
	if (q->key)
		add_option(out, "--key", q->key);
	add_method(out, q);
	add_address(out, p, q);
	add_headers(out, q);
	if (!line) {
		str_add(out, " --data-binary @-");
	} else if (q->body.len) {
		str_add(out, " --data-raw ");
		add_quoted(out, q->body.p, q->body.len);
	}
}
