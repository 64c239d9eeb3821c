/* javareplace.c -- String.replaceAll, replaceFirst and split, see javaregex.h: java.util.regex's
 * Matcher.appendReplacement and Pattern.split, step by step. After an empty match the search goes
 * on one character later. Work is summed up over all matches of a text. */
#include "gateway/javaregex.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Matches in a text, one after the other. */
struct matches {
	struct regex *re;
	struct slice text;
	size_t from, to; /* the last one */
	size_t next;     /* where to go on; > text.len: nowhere */
	size_t work;
};

static enum regex_result next_match(struct matches *m)
{
	if (m->next > m->text.len)
		return REGEX_NO;
	enum regex_result r = regex_find(m->re, m->text.p, m->text.len, m->next);
	m->work += regex_work(m->re);
	if (r == REGEX_LIMIT || m->work > MAX_JAVAREGEX_WORK)
		return REGEX_LIMIT;
	if (r == REGEX_NO)
		return r;
	uint32_t cp;
	regex_group(m->re, 0, &m->from, &m->to);
	m->next = m->to;
	if (m->from == m->to && m->to == m->text.len) {
		m->next++;
	} else if (m->from == m->to) {
		int used = utf8_decode(m->text.p + m->to, m->text.len - m->to, &cp);
		m->next += used > 0 ? (size_t)used : 1;
	}
	return REGEX_YES;
}

/* A text to search in is UTF-8, and \K, which could turn a match around, is no Java. */
static struct matches begin(struct regex *re, struct slice text)
{
	return (struct matches){.re = re, .text = {text.p ? text.p : "", text.len}};
}

static void add_group(const struct matches *m, size_t i, struct str *out)
{
	size_t from, to;
	if (regex_group(m->re, i, &from, &to))
		str_addn(out, m->text.p + from, to - from);
}

static bool fail(const char **error, const char *why)
{
	*error = why;
	return false;
}

/* ${name}: from behind the brace on. Returns the bytes used, 0: malformed. */
static size_t add_named(const struct matches *m, struct slice with, struct str *out,
			const char **error)
{
	char name[64];
	const char *close = memchr(with.p, '}', with.len);
	size_t n = close ? (size_t)(close - with.p) : 0;
	if (!n || n >= sizeof(name)) {
		fail(error, "the replacement holds a malformed ${name}");
		return 0;
	}
	memcpy(name, with.p, n);
	name[n] = '\0';
	int group = regex_group_number(m->re, name);
	if (group < 0) {
		fail(error, "the replacement names a group that is not there");
		return 0;
	}
	add_group(m, (size_t)group, out);
	return n + 1;
}

/* $12: as many digits as make a group that is there. Returns the bytes used, 0: malformed. */
static size_t add_numbered(const struct matches *m, struct slice with, struct str *out,
			   const char **error)
{
	size_t i = 0, group = 0;
	for (; i < with.len && with.p[i] >= '0' && with.p[i] <= '9'; i++) {
		size_t more = group * 10 + (size_t)(with.p[i] - '0');
		if (i && more > regex_groups(m->re))
			break;
		group = more;
	}
	if (!i || group > regex_groups(m->re)) {
		fail(error, "the replacement refers to a group that is not there");
		return 0;
	}
	add_group(m, group, out);
	return i;
}

static bool add_replacement(const struct matches *m, struct slice with, struct str *out,
			    const char **error)
{
	for (size_t i = 0; i < with.len;) {
		char c = with.p[i++];
		if (c != '\\' && c != '$') {
			str_addc(out, c);
			continue;
		}
		if (i == with.len)
			return fail(error, "the replacement ends in an escape or a \"$\"");
		if (c == '\\') {
			str_addc(out, with.p[i++]);
			continue;
		}
		bool named = with.p[i] == '{';
		i += named ? 1 : 0;
		struct slice rest = {with.p + i, with.len - i};
		size_t used =
			named ? add_named(m, rest, out, error) : add_numbered(m, rest, out, error);
		if (!used)
			return false;
		i += used;
		if (out->len > MAX_JAVAREGEX_OUTPUT)
			return fail(error, "replacing gives too long a text");
	}
	return true;
}

static bool replace(struct matches *m, struct slice with, bool all, struct str *out,
		    const char **error)
{
	size_t start = out->len, copied = 0;
	enum regex_result r;
	while ((r = next_match(m)) == REGEX_YES) {
		str_addn(out, m->text.p + copied, m->from - copied);
		copied = m->to;
		if (!add_replacement(m, with, out, error))
			return false;
		if (out->len - start > MAX_JAVAREGEX_OUTPUT)
			return fail(error, "replacing gives too long a text");
		if (!all)
			break;
	}
	if (r == REGEX_LIMIT)
		return fail(error, "the pattern takes too long");
	str_addn(out, m->text.p + copied, m->text.len - copied);
	return true;
}

bool javaregex_replace(struct regex *re, struct slice text, struct slice with, bool all,
		       struct str *out, const char **error)
{
	struct matches m = begin(re, text);
	size_t start = out->len;
	if (utf8_invalid_at(m.text.p, text.len) < text.len)
		return fail(error, "the text is not UTF-8");
	if (replace(&m, with, all, out, error))
		return true;
	str_truncate(out, start);
	return false;
}

/* Pieces, grown in the heap and then copied. */
struct pieces {
	struct slice *items;
	size_t count, cap;
};

static void add_piece(struct pieces *p, struct slice text, size_t from, size_t to)
{
	p->items = array_grow(p->items, &p->cap, p->count + 1, sizeof(*p->items));
	p->items[p->count++] = (struct slice){text.p + from, to - from};
}

static enum regex_result split(struct matches *m, int limit, struct pieces *p)
{
	size_t index = 0;
	enum regex_result r = REGEX_NO;
	while ((limit <= 0 || p->count + 1 < (size_t)limit) && (r = next_match(m)) == REGEX_YES) {
		if (m->to == 0)
			continue; /* an empty match in front makes no piece */
		add_piece(p, m->text, index, m->from);
		index = m->to;
	}
	add_piece(p, m->text, index, m->text.len);
	while (limit == 0 && index && p->count && !p->items[p->count - 1].len)
		p->count--;
	return r;
}

struct slice *javaregex_split(struct arena *a, struct regex *re, struct slice text, int limit,
			      size_t *count)
{
	struct matches m = begin(re, text);
	struct pieces p = {0};
	struct slice *items = NULL;
	*count = 0;
	if (utf8_invalid_at(m.text.p, text.len) == text.len &&
	    split(&m, limit, &p) != REGEX_LIMIT) {
		items = arena_alloc(a, (p.count + 1) * sizeof(*items));
		memcpy(items, p.items, p.count * sizeof(*items));
		*count = p.count;
	}
	free(p.items);
	return items;
}
