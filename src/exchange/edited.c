/* edited.c -- a note of ours that was edited in Anki: what is seen now goes into the card.
 *
 * The note is made again from the card it carries, and field by field compared with what came; only
 * what differs is read. What our writer made has a shape that can be read back (a list of options,
 * a table, "left -> right"); where somebody changed the shape itself, the card becomes a basic one
 * with the text as it is seen, since that is what people have learned by. */
#include "exchange/notein.h"

#include "base/markdown.h"
#include "exchange/htmltag.h"

#include <string.h>
#include <strings.h>

#define MAX_PARTS 1400 /* of a list or a table: MAX_ROWS + 1 times MAX_CELLS + 1, and some */

struct edit {
	struct arena *a;
	struct node *card;
	const struct card *was;
	struct html_report *report;
	bool reshaped;       /* it has to become a basic card */
	const char *problem; /* a sentence */
};

static const char *md_of(struct edit *e, struct slice html)
{
	struct str md = {0};
	html_to_md(&md, html.p, html.len, e->report);
	const char *out = arena_strndup(e->a, str_c(&md), md.len);
	str_clear(&md);
	return out;
}

/* On one line. */
static const char *line_of(struct edit *e, struct slice html)
{
	return draft_line(e->a, md_of(e, html));
}

static const char *words_of(struct edit *e, struct slice html)
{
	struct str words = {0};
	md_words(&words, md_of(e, html));
	const char *out = arena_strndup(e->a, str_c(&words), words.len);
	str_clear(&words);
	return out;
}

static void set(struct edit *e, const char *key, const char *text)
{
	draft_text(e->a, e->card, key, text);
}

static bool changed(struct slice now, struct slice was)
{
	return note_seen(&now, 1) != note_seen(&was, 1);
}

static const char *find(struct slice s, const char *text)
{
	return s.len ? memmem(s.p, s.len, text, strlen(text)) : NULL;
}

static struct slice before(struct slice s, const char *end)
{
	return (struct slice){s.p, end ? (size_t)(end - s.p) : s.len};
}

static struct slice from(struct slice s, const char *begin)
{
	return begin ? (struct slice){begin, (size_t)(s.p + s.len - begin)}
		     : (struct slice){s.p + s.len, 0};
}

/* -- pieces of HTML ---------------------------------------------------------------------------- */

/* The content of the elements of these names, as they come; elements within one of them are its. */
static size_t elements(struct slice html, const char *name, const char *other, struct slice *out,
		       size_t max)
{
	struct html_reader r;
	enum html_token t;
	size_t n = 0, depth = 0;
	const char *begin = NULL;
	html_read_init(&r, html.p, html.len);
	while ((t = html_next(&r)) != HTML_END) {
		const char *at = r.p;
		if (t == HTML_TEXT || (strcmp(r.name, name) != 0 && strcmp(r.name, other) != 0))
			continue;
		if (t == HTML_OPEN && depth++ == 0) {
			begin = at;
		} else if (t == HTML_CLOSE && depth && --depth == 0 && n < max) {
			const char *end = at;
			while (end > begin && *end != '<')
				end--;
			out[n++] = (struct slice){begin, (size_t)(end - begin)};
		}
	}
	return n;
}

/* The last place where one of the lists we write begins. */
static const char *last_list(struct slice html)
{
	const char *last = NULL;
	for (const char *p = html.p; p < html.p + html.len; p++)
		if (strncasecmp(p, "<ol", 3) == 0 || strncasecmp(p, "<ul", 3) == 0)
			last = p;
	return last;
}

/* -- questions --------------------------------------------------------------------------------- */

/* The question above the lists, without "Choose 2." */
static void set_question(struct edit *e, struct slice html)
{
	const char *choose = find(html, "<p>Choose ");
	const char *question = md_of(e, before(html, choose));
	set(e, "question", question);
}

/* The options: their texts, in order; right and why stay with their place. */
static void edit_options(struct edit *e, struct slice list)
{
	struct slice items[MAX_OPTIONS + 1];
	size_t n = elements(list, "li", "li", items, ARRAY_LEN(items));
	const struct node *options = node_get(e->card, "options");
	if (!options || n != options->count) {
		e->reshaped = true;
		e->problem = "its options are not those it had, so it is a basic card now";
		return;
	}
	struct node *o = options->child;
	for (size_t i = 0; i < n; i++, o = o->next)
		draft_text(e->a, o, "text", md_of(e, items[i]));
}

