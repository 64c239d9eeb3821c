/* htmltag.c -- see htmltag.h. This is the part of HTML's tokenizer that text of flashcards meets.
 * What is not finished at the end of the input (a tag without '>', a comment without "-->") could
 * make a reader look at the rest of the file again and again: the first one found ends the search
 * for others of its kind. */
#include "exchange/htmltag.h"

#include "base/mdblock.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_ENTITY 12 /* bytes between '&' and ';' */

void html_read_init(struct html_reader *r, const char *html, size_t n)
{
	*r = (struct html_reader){.p = html, .end = html + n};
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* -- entities ---------------------------------------------------------------------------------- */

/* The letters of Latin-1 from U+00C0 on. */
static const char *const latin[] = {
	"Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig", "Ccedil",
	"Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc", "Iuml",
	"ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",  "times",
	"Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN", "szlig",
	"agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig", "ccedil",
	"egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc", "iuml",
	"eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",  "divide",
	"oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn", "yuml",
};

static uint32_t latin_entity(const char *name, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(latin); i++)
		if (strncmp(latin[i], name, n) == 0 && latin[i][n] == '\0')
			return 0xC0 + (uint32_t)i;
	return 0;
}

/* Bytes of the entity at p, which is '&', and its character; 0: it is none. */
static size_t entity(const char *p, const char *end, uint32_t *cp)
{
	size_t n = 1;
	while (p + n < end && n <= MAX_ENTITY &&
	       (is_letter(p[n]) || p[n] == '#' || (p[n] >= '0' && p[n] <= '9')))
		n++;
	if (n < 2 || p + n >= end || p[n] != ';')
		return 0;
	*cp = mdb_entity(p, n + 1);
	if (!*cp)
		*cp = latin_entity(p + 1, n - 1);
	return *cp ? n + 1 : 0;
}

static void add_code_point(struct str *out, uint32_t cp)
{
	char utf8[4];
	str_addn(out, utf8, (size_t)utf8_encode(cp, utf8));
}

void html_decode(struct str *out, const char *p, size_t n)
{
	const char *end = p + n;
	while (p < end) {
		const char *from = p;
		uint32_t cp = 0;
		while (p < end && *p != '&' && *p && (unsigned char)*p < 0x80)
			p++;
		str_addn(out, from, (size_t)(p - from));
		if (p == end)
			break;
		size_t used = *p == '&' ? entity(p, end, &cp) : 0;
		if (used)
			add_code_point(out, cp);
		else if ((used = (size_t)utf8_decode(p, (size_t)(end - p), &cp)) > 0 && cp)
			str_addn(out, p, used);
		else
			add_code_point(out, 0xFFFD);
		p += used ? used : 1;
	}
}

/* -- tags -------------------------------------------------------------------------------------- */

/* Past the value of an attribute that begins at p, quoted or not; NULL when its quote is not
 * closed. *value is what stands in it. */
static const char *value_end(const char *p, const char *end, struct slice *value)
{
	if (p < end && (*p == '"' || *p == '\'')) {
		const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));
		if (!close)
			return NULL;
		*value = (struct slice){p + 1, (size_t)(close - p - 1)};
		return close + 1;
	}
	const char *from = p;
	while (p < end && !is_space(*p) && *p != '>')
		p++;
	*value = (struct slice){from, (size_t)(p - from)};
	return p;
}

/* The next attribute at *p, which is moved past it; false at '>' or the end. *p NULL: a quote that
 * is not closed. */
static bool next_attribute(const char **p, const char *end, struct slice *name, struct slice *value)
{
	const char *q = *p;
	while (q < end && (is_space(*q) || *q == '/'))
		q++;
	const char *from = q;
	*p = q;
	if (q == end || *q == '>')
		return false;
	q++; /* a name may begin with '=' */
	while (q < end && !is_space(*q) && *q != '/' && *q != '>' && *q != '=')
		q++;
	*name = (struct slice){from, (size_t)(q - from)};
	*value = (struct slice){q, 0};
	*p = q;
	while (q < end && is_space(*q))
		q++;
	if (q == end || *q != '=')
		return true;
	q++;
	while (q < end && is_space(*q))
		q++;
	*p = value_end(q, end, value);
	return *p != NULL;
}

