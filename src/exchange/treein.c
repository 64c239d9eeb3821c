/* treein.c -- decks that are trees already: an export as JSON, and deck files in JSON or YAML. */
#include "base/json.h"
#include "base/yaml.h"
#include "exchange/readers.h"

#include <string.h>

static bool take_deck(const struct reading *r, const struct node *deck)
{
	const struct node *cards = node_get(deck, "cards");
	struct draft *k = reading_deck(r, deck);
	struct arena a = {0};
	size_t n = 0;
	bool ok = true;
	struct node *next = cards && cards->kind == NODE_LIST ? cards->child : NULL;
	for (struct node *e; ok && (e = next);) {
		next = e->next;
		r->drafts->report->records++;
		if (e->kind == NODE_MAP)
			draft_add(r->drafts, k, &a,
				  &(struct draft_card){
					  .card = e, .head = deck, .pos = node_pos(e, r->path)},
				  NULL);
		else
			draft_skip(r->drafts, node_pos(e, r->path), "it is no card");
		arena_clear(&a);
		ok = !r->drafts->full && reading_goes_on(r, "cards", ++n, cards->count);
	}
	return ok;
}

/* -- progress ---------------------------------------------------------------------------------- */

/* "deck/card#part": the deck, and the card's id in it. */
static struct draft *find_card(const struct reading *r, struct arena *a, const char *key,
			       const char **id, const char **part)
{
	struct drafts *s = r->drafts;
	const char *slash = strchr(key, '/'), *hash = strchr(key, '#');
	if (!slash || (hash && hash < slash))
		return NULL;
	const char *deck = arena_printf(a, "\n/%.*s", (int)(slash - key), key);
	long at = names_find(&s->keys, deck);
	size_t len = hash ? (size_t)(hash - slash - 1) : strlen(slash + 1);
	const char *card = arena_strndup(a, slash + 1, len);
	*part = hash ? hash + 1 : "";
	*id = card;
	if (at < 0 || names_find(&s->items[at]->ids, card) < 0)
		return NULL;
	*id = arena_strdup(&s->arena, card);
	return s->items[at];
}

static bool read_event(const struct node *n, struct import_answer *out)
{
	const char *at = node_text(n, "at"), *what = node_text(n, "what");
	const char *ms = node_text(n, "ms"), *arg = node_text(n, "arg");
	const char *took = node_text(n, "took");
	long long value = 0;
	int op = 0;
	while (op < SRS_OP_UNDO && !str_eq(srs_op_names[op], what))
		op++;
	if (op == SRS_OP_UNDO || !at || !moment_parse(at, 0, &out->event.at))
		return false;
	out->event.op = (enum srs_op)op;
	if (ms && str_to_i64(ms, 0, INT64_MAX / 2, &value))
		out->event.at.ms = value;
	bool graded = op == SRS_OP_ANSWER || op == SRS_OP_CRAM;
	if (!arg || !str_to_i64(arg, graded, graded ? 4 : 36500, &value))
		return false;
	out->event.arg = (int)value;
	if (took && str_to_i64(took, 0, 86400000, &value))
		out->took_ms = value;
	return true;
}

static void take_progress(const struct reading *r, const struct node *list)
{
	struct import_report *report = r->drafts->report;
	for (const struct node *e = list ? list->child : NULL; e; e = e->next) {
		struct arena a = {0};
		const char *key = node_text(e, "card"), *id = NULL, *part = NULL;
		struct draft *k = key ? find_card(r, &a, key, &id, &part) : NULL;
		const struct node *log = node_get(e, "log");
		for (const struct node *l = log ? log->child : NULL; l; l = l->next) {
			struct import_answer answer = {.card = id, .part = part};
			report->reviews++;
			if (k && read_event(l, &answer))
				draft_log(r->drafts, k, &answer);
			else
				report->reviews_left_out++;
		}
		arena_clear(&a);
	}
}

/* -- the file ---------------------------------------------------------------------------------- */

static bool take_root(const struct reading *r, const struct node *root)
{
	const struct node *decks = node_get(root, "decks");
	bool ok = true;
	if (node_get(root, "cards"))
		return take_deck(r, root);
	if (!decks || decks->kind != NODE_LIST)
		return diag_error(r->d, node_pos(root, r->path), "import-format",
				  "there is neither a deck (\"cards\") nor a list of decks "
				  "(\"decks\") in this file");
	for (const struct node *e = decks->child; ok && e; e = e->next)
		ok = take_deck(r, e);
	if (ok && r->drafts->o->progress)
		take_progress(r, node_get(root, "progress"));
	return ok;
}

bool read_json_text(const struct reading *r, const char *text, size_t n)
{
	struct arena a = {0};
	struct node *root = NULL;
	bool ok = json_read(&a, r->path, text, n, &root, r->d) && take_root(r, root);
	arena_clear(&a);
	return ok;
}

bool read_json(const struct reading *r)
{
	return reading_whole(r, read_json_text);
}

static bool read_yaml_text(const struct reading *r, const char *text, size_t n)
{
	struct arena a = {0};
	struct node *root = NULL;
	bool ok = yaml_read(&a, r->path, text, n, &root, r->d) && take_root(r, root);
	arena_clear(&a);
	return ok;
}

bool read_yaml(const struct reading *r)
{
	return reading_whole(r, read_yaml_text);
}
