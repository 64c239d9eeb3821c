/* csvout.c -- the writing half of csv.h. */
#include "exchange/csv.h"

#include <string.h>

/* A spreadsheet takes a cell that begins so for a formula, which may run what it likes. */
static bool is_formula(const char *text, size_t n)
{
	return n && text[0] && strchr("=+-@\t\r", text[0]);
}

static bool needs_quotes(const struct csv_out *c, const char *text, size_t n, bool first)
{
	if (!n)
		return false;
	if (text[0] == ' ' || text[n - 1] == ' ' || (first && c->hash && text[0] == '#'))
		return true;
	return memchr(text, '"', n) || memchr(text, c->separator, n) || memchr(text, '\n', n) ||
	       memchr(text, '\r', n);
}

/* In one pass: the fields of notes have a quote every few bytes. */
static void add_doubled(struct str *out, const char *text, size_t n)
{
	out->p = array_grow(out->p, &out->cap, out->len + 2 * n + 1, 1);
	char *to = out->p + out->len;
	for (size_t i = 0; i < n; i++) {
		*to++ = text[i];
		if (text[i] == '"')
			*to++ = '"';
	}
	*to = '\0';
	out->len = (size_t)(to - out->p);
}

void csv_field(struct csv_out *c, const char *text, size_t n)
{
	bool guard = c->guard && is_formula(text, n);
	bool quotes = needs_quotes(c, text, n, !c->started);
	if (c->started)
		str_addc(c->out, c->separator);
	c->started = true;
	if (quotes)
		str_addc(c->out, '"');
	if (guard)
		str_addc(c->out, '\'');
	if (quotes)
		add_doubled(c->out, text, n);
	else
		str_addn(c->out, text, n);
	if (quotes)
		str_addc(c->out, '"');
}

void csv_end(struct csv_out *c)
{
	str_add(c->out, c->crlf ? "\r\n" : "\n");
	c->started = false;
}