static void edit_choice(struct edit *e, struct slice front)
{
	const char *list = last_list(front);
	if (!list) {
		e->reshaped = true;
		e->problem = "it has no list of options any more, so it is a basic card now";
		return;
	}
	set_question(e, before(front, list));
	edit_options(e, from(front, list));
}

/* Matching and ordering: only the question can be told from the front. */
static void edit_question(struct edit *e, struct slice front, int lists)
{
	struct slice rest = front;
	const char *list = NULL;
	for (int i = 0; i < lists; i++) {
		list = last_list(rest);
		rest = before(rest, list);
		if (!list)
			break;
	}
	set(e, "question", md_of(e, rest));
}

static const char *without(const char *md, const char *lead)
{
	if (!str_starts(md, lead))
		return md;
	md += strlen(lead);
	return md + strspn(md, "\n ");
}

static void edit_title(struct edit *e, struct slice front)
{
	const char *table = find(front, "<table");
	set(e, "title", words_of(e, before(front, table)));
}

static void edit_front(struct edit *e, struct slice front)
{
	const char *hint = find(front, "<details class=\"gd-hint\">");
	struct slice text = before(front, hint);
	if (hint) {
		const char *summary = find(from(front, hint), "</summary>");
		if (summary)
			set(e, "hint", md_of(e, from(front, summary)));
	}
	switch (e->was->kind) {
	case CARD_BASIC:
	case CARD_REVERSED:
		set(e, "front", md_of(e, text));
		break;
	case CARD_CLOZE:
		set(e, "text", md_of(e, text));
		break;
	case CARD_TRUEFALSE:
		set(e, "statement", without(md_of(e, text), "True or false?"));
		break;
	case CARD_CHOICE:
		edit_choice(e, text);
		break;
	case CARD_MATCHING:
		edit_question(e, text, 2);
		break;
	case CARD_ORDERING:
		edit_question(e, text, 1);
		break;
	case CARD_TYPED:
		set(e, "question", md_of(e, text));
		break;
	case CARD_TABLE:
		edit_title(e, text);
		break;
	case CARD_KIND_COUNT:
		break;
	}
}

/* -- answers ----------------------------------------------------------------------------------- */

static void reshape(struct edit *e, const char *problem)
{
	e->reshaped = true;
	e->problem = problem;
}

static void edit_truth(struct edit *e, struct slice back)
{
	const char *word = words_of(e, back);
	if (strcasecmp(word, "true") == 0 || strcasecmp(word, "false") == 0)
		set(e, "answer", strcasecmp(word, "true") == 0 ? "true" : "false");
	else
		reshape(e, "its answer is not True or False, so it is a basic card now");
}

/* The right ones by letter: "<strong>B.</strong>". */
static void edit_rights(struct edit *e, struct slice back)
{
	bool right[MAX_OPTIONS] = {false};
	size_t count = 0;
	const struct node *options = node_get(e->card, "options");
	for (const char *p = back.p, *end = p + back.len;
	     (p = memmem(p, (size_t)(end - p), "<strong>", 8)); p += 8) {
		size_t i = p + 10 < end && p[9] == '.' ? (size_t)(p[8] - 'A') : MAX_OPTIONS;
		if (i < MAX_OPTIONS && options && i < options->count && !right[i])
			count += right[i] = true;
	}
	if (!count) {
		reshape(e, "its answer names no option by letter, so it is a basic card now");
		return;
	}
	struct node *o = options->child;
	for (size_t i = 0; o; o = o->next, i++)
		draft_text(e->a, o, "right", right[i] ? "true" : "false");
	draft_text(e->a, e->card, "choose", arena_printf(e->a, "%zu", count));
}

