/* mdout.c -- cards as Markdown text; the form is described in mdcards.h. */
#include "base/clock.h"
#include "base/json.h"
#include "deck/keys.h"
#include "exchange/mdcards.h"
#include "exchange/shown.h"
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>

const char *const md_section_marks[MD_SECTION_COUNT] = {
	[MD_FRONT] = "**Front:**", [MD_BACK] = "**Back:**", [MD_HINT] = "**Hint:**",
	[MD_WHY] = "**Why:**",     [MD_LORE] = "**Lore:**", [MD_SOURCES] = "**Sources:**",
};

#define BIT(id) (UINT64_C(1) << (id))
#define NOTES (BIT(K_HINT) | BIT(K_WHY) | BIT(K_LORE))
/* Keys that stand as text. */
static const uint64_t as_text[CARD_KIND_COUNT] = {
	[CARD_BASIC] = NOTES | BIT(K_FRONT) | BIT(K_BACK),
	[CARD_REVERSED] = NOTES | BIT(K_FRONT) | BIT(K_BACK),
	[CARD_CLOZE] = NOTES | BIT(K_TEXT),
	[CARD_TABLE] = NOTES,
	[CARD_TRUEFALSE] = NOTES | BIT(K_STATEMENT),
	[CARD_CHOICE] = NOTES,
	[CARD_MATCHING] = NOTES,
	[CARD_ORDERING] = NOTES,
	[CARD_TYPED] = NOTES | BIT(K_QUESTION) | BIT(K_SHOW),
};

struct md {
	struct sink sink;
	struct str json;
};

static bool md_open(struct export *x, struct diags *d)
{
	struct md *m = xcalloc(1, sizeof(*m));
	x->format = m;
	return sink_open(&m->sink, x->o.path, d);
}

/* Would this line be taken for a mark? Lines that were kept from it before count too. */
static bool is_mark(const char *line, size_t n)
{
	while (n && *line == '\\') {
		line++;
		n--;
	}
	while (n && strchr(" \t\r", line[n - 1]))
		n--;
	for (size_t i = 0; i < MD_SECTION_COUNT; i++)
		if (slice_is((struct slice){line, n}, md_section_marks[i]))
			return true;
	return (n >= 3 && !memcmp(line, "## ", 3)) || (n >= 2 && !memcmp(line, "# ", 2)) ||
	       (n >= 14 && !memcmp(line, "<!-- gatedrill", 14));
}

static void add_section(struct str *out, enum md_section section, const char *text)
{
	if (!text)
		return;
	str_addf(out, "\n%s\n\n", md_section_marks[section]);
	text += strspn(text, "\n");
	size_t left = strlen(text);
	while (left && strchr(" \t\r\n", text[left - 1]))
		left--;
	while (left) {
		const char *end = memchr(text, '\n', left);
		size_t n = end ? (size_t)(end - text) : left;
		str_add(out, is_mark(text, n) ? "\\" : "");
		str_addn(out, text, n);
		str_addc(out, '\n');
		n += end != NULL;
		text += n;
		left -= n;
	}
}

static void add_sources(struct str *out, const struct card *c)
{
	struct arena a = {0};
	if (c->source_count)
		str_addf(out, "\n%s\n\n", md_section_marks[MD_SOURCES]);
	for (size_t i = 0; i < c->source_count; i++) {
		const struct source *s = c->sources[i];
		str_addf(out, "- [%s](%s)", s->title, s->url);
		if (s->has_checked)
			str_addf(out, ", checked %s", date_text(&a, s->checked_day));
		str_addc(out, '\n');
	}
	arena_clear(&a);
}

/* A line with a comment of JSON. */
static void add_comment(struct str *out, const char *begin, const struct str *json)
{
	str_add(out, begin);
	note_inert(out, str_c(json), json->len);
	str_add(out, MD_COMMENT_END "\n");
}

static bool md_deck(struct export *x, struct diags *d)
{
	struct md *m = x->format;
	struct str *out = &m->sink.buffer;
	struct json_out j = {.out = &m->json};
	(void)d;
	str_reset(&m->json);
	json_object(&j, NULL);
	deck_json_head(&j, x->head);
	json_end(&j);
	if (x->deck_number > 1)
		str_addc(out, '\n');
	add_comment(out, MD_DECK_BEGIN, &m->json);
	str_addf(out, "\n# %s\n", x->head->title);
	return true;
}

/* A question and a list below it. */
static const char *with_list(struct arena *a, const char *question, const char *const *items,
			     size_t n)
{
	struct str s = {0};
	str_add(&s, question);
	str_addc(&s, '\n');
	for (size_t i = 0; i < n; i++)
		str_addf(&s, "\n- %s", items[i]);
	char *text = arena_strndup(a, str_c(&s), s.len);
	str_clear(&s);
	return text;
}

static const char *with_pairs(struct arena *a, const struct card *c)
{
	const char *items[MAX_SHOWN];
	for (size_t i = 0; i < c->matching.count; i++)
		items[i] = c->matching.pairs[i].left;
	const char *text = with_list(a, c->matching.question, items, c->matching.count);
	return with_list(a, arena_printf(a, "%s\n\nwith", text), items, shown_rights(c, items));
}

/* Front and back for people. */
static void faces(struct arena *a, const struct card *c, struct face *f)
{
	const struct part whole = {.name = "", .row = -1, .col = -1};
	const char *items[MAX_SHOWN];
	size_t n = 0;
	card_face(a, c, &whole, f);
	if (c->kind == CARD_CLOZE) {
		*f = (struct face){c->cloze.text, NULL};
	} else if (c->kind == CARD_TRUEFALSE) {
		f->prompt = c->truefalse.statement;
	} else if (c->kind == CARD_CHOICE) {
		for (; n < c->choice.count; n++)
			items[n] = c->choice.options[n].text;
		f->prompt = with_list(a, f->prompt, items, n);
	} else if (c->kind == CARD_ORDERING) {
		f->prompt = with_list(a, f->prompt, items, shown_items(c, items));
	} else if (c->kind == CARD_MATCHING) {
		f->prompt = with_pairs(a, c);
	}
}

static bool md_card(struct export *x, const struct export_item *item, struct diags *d)
{
	struct md *m = x->format;
	const struct card *c = item->card;
	struct str *out = &m->sink.buffer;
	struct json_out j = {.out = &m->json};
	struct face face;
	str_reset(&m->json);
	deck_json_card(&j, c, as_text[c->kind]);
	str_addf(out, "\n## %s\n\n", c->id);
	add_comment(out, MD_CARD_BEGIN, &m->json);
	faces(&x->scratch, c, &face);
	add_section(out, MD_FRONT, face.prompt);
	add_section(out, MD_BACK, face.answer);
	add_section(out, MD_HINT, c->hint);
	add_section(out, MD_WHY, c->why);
	add_section(out, MD_LORE, c->lore);
	add_sources(out, c);
	return sink_tick(&m->sink, d);
}

static bool md_finish(struct export *x, struct diags *d)
{
	struct md *m = x->format;
	if (!sink_commit(&m->sink, d))
		return false;
	export_wrote(x, x->o.path);
	return true;
}

static void md_close(struct export *x)
{
	struct md *m = x->format;
	if (!m)
		return;
	sink_drop(&m->sink);
	str_clear(&m->json);
	free(m);
}

const struct export_ops export_markdown = {
	.open = md_open,
	.deck = md_deck,
	.card = md_card,
	.finish = md_finish,
	.close = md_close,
};
