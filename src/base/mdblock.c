/* mdblock.c -- the text of a Markdown document under construction, and character references.
 *
 * One buffer holds all text and one array all styles: a span says only where it ends, so that spans
 * cannot overlap or leave holes, and the style at a byte is found by halving. What is drawn but
 * stands nowhere in the source (the heading before a record's field, markers of items) is added
 * behind the text while it is drawn and truncated again.
 *
 * md4c hands over character references as they are written and knows no names. HTML has 2231; the
 * table has those that a person would type. */
#include "base/mdblock.h"

#include <stdlib.h>
#include <string.h>

void mdb_clear(struct mdb_doc *doc)
{
	arena_clear(&doc->arena);
	str_clear(&doc->text);
	free(doc->spans);
	free(doc->leaves);
	free(doc->cells);
	free(doc->links);
	*doc = (struct mdb_doc){0};
}

void mdb_style(struct mdb_doc *doc, unsigned style)
{
	size_t end = doc->text.len;
	size_t start = doc->nspans ? doc->spans[doc->nspans - 1].end : 0;

	if (start == end)
		return;
	if (doc->nspans && doc->spans[doc->nspans - 1].style == style) {
		doc->spans[doc->nspans - 1].end = end;
		return;
	}
	doc->spans = array_grow(doc->spans, &doc->cap_spans, doc->nspans + 1, sizeof(*doc->spans));
	doc->spans[doc->nspans++] = (struct mdb_span){end, style};
}

void mdb_add(struct mdb_doc *doc, const char *text, size_t n, unsigned style)
{
	str_addn(&doc->text, text, n);
	mdb_style(doc, style);
}

size_t mdb_span_at(const struct mdb_doc *doc, size_t at)
{
	size_t low = 0;
	size_t high = doc->nspans;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (doc->spans[mid].end <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void mdb_add_range(struct mdb_doc *doc, struct mdb_range r, unsigned style)
{
	struct str copy = {0};

	if (r.from < r.to)
		str_addn(&copy, doc->text.p + r.from, r.to - r.from);
	for (size_t i = mdb_span_at(doc, r.from), at = r.from; at < r.to; i++) {
		size_t end = doc->spans[i].end < r.to ? doc->spans[i].end : r.to;
		mdb_add(doc, copy.p + (at - r.from), end - at, doc->spans[i].style | style);
		at = end;
	}
	str_clear(&copy);
}

void mdb_truncate(struct mdb_doc *doc, size_t len)
{
	str_truncate(&doc->text, len);
	while (doc->nspans > 1 && doc->spans[doc->nspans - 2].end >= len)
		doc->nspans--;
	if (doc->nspans && doc->spans[doc->nspans - 1].end > len)
		doc->spans[doc->nspans - 1].end = len;
}

/* Sorted by name. */
static const struct entity {
	const char *name;
	uint32_t cp;
} entities[] = {
	{"Delta", 0x394},   {"Omega", 0x3A9},  {"Sigma", 0x3A3},  {"alpha", 0x3B1},
	{"amp", '&'},       {"apos", '\''},    {"asymp", 0x2248}, {"ast", '*'},
	{"beta", 0x3B2},    {"brvbar", 0xA6},  {"bull", 0x2022},  {"cent", 0xA2},
	{"check", 0x2713},  {"colon", ':'},    {"commat", '@'},   {"copy", 0xA9},
	{"cross", 0x2717},  {"darr", 0x2193},  {"deg", 0xB0},     {"delta", 0x3B4},
	{"divide", 0xF7},   {"dollar", '$'},   {"emsp", 0x2003},  {"ensp", 0x2002},
	{"epsilon", 0x3B5}, {"equiv", 0x2261}, {"euro", 0x20AC},  {"frac12", 0xBD},
	{"frac14", 0xBC},   {"frac34", 0xBE},  {"gamma", 0x3B3},  {"ge", 0x2265},
	{"grave", '`'},     {"gt", '>'},       {"hArr", 0x21D4},  {"harr", 0x2194},
	{"hellip", 0x2026}, {"iexcl", 0xA1},   {"infin", 0x221E}, {"iquest", 0xBF},
	{"lArr", 0x21D0},   {"lambda", 0x3BB}, {"laquo", 0xAB},   {"larr", 0x2190},
	{"lbrace", '{'},    {"lbrack", '['},   {"ldquo", 0x201C}, {"le", 0x2264},
	{"lowbar", '_'},    {"lpar", '('},     {"lsquo", 0x2018}, {"lt", '<'},
	{"mdash", 0x2014},  {"micro", 0xB5},   {"middot", 0xB7},  {"minus", 0x2212},
	{"mu", 0x3BC},      {"nbsp", 0xA0},    {"ndash", 0x2013}, {"ne", 0x2260},
	{"not", 0xAC},      {"num", '#'},      {"para", 0xB6},    {"percnt", '%'},
	{"pi", 0x3C0},      {"plusmn", 0xB1},  {"pound", 0xA3},   {"prod", 0x220F},
	{"quot", '"'},      {"rArr", 0x21D2},  {"radic", 0x221A}, {"raquo", 0xBB},
	{"rarr", 0x2192},   {"rbrace", '}'},   {"rbrack", ']'},   {"rdquo", 0x201D},
	{"reg", 0xAE},      {"rpar", ')'},     {"rsquo", 0x2019}, {"sect", 0xA7},
	{"semi", ';'},      {"shy", 0xAD},     {"sigma", 0x3C3},  {"sum", 0x2211},
	{"sup2", 0xB2},     {"sup3", 0xB3},    {"szlig", 0xDF},   {"tau", 0x3C4},
	{"thinsp", 0x2009}, {"tilde", 0x2DC},  {"times", 0xD7},   {"trade", 0x2122},
	{"uarr", 0x2191},   {"verbar", '|'},   {"yen", 0xA5},
};

static int compare_entity(const void *key, const void *row)
{
	const struct slice *name = key;
	const struct entity *e = row;
	int order = strncmp(name->p, e->name, name->len);

	return order ? order : -(int)(unsigned char)e->name[name->len];
}

uint32_t mdb_entity(const char *p, size_t n)
{
	struct slice name = {p + 1, n - 2};

	if (name.len && name.p[0] == '#') {
		bool hex = name.len > 1 && (name.p[1] | 32) == 'x';
		unsigned long v = strtoul(name.p + (hex ? 2 : 1), NULL, hex ? 16 : 10);
		bool bad = !v || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000);
		return bad ? 0xFFFD : v == '\t' || v == '\n' || v == '\r' ? ' ' : (uint32_t)v;
	}
	if (memchr(name.p, '\0', name.len))
		return 0;
	const struct entity *e =
		bsearch(&name, entities, ARRAY_LEN(entities), sizeof(*entities), compare_entity);
	return e ? e->cp : 0;
}