static void edit_pairs(struct edit *e, struct slice back)
{
	struct slice items[MAX_OPTIONS + 1];
	size_t n = elements(back, "li", "li", items, ARRAY_LEN(items));
	struct node *pairs = node_new(e->a, NODE_LIST);
	for (size_t i = 0; i < n; i++) {
		const char *arrow = find(items[i], "\xE2\x86\x92"); /* U+2192 */
		struct node *pair = draft_map(e->a, NULL);
		if (!arrow)
			break;
		draft_text(e->a, pair, "left", line_of(e, before(items[i], arrow)));
		draft_text(e->a, pair, "right", line_of(e, from(items[i], arrow + 3)));
		node_append(pairs, pair);
	}
	if (n < 2 || pairs->count != n)
		reshape(e, "its answer is no list of pairs any more, so it is a basic card now");
	else
		node_set(e->a, e->card, "pairs", pairs);
}

static void edit_items(struct edit *e, struct slice back)
{
	struct slice found[MAX_OPTIONS + 1];
	size_t n = elements(back, "li", "li", found, ARRAY_LEN(found));
	struct node *items = node_new(e->a, NODE_LIST);
	for (size_t i = 0; i < n; i++)
		draft_item(e->a, items, line_of(e, found[i]));
	if (n < 2)
		reshape(e, "its answer is no list any more, so it is a basic card now");
	else
		node_set(e->a, e->card, "items", items);
}

static void edit_typed(struct edit *e, struct slice back)
{
	struct node *accept = node_new(e->a, NODE_LIST);
	draft_item(e->a, accept, draft_pattern(e->a, words_of(e, back)));
	set(e, "show", line_of(e, back));
	node_set(e->a, e->card, "accept", accept);
}

/* Heading and cells of the row, as far as there are texts. */
static void edit_row(struct edit *e, struct node *row, const struct slice *cells)
{
	for (size_t i = 0; row; row = row->next, i++) {
		const char *text = line_of(e, cells[i]);
		if (!*text)
			continue;
		row->text = text;
		row->len = strlen(text);
	}
}

static void edit_table(struct edit *e, struct slice back)
{
	const struct node *rows = node_get(e->card, "rows"),
			  *columns = node_get(e->card, "columns");
	struct slice *cells = arena_alloc(e->a, MAX_PARTS * sizeof(*cells));
	size_t n = elements(back, "td", "th", cells, MAX_PARTS);
	size_t width = columns ? columns->count + 1 : 0;
	if (!rows || !columns || n != width * (rows->count + 1)) {
		reshape(e, "its table has other rows or columns now, so it is a basic card");
		return;
	}
	edit_row(e, columns->child, cells + 1);
	size_t at = width;
	for (const struct node *row = rows->child; row; row = row->next, at += width)
		edit_row(e, row->child, cells + at);
}

static void edit_back(struct edit *e, struct slice back)
{
	switch (e->was->kind) {
	case CARD_BASIC:
	case CARD_REVERSED:
		set(e, "back", md_of(e, back));
		break;
	case CARD_TRUEFALSE:
		edit_truth(e, back);
		break;
	case CARD_CHOICE:
		edit_rights(e, back);
		break;
	case CARD_MATCHING:
		edit_pairs(e, back);
		break;
	case CARD_ORDERING:
		edit_items(e, back);
		break;
	case CARD_TYPED:
		edit_typed(e, back);
		break;
	case CARD_TABLE:
		edit_table(e, back);
		break;
	case CARD_CLOZE:
	case CARD_KIND_COUNT:
		break;
	}
}

/* -- below the answer -------------------------------------------------------------------------- */

/* The reasons of the options, in order. */
static void edit_reasons(struct edit *e, struct slice list)
{
	struct slice items[MAX_OPTIONS + 1];
	size_t n = elements(list, "li", "li", items, ARRAY_LEN(items));
	const struct node *options = node_get(e->card, "options");
	if (!options || n != options->count)
		return;
	struct node *o = options->child;
	for (size_t i = 0; i < n; i++, o = o->next)
		draft_text(e->a, o, "why",
			   without(without(md_of(e, items[i]), "**Right.**"), "Wrong."));
}

/* The block of this class, up to the next block of ours. */
static struct slice block(struct slice extra, const char *begin)
{
	const char *p = find(extra, begin);
	if (!p)
		return (struct slice){extra.p, 0};
	struct slice rest = from(extra, p + strlen(begin));
	const char *div = find(rest, "<div class=\"gd-"),
		   *list = find(rest, "<ol type=\"A\" class=\"gd-");
	return before(rest, div && (!list || div < list) ? div : list);
}

