/* giftout.c -- choice, truefalse, matching and typed cards as Moodle's GIFT; the form is described
 * in gift.h. An empty line ends a question there, so a question is written without any. */
#include "base/clock.h"
#include "base/json.h"
#include "deck/keys.h"
#include "exchange/gift.h"
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>

#define BIT(id) (UINT64_C(1) << (id))
/* Keys that stand in the question; 0: GIFT has no such kind. */
static const uint64_t as_text[CARD_KIND_COUNT] = {
	[CARD_TRUEFALSE] = BIT(K_STATEMENT) | BIT(K_ANSWER),
	[CARD_CHOICE] = BIT(K_QUESTION) | BIT(K_OPTIONS),
	[CARD_MATCHING] = BIT(K_QUESTION) | BIT(K_PAIRS) | BIT(K_DECOYS),
	[CARD_TYPED] = BIT(K_QUESTION),
};

struct gift {
	struct sink sink;
	struct str json, text;
};

static bool gift_open(struct export *x, struct diags *d)
{
	struct gift *g = xcalloc(1, sizeof(*g));
	x->format = g;
	return sink_open(&g->sink, x->o.path, d);
}

static void add_text(struct str *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\n') {
			str_add(out, "\\n");
			continue;
		}
		if (strchr(GIFT_ESCAPED, *p))
			str_addc(out, '\\');
		str_addc(out, *p);
	}
}

/* The left side of a pair must not hold what parts the sides. */
static void add_left(struct str *out, const char *text)
{
	const char *arrow;
	while ((arrow = strstr(text, "->"))) {
		struct arena a = {0};
		add_text(out, arena_strndup(&a, text, (size_t)(arrow - text)));
		str_add(out, "→");
		arena_clear(&a);
		text = arrow + 2;
	}
	add_text(out, text);
}

static void add_why(struct str *out, const char *why)
{
	if (!why)
		return;
	str_addc(out, '#');
	add_text(out, why);
}

static void add_option(struct str *out, const struct card *c, const struct option *o)
{
	if (c->choice.choose == 1)
		str_add(out, o->right ? "\t=" : "\t~");
	else if (o->right)
		str_addf(out, "\t~%%%.7g%%", 100.0 / c->choice.choose);
	else
		str_add(out, "\t~%-100%");
	add_text(out, o->text);
	add_why(out, o->why);
	str_addc(out, '\n');
}

static void add_pairs(struct str *out, const struct card *c)
{
	for (size_t i = 0; i < c->matching.count; i++) {
		str_add(out, "\t=");
		add_left(out, c->matching.pairs[i].left);
		str_add(out, " -> ");
		add_text(out, c->matching.pairs[i].right);
		str_addc(out, '\n');
	}
	for (size_t i = 0; i < c->matching.decoy_count; i++) {
		str_add(out, "\t= -> ");
		add_text(out, c->matching.decoys[i]);
		str_addc(out, '\n');
	}
}

/* A short answer takes '*' for any text. */
static void add_answer(struct str *out, const char *text)
{
	str_add(out, "\t=");
	for (const char *p = text; *p; p++) {
		const char one[] = {*p, '\0'};
		if (*p == '*')
			str_add(out, "\\");
		add_text(out, one);
	}
	str_addc(out, '\n');
}

static void add_typed(struct str *out, const struct card *c)
{
	add_answer(out, c->typed.show);
	for (size_t i = 0; i < c->typed.count; i++) {
		const char *p = c->typed.accept[i];
		if (!p[strcspn(p, "\\^$.|?*+()[]{}#")] && strcmp(p, c->typed.show) != 0)
			add_answer(out, p);
	}
}

