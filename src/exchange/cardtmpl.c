/* cardtmpl.c -- see cardtmpl.h. The answer of most templates repeats the question, as {{FrontSide}}
 * or field by field, then draws <hr id=answer>; on a card of ours the question stands above anyway,
 * so the answer is what comes after. */
#include "exchange/cardtmpl.h"

#include <string.h>
#include <strings.h>

struct reader {
	struct arena *a;
	const char *const *fields;
	size_t field_count;
	struct tmpl *tmpl;
	struct tmpl_piece *pieces; /* one for each "{{" and the text before it */
	size_t count;
};

static struct slice trim(struct slice s)
{
	while (s.len && strchr(" \t\r\n", s.p[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t\r\n", *s.p)) {
		s.p++;
		s.len--;
	}
	return s;
}

static long field_named(const struct reader *r, struct slice name)
{
	for (size_t i = 0; i < r->field_count; i++)
		if (slice_is(name, r->fields[i]))
			return (long)i;
	return -1;
}

static void add_piece(struct reader *r, enum tmpl_op op, struct slice text, size_t field)
{
	r->pieces[r->count++] = (struct tmpl_piece){op, text, field};
}

/* Cut off "filter:" and say whether it was this one. */
static bool take_filter(struct slice *tag, const char *filter)
{
	size_t n = strlen(filter);
	if (tag->len <= n || strncasecmp(tag->p, filter, n) != 0)
		return false;
	*tag = trim((struct slice){tag->p + n, tag->len - n});
	return true;
}

/* What stands between "{{" and "}}". */
static void add_tag(struct reader *r, struct slice tag)
{
	static const struct {
		char sign;
		enum tmpl_op op;
	} sections[] = {{'#', TMPL_IF}, {'^', TMPL_UNLESS}, {'/', TMPL_END}};
	enum tmpl_op op = TMPL_FIELD;
	bool typed = false;
	tag = trim(tag);
	for (size_t i = 0; tag.len && i < ARRAY_LEN(sections); i++)
		if (*tag.p == sections[i].sign) {
			tag = trim((struct slice){tag.p + 1, tag.len - 1});
			long field = field_named(r, tag);
			add_piece(r, sections[i].op, tag,
				  field < 0 ? r->field_count : (size_t)field);
			return;
		}
	if (slice_is(tag, "FrontSide")) {
		add_piece(r, TMPL_FRONT, tag, 0);
		return;
	}
	for (const char *colon; (colon = memchr(tag.p, ':', tag.len)) && field_named(r, tag) < 0;) {
		if (take_filter(&tag, "cloze:"))
			op = TMPL_CLOZE;
		else if (take_filter(&tag, "type:"))
			typed = true;
		else
			tag = trim(
				(struct slice){colon + 1, tag.len - (size_t)(colon + 1 - tag.p)});
	}
	long field = field_named(r, tag);
	if (field < 0)
		return;
	r->tmpl->cloze |= op == TMPL_CLOZE;
	if (typed && op != TMPL_CLOZE) {
		op = TMPL_TYPE;
		r->tmpl->typed = field;
	}
	add_piece(r, op, tag, (size_t)field);
}

static void read_side(struct reader *r, const char *html, struct tmpl_side *out)
{
	size_t n = strnlen(html, MAX_TEMPLATE), tags = 0;
	const char *p = html, *end = html + n;
	for (const char *q = html; (q = memmem(q, (size_t)(end - q), "{{", 2)); q += 2)
		tags++;
	r->pieces = arena_alloc(r->a, (2 * tags + 1) * sizeof(*r->pieces));
	r->count = 0;
	while (p < end) {
		const char *open = memmem(p, (size_t)(end - p), "{{", 2);
		const char *close =
			open ? memmem(open + 2, (size_t)(end - open - 2), "}}", 2) : NULL;
		const char *stop = close ? open : end;
		if (stop > p)
			add_piece(r, TMPL_TEXT, (struct slice){p, (size_t)(stop - p)}, 0);
		if (!close)
			break;
		add_tag(r, (struct slice){open + 2, (size_t)(close - open - 2)});
		p = close + 2;
	}
	*out = (struct tmpl_side){r->pieces, r->count};
}

/* Past "<hr id=answer>" in a text, quoted or not; NULL: there is none. */
static const char *after_rule(struct slice text)
{
	const char *p = text.p, *end = p + text.len;
	while (p < end && (p = memchr(p, '<', (size_t)(end - p)))) {
		size_t n = (size_t)(end - p);
		const char *close = memchr(p, '>', n);
		if (!close)
			return NULL;
		if (n > 3 && strncasecmp(p, "<hr", 3) == 0 &&
		    memmem(p, (size_t)(close - p), "answer", 6))
			return close + 1;
		p = close + 1;
	}
	return NULL;
}

/* Leave out what repeats the question. */
static void cut_question(struct tmpl_side *side)
{
	for (size_t i = side->count; i-- > 0;) {
		struct tmpl_piece *p = &side->pieces[i];
		const char *after = p->op == TMPL_TEXT ? after_rule(p->text) : NULL;
		if (!after && p->op != TMPL_FRONT)
			continue;
		if (after) {
			p->text.len -= (size_t)(after - p->text.p);
			p->text.p = after;
		}
		side->pieces += i;
		side->count -= i;
		return;
	}
}

void tmpl_read(struct tmpl *out, struct arena *a, const char *question, const char *answer,
	       const char *const *fields, size_t field_count)
{
	struct reader r = {.a = a, .fields = fields, .field_count = field_count, .tmpl = out};
	*out = (struct tmpl){.typed = -1};
	read_side(&r, question, &out->question);
	read_side(&r, answer, &out->answer);
	cut_question(&out->answer);
}

static bool is_blank(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", s.p[i]))
			return false;
	return true;
}

void tmpl_fill(struct str *out, const struct tmpl_side *side, const struct slice *fields,
	       size_t field_count, bool clozes)
{
	int hidden = 0, depth = 0;
	bool shut[MAX_TEMPLATE_DEPTH] = {false};
	for (size_t i = 0; i < side->count; i++) {
		const struct tmpl_piece *p = &side->pieces[i];
		struct slice field =
			p->field < field_count ? fields[p->field] : (struct slice){"", 0};
		if (p->op == TMPL_IF || p->op == TMPL_UNLESS) {
			bool off = is_blank(field) == (p->op == TMPL_IF);
			if (depth < MAX_TEMPLATE_DEPTH)
				shut[depth] = off;
			hidden += off && depth < MAX_TEMPLATE_DEPTH;
			depth++;
		} else if (p->op == TMPL_END && depth) {
			depth--;
			hidden -= depth < MAX_TEMPLATE_DEPTH && shut[depth];
		} else if (hidden) {
			continue;
		} else if (p->op == TMPL_TEXT) {
			str_addn(out, p->text.p, p->text.len);
		} else if (p->op == TMPL_FIELD || (p->op == TMPL_CLOZE && clozes)) {
			str_addn(out, field.p, field.len);
		}
	}
}