static void edit_extra(struct edit *e, struct slice extra)
{
	static const char reasons[] = "<ol type=\"A\" class=\"gd-reasons\">";
	static const char why[] = "<div class=\"gd-why\">", lore[] = "<div class=\"gd-lore\">";
	const char *list = find(extra, reasons), *first = find(extra, "<div class=\"gd-");
	if (list && e->was->kind == CARD_CHOICE)
		edit_reasons(
			e, before(from(extra, list), find(from(extra, list), "<div class=\"gd-")));
	set(e, "why", md_of(e, block(extra, why)));
	set(e, "lore", md_of(e, block(extra, lore)));
	if (!list && !first)
		set(e, "why", md_of(e, extra));
}

/* -- the note ---------------------------------------------------------------------------------- */

struct faces {
	struct slice front, back, extra;
};

/* Where the extra begins in the back of a stock note. */
static const char *extra_at(struct slice back)
{
	static const char *const begins[] = {"<hr><div class=\"gd-",
					     "<hr><ol type=\"A\" class=\"gd-",
					     "<details class=\"gd-more\">"};
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		const char *p = find(back, begins[i]);
		if (p)
			return p;
	}
	return NULL;
}

static struct faces faces_of(const struct slice *fields, size_t n, bool cloze)
{
	const struct slice none = {"", 0};
	struct faces f = {n > 0 ? fields[0] : none, none, none};
	bool own = n > (cloze ? 2 : 3);
	if (cloze) {
		f.extra = n > 1 ? fields[1] : none;
	} else if (own) {
		f.back = fields[1];
		f.extra = fields[2];
	} else if (n > 1) {
		const char *at = extra_at(fields[1]);
		f.back = before(fields[1], at);
		f.extra = from(fields[1], at);
		const char *summary = find(f.extra, "</summary>");
		if (summary)
			f.extra = from(f.extra, summary + strlen("</summary>"));
		else if (at && str_starts(at, "<hr>"))
			f.extra = from(f.extra, at + strlen("<hr>"));
	}
	return f;
}

/* Front and back as they are seen, in place of what the card was. */
static void make_basic(struct edit *e, const struct faces *f)
{
	struct node *card = draft_map(e->a, "basic");
	static const char *const kept[] = {"id",    "tags",   "exam", "source",
					   "proof", "claims", "was"};
	const char *extra = md_of(e, f->extra);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		const struct node *n = node_get(e->card, kept[i]);
		if (n)
			node_set(e->a, card, kept[i], draft_copy(e->a, n));
	}
	const char *hint = find(f->front, "<details class=\"gd-hint\">");
	draft_text(e->a, card, "front", md_of(e, before(f->front, hint)));
	draft_text(e->a, card, "back", md_of(e, f->back));
	draft_text(e->a, card, "why", extra);
	*e->card = *card;
}

const char *note_edited(struct arena *a, const struct note_in *n, const struct note_data *data,
			struct node *card, struct html_report *report)
{
	struct deck deck;
	struct node *copy = draft_copy(a, data->card);
	if (!deck_from_node(&deck, NULL, copy, NULL))
		return NULL;
	struct edit e = {.a = a, .card = card, .was = &deck.cards[0], .report = report};
	bool cloze = e.was->kind == CARD_CLOZE;
	struct note_options o = {.own = n->field_count > (cloze ? 2 : 3), .path = ""};
	struct note *notes;
	card_notes(a, &deck, e.was, &o, &notes);
	struct faces was = faces_of(notes[0].fields, notes[0].field_count, cloze);
	struct faces now = faces_of(n->fields, n->field_count, cloze);
	if (changed(now.front, was.front))
		edit_front(&e, now.front);
	if (changed(now.back, was.back))
		edit_back(&e, now.back);
	if (changed(now.extra, was.extra))
		edit_extra(&e, now.extra);
	if (e.reshaped)
		make_basic(&e, &now);
	deck_clear(&deck);
	return e.problem;
}