/* What is shown after any answer: why, lore, sources. */
static void add_feedback(struct gift *g, const struct card *c)
{
	struct str *out = &g->sink.buffer, *s = &g->text;
	const char *const texts[] = {c->why, c->lore};
	str_reset(s);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i])
			str_addf(s, "%s%s", s->len ? "\n\n" : "", texts[i]);
	for (size_t i = 0; i < c->source_count; i++)
		str_addf(s, "%s[%s](%s)",
			 !s->len ? ""
			 : i     ? "\n"
				 : "\n\n",
			 c->sources[i]->title, c->sources[i]->url);
	if (!s->len)
		return;
	str_add(out, "\t####");
	add_text(out, str_c(s));
	str_addc(out, '\n');
}

static const char *question(const struct card *c)
{
	return c->kind == CARD_TRUEFALSE ? c->truefalse.statement : card_title(c);
}

static void add_answers(struct str *out, const struct card *c)
{
	switch (c->kind) {
	case CARD_TRUEFALSE:
		str_add(out, c->truefalse.answer ? "\tTRUE\n" : "\tFALSE\n");
		break;
	case CARD_CHOICE:
		for (size_t i = 0; i < c->choice.count; i++)
			add_option(out, c, &c->choice.options[i]);
		break;
	case CARD_MATCHING:
		add_pairs(out, c);
		break;
	case CARD_TYPED:
		add_typed(out, c);
		break;
	case CARD_BASIC:
	case CARD_REVERSED:
	case CARD_CLOZE:
	case CARD_TABLE:
	case CARD_ORDERING:
	case CARD_KIND_COUNT:
		break;
	}
}

static bool gift_deck(struct export *x, struct diags *d)
{
	struct gift *g = x->format;
	struct str *out = &g->sink.buffer;
	struct json_out j = {.out = &g->json};
	(void)d;
	str_reset(&g->json);
	json_object(&j, NULL);
	deck_json_head(&j, x->head);
	json_end(&j);
	str_addf(out, "%s" GIFT_DECK_BEGIN, x->deck_number > 1 ? "\n" : "");
	str_addn(out, g->json.p, g->json.len);
	str_add(out, "\n$CATEGORY: $course$/top/" NOTE_DECK_PARENT "/");
	for (const char *p = x->head->title; *p; p++)
		str_add(out, *p == '/' ? "//" : (const char[]){*p, '\0'});
	str_addc(out, '\n');
	return true;
}

static void add_head(struct gift *g, const struct export_item *item)
{
	const struct card *c = item->card;
	struct str *out = &g->sink.buffer;
	struct json_out j = {.out = &g->json};
	str_reset(&g->json);
	deck_json_card(&j, c, as_text[c->kind]);
	str_addf(out, "\n// [id:" NOTE_GUID_PREFIX "%s/%s]", item->deck->slug, c->id);
	for (size_t i = 0; i < c->tag_count; i++)
		str_addf(out, " [tag:%s]", c->tags[i]);
	str_add(out, "\n" GIFT_CARD_BEGIN);
	str_addn(out, g->json.p, g->json.len);
	str_addf(out, "\n::%s::[markdown]", c->id);
	add_text(out, question(c));
}

static bool gift_card(struct export *x, const struct export_item *item, struct diags *d)
{
	struct gift *g = x->format;
	const struct card *c = item->card;
	if (!as_text[c->kind]) {
		x->report.skipped[c->kind]++;
		return true;
	}
	add_head(g, item);
	str_add(&g->sink.buffer, "{\n");
	add_answers(&g->sink.buffer, c);
	add_feedback(g, c);
	str_add(&g->sink.buffer, "}\n");
	return sink_tick(&g->sink, d);
}

static bool gift_finish(struct export *x, struct diags *d)
{
	struct gift *g = x->format;
	if (!sink_commit(&g->sink, d))
		return false;
	export_wrote(x, x->o.path);
	return true;
}

static void gift_close(struct export *x)
{
	struct gift *g = x->format;
	if (!g)
		return;
	sink_drop(&g->sink);
	str_clear(&g->json);
	str_clear(&g->text);
	free(g);
}

const struct export_ops export_gift = {
	.open = gift_open,
	.deck = gift_deck,
	.card = gift_card,
	.finish = gift_finish,
	.close = gift_close,
};