bool html_attribute(const struct html_reader *r, const char *wanted, struct str *out)
{
	const char *p = r->text.p, *end = p + r->text.len;
	struct slice name, value;
	size_t len = strlen(wanted);
	str_reset(out);
	for (int i = 0; i < MAX_HTML_ATTRIBUTES && next_attribute(&p, end, &name, &value); i++) {
		if (name.len != len || strncasecmp(name.p, wanted, len) != 0)
			continue;
		html_decode(out, value.p, value.len < MAX_HTML_VALUE ? value.len : MAX_HTML_VALUE);
		return true;
	}
	return false;
}

/* Past the '>' of the tag whose name ends at p; NULL: there is none. */
static const char *tag_end(struct html_reader *r, const char *p)
{
	struct slice name, value;
	const char *from = p;
	while (next_attribute(&p, r->end, &name, &value))
		;
	if (!p || p == r->end)
		return NULL;
	r->text = (struct slice){from, (size_t)(p - from)};
	r->self_closed = p > from && p[-1] == '/';
	return p + 1;
}

static const char *read_name(struct html_reader *r, const char *p)
{
	size_t n = 0;
	while (p + n < r->end && !is_space(p[n]) && p[n] != '/' && p[n] != '>')
		n++;
	r->name[0] = '\0';
	for (size_t i = 0; n <= MAX_HTML_NAME && i < n; i++) {
		r->name[i] = lower(p[i]);
		r->name[i + 1] = '\0';
	}
	return p + n;
}

/* Past a comment or declaration at p; NULL: what is there is text, or the comment never ends. */
static const char *skip_declaration(struct html_reader *r, const char *p)
{
	size_t left = (size_t)(r->end - p);
	if (left >= 4 && memcmp(p, "<!--", 4) == 0) {
		if (left >= 5 && p[4] == '>')
			return p + 5;
		const char *close = r->no_comment ? NULL : memmem(p + 4, left - 4, "-->", 3);
		r->no_comment = !close;
		return close ? close + 3 : r->end;
	}
	if (left < 2 || (p[1] != '!' && p[1] != '?'))
		return NULL;
	const char *close = memchr(p, '>', left);
	r->no_tags = !close;
	return close ? close + 1 : NULL;
}

/* Past the content of an element that holds no tags; up to its end tag or the end. */
static const char *skip_raw(const struct html_reader *r, const char *p, const char *name)
{
	size_t len = strlen(name);
	for (; p < r->end; p++) {
		p = memchr(p, '<', (size_t)(r->end - p));
		if (!p)
			return r->end;
		if ((size_t)(r->end - p) >= len + 2 && p[1] == '/' &&
		    strncasecmp(p + 2, name, len) == 0)
			return p;
	}
	return r->end;
}

static bool is_raw(const char *name)
{
	return strcmp(name, "script") == 0 || strcmp(name, "style") == 0;
}

/* The tag at r->p, which is '<' and a letter or '/' and a letter. False: it never ends. */
static bool read_tag(struct html_reader *r, bool close)
{
	const char *p = tag_end(r, read_name(r, r->p + 1 + close));
	if (!p) {
		r->no_tags = true;
		return false;
	}
	r->p = !close && is_raw(r->name) && !r->self_closed ? skip_raw(r, p, r->name) : p;
	return true;
}

static bool begins_tag(const struct html_reader *r, const char *p)
{
	size_t left = (size_t)(r->end - p);
	return !r->no_tags && left >= 3 &&
	       (is_letter(p[1]) || (p[1] == '/' && is_letter(p[2])) || p[1] == '!' || p[1] == '?');
}

/* Text up to the next '<' that begins a tag. */
static enum html_token read_text(struct html_reader *r, const char *from, const char *p)
{
	while (p < r->end) {
		const char *tag = memchr(p, '<', (size_t)(r->end - p));
		p = tag ? tag : r->end;
		if (!tag || begins_tag(r, p))
			break;
		p++;
	}
	r->text = (struct slice){from, (size_t)(p - from)};
	r->p = p;
	return HTML_TEXT;
}

enum html_token html_next(struct html_reader *r)
{
	while (r->p < r->end) {
		if (*r->p != '<' || !begins_tag(r, r->p))
			return read_text(r, r->p, r->p);
		bool close = r->p[1] == '/';
		if (r->p[1] == '!' || r->p[1] == '?') {
			const char *p = skip_declaration(r, r->p);
			if (!p)
				return read_text(r, r->p, r->p + 1);
			r->p = p;
		} else if (read_tag(r, close)) {
			return close ? HTML_CLOSE : HTML_OPEN;
		} else {
			return read_text(r, r->p, r->p + 1);
		}
	}
	return HTML_END;
}
