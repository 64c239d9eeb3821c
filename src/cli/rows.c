/* rows.c -- see rows.h. */
#include "cli/rows.h"
#include "base/json.h"
#include "base/markdown.h"
#include "base/utf8.h"

#include <assert.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

static void add_cell(struct rows *r, const char *text)
{
	size_t col = r->count % r->columns;
	int cols = utf8_columns(text, strlen(text));
	r->cells = array_grow(r->cells, &r->cap, r->count + 1, sizeof(*r->cells));
	r->cells[r->count++] = text;
	if (cols > r->width[col])
		r->width[col] = cols;
}

void rows_init(struct rows *r, const char *const *headings, size_t columns)
{
	assert(columns > 0 && columns <= MAX_COLUMNS);
	*r = (struct rows){.columns = columns};
	for (size_t i = 0; i < columns; i++)
		add_cell(r, headings[i]);
}

void rows_text(struct rows *r, const char *text)
{
	add_cell(r, utf8_clean(&r->arena, text));
}

void rows_number(struct rows *r, long long n)
{
	r->number[r->count % r->columns] = true;
	add_cell(r, arena_printf(&r->arena, "%lld", n));
}

void rows_print(const struct rows *r, FILE *out)
{
	assert(r->columns > 0);
	for (size_t i = 0; i < r->count; i++) {
		size_t col = i % r->columns;
		int pad = r->width[col] - utf8_columns(r->cells[i], strlen(r->cells[i]));
		bool last = col + 1 == r->columns;
		if (r->number[col])
			fprintf(out, "%*s%s%s", pad, "", r->cells[i], last ? "\n" : "  ");
		else
			fprintf(out, "%s%*s%s", r->cells[i], last ? 0 : pad, "",
				last ? "\n" : "  ");
	}
}

void rows_clear(struct rows *r)
{
	free(r->cells);
	arena_clear(&r->arena);
	*r = (struct rows){0};
}

/* ---- cards --------------------------------------------------------------------------- */

static const char *const state_names[] = {[SRS_NEW] = "new",
					  [SRS_LEARN] = "learning",
					  [SRS_REVIEW] = "review",
					  [SRS_RELEARN] = "relearning"};

const char *card_due_words(struct arena *a, const struct study *s, const struct srs_card *c)
{
	struct moment now = study_now(s);
	int32_t today = day_of(now, s->config.preset.day_start_min);
	if (c->suspended)
		return "suspended";
	if (c->state == SRS_NEW)
		return "new";
	if (!c->by_day) {
		int64_t wait = c->due_ms - now.ms;
		return wait <= 0 ? "now" : arena_printf(a, "in %s", span_words(a, wait));
	}
	return c->due_day <= today ? "today" : date_words(a, c->due_day, today);
}

/* When it is due, for programs. NULL for new cards. */
static const char *due_rfc3339(struct arena *a, const struct study *s, const struct srs_card *c)
{
	struct moment now = study_now(s);
	if (c->state == SRS_NEW)
		return NULL;
	return moment_rfc3339(
		a, (struct moment){now.ms + srs_due_in_ms(&s->config.preset, c, now), now.off_min});
}

static void item_json(struct json_out *j, struct arena *a, const struct study *s,
		      const struct store_item *i)
{
	const struct srs_card *c = &i->state;
	json_text(j, "key", part_key(a, i->deck, i->card, i->part));
	json_text(j, "deck", i->deck);
	json_text(j, "id", i->card);
	json_text(j, "part", i->part);
	json_text(j, "kind", card_kind_names[i->kind]);
	json_text(j, "title", i->title);
	json_text(j, "file", i->file);
	json_int(j, "line", i->line);
	json_text(j, "state", state_names[c->state]);
	json_text(j, "due", due_rfc3339(a, s, c));
	json_int(j, "interval_days", c->interval_d);
	json_int(j, "reps", c->reps);
	json_int(j, "lapses", c->lapses);
	json_real(j, "stability_days", c->stability_d);
	json_real(j, "difficulty", c->difficulty);
	json_real(j, "recall", srs_recall(&s->config.preset, c, study_now(s)));
	json_int(j, "flag", c->flag);
	json_bool(j, "suspended", c->suspended);
	json_bool(j, "buried", c->buried_day == study_today(s));
	json_bool(j, "leech", c->leech);
	json_bool(j, "removed", i->set_aside);
}

#define TITLE_COLUMNS 60
#define LEAST_TITLE_COLUMNS 20

static void item_row(struct rows *rows, const struct study *s, const struct store_item *i)
{
	rows_text(rows, part_key(&rows->arena, i->deck, i->card, i->part));
	rows_text(rows, card_kind_names[i->kind]);
	bool buried = !i->state.suspended && i->state.buried_day == study_today(s);
	rows_text(rows, i->set_aside ? "removed"
			: buried     ? "buried"
				     : card_due_words(&rows->arena, s, &i->state));
	rows_text(rows, utf8_ellipsis(&rows->arena, i->title, TITLE_COLUMNS));
}

/* On a terminal the last column gives way, so that rows stay lines; a pipe gets the same text at
 * any width. */
static void cut_titles(const struct call *c, struct rows *r)
{
	int room = c->columns - 1;
	if (!c->out_is_terminal)
		return;
	for (size_t col = 0; col + 1 < r->columns; col++)
		room -= r->width[col] + 2;
	room = room < LEAST_TITLE_COLUMNS ? LEAST_TITLE_COLUMNS : room;
	for (size_t i = r->columns - 1; i < r->count; i += r->columns)
		r->cells[i] = utf8_ellipsis(&r->arena, r->cells[i], room);
}

bool cards_print(struct call *c, struct study *s, const struct idset *ids, int limit,
		 struct diags *d)
{
	static const char *const headings[] = {"card", "kind", "due", "text"};
	struct rows rows;
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	bool json = call_has(c, FLAG_JSON), ok = true;
	rows_init(&rows, headings, ARRAY_LEN(headings));
	json_list(&j, NULL);
	for (int64_t id = 0; ok && limit != 0 && (id = idset_next(ids, id)) != 0;
	     limit -= limit > 0) {
		struct arena a = {0};
		struct store_item item;
		ok = review_row(s, id, &a, &item, d);
		if (ok && json) {
			json_object(&j, NULL);
			item_json(&j, &a, s, &item);
			json_end(&j);
		} else if (ok) {
			item_row(&rows, s, &item);
		}
		arena_clear(&a);
	}
	json_end(&j);
	if (ok && json) {
		fprintf(c->out, "%s\n", str_c(&out));
	} else if (ok && rows.count > rows.columns) {
		cut_titles(c, &rows);
		rows_print(&rows, c->out);
	}
	str_clear(&out);
	rows_clear(&rows);
	return ok;
}

static const char *without_marks(struct arena *a, const char *text, const char *on, const char *off)
{
	struct str out = {0};
	for (; *text; text++) {
		bool starts = str_starts(text, MD_BLANK_ON), ends = str_starts(text, MD_BLANK_OFF);
		if (starts || ends) {
			str_add(&out, starts ? on : off);
			text += strlen(MD_BLANK_ON) - 1;
		} else {
			str_addc(&out, *text);
		}
	}
	text = arena_strdup(a, str_c(&out));
	str_clear(&out);
	return text;
}

const char *card_prompt_text(struct arena *a, const struct review_card *rc)
{
	return without_marks(a, rc->face.prompt, "", "");
}

const char *card_answer_text(struct arena *a, const struct review_card *rc)
{
	bool cloze = rc->card->kind == CARD_CLOZE;
	return without_marks(a, rc->face.answer, cloze ? "[" : "", cloze ? "]" : "");
}

static void history_json(struct json_out *j, struct arena *a, const struct store_log_row *rows,
			 size_t n)
{
	json_list(j, "history");
	for (size_t i = 0; i < n; i++) {
		json_object(j, NULL);
		json_text(j, "at", moment_rfc3339(a, rows[i].event.at));
		json_text(j, "what", srs_op_names[rows[i].event.op]);
		json_int(j, "value", rows[i].event.arg);
		json_int(j, "took_ms", rows[i].took_ms);
		json_text(j, "screen", rows[i].screen);
		json_bool(j, "undone", rows[i].undone);
		json_end(j);
	}
	json_end(j);
}

static void card_json(struct call *c, struct study *s, struct arena *a,
		      const struct review_card *rc, const struct store_log_row *rows, size_t n)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_object(&j, NULL);
	item_json(&j, a, s, &rc->item);
	json_text(&j, "prompt", card_prompt_text(a, rc));
	json_text(&j, "answer", card_answer_text(a, rc));
	json_list(&j, "tags");
	for (size_t i = 0; i < rc->card->tag_count; i++)
		json_text(&j, NULL, rc->card->tags[i]);
	json_end(&j);
	json_list(&j, "sources");
	for (size_t i = 0; i < rc->card->source_count; i++)
		json_text(&j, NULL, rc->card->sources[i]->url);
	json_end(&j);
	history_json(&j, a, rows, n);
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

#define TEXT_COLUMNS 79

static void print_markdown(struct call *c, const char *source)
{
	struct str text = {0};
	int width = c->columns - 1 < TEXT_COLUMNS ? c->columns - 1 : TEXT_COLUMNS;
	md_plain(&text, source, width, strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
	fprintf(c->out, "%s\n", str_c(&text));
	str_clear(&text);
}

static void print_options(struct call *c, struct arena *a, const struct card *card)
{
	for (size_t i = 0; card->kind == CARD_CHOICE && i < card->choice.count; i++) {
		const struct option *o = &card->choice.options[i];
		print_markdown(c, arena_printf(a, "- %s\n\n  %s. %s", o->text,
					       o->right ? "Right" : "Wrong", o->why ? o->why : ""));
	}
}

/* "good", "flag 2", "due in 5 days": what a row of the log did. */
static const char *row_words(struct arena *a, const struct store_log_row *row)
{
	static const char *const grades[] = {"again", "hard", "good", "easy"};
	int arg = row->event.arg;
	switch (row->event.op) {
	case SRS_OP_ANSWER:
	case SRS_OP_CRAM:
		return arena_printf(a, "%s%s", arg >= 1 && arg <= 4 ? grades[arg - 1] : "?",
				    row->event.op == SRS_OP_CRAM ? ", date kept" : "");
	case SRS_OP_FLAG:
		return arg ? arena_printf(a, "flag %d", arg) : "no flag";
	case SRS_OP_LEECH:
		return arg ? "leech" : "no leech";
	case SRS_OP_DUE:
		return arena_printf(a, "due in %d %s", arg, str_plural(arg, "day", "days"));
	case SRS_OP_BURY:
	case SRS_OP_UNBURY:
	case SRS_OP_SUSPEND:
	case SRS_OP_UNSUSPEND:
	case SRS_OP_RESET:
	case SRS_OP_UNDO:
	case SRS_OP_COUNT:
		break;
	}
	return srs_op_names[row->event.op];
}

static void print_history(struct call *c, struct arena *a, const struct store_log_row *rows,
			  size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].event.op != SRS_OP_UNDO)
			fprintf(c->out, "  %s  %s%s\n", moment_rfc3339(a, rows[i].event.at),
				row_words(a, &rows[i]), rows[i].undone ? " (undone)" : "");
}

/* How the card stands, in sentences. */
static void print_state(struct call *c, struct study *s, struct arena *a,
			const struct review_card *rc)
{
	const struct srs_card *k = &rc->item.state;
	if (rc->item.set_aside)
		fputs("Removed from its deck; its history is kept.\n", c->out);
	if (k->reps)
		fprintf(c->out, "%s.\n", review_history(a, rc, study_today(s)));
	else
		fputs("Not answered yet.\n", c->out);
	if (k->suspended)
		fputs("Suspended.\n", c->out);
	else if (k->state != SRS_NEW)
		fprintf(c->out, "Due %s.\n", card_due_words(a, s, k));
	if (k->buried_day == study_today(s))
		fputs("Buried until tomorrow.\n", c->out);
	if (k->leech)
		fputs("A leech: it is forgotten often.\n", c->out);
	if (k->flag)
		fprintf(c->out, "Flag %d.\n", k->flag);
}

static void card_text(struct call *c, struct study *s, struct arena *a,
		      const struct review_card *rc, const struct store_log_row *rows, size_t n)
{
	const char *notes = review_notes(a, rc->card), *line;
	fprintf(c->out, "%s, %s, %s:%d\n\n",
		part_key(a, rc->item.deck, rc->item.card, rc->item.part),
		card_kind_names[rc->item.kind], utf8_clean(a, rc->item.file), rc->item.line);
	print_markdown(c, rc->face.prompt);
	print_options(c, a, rc->card);
	if (rc->card->kind != CARD_CHOICE)
		print_markdown(c, card_answer_text(a, rc));
	if (rc->card->hint)
		print_markdown(c, arena_printf(a, "Hint: %s", rc->card->hint));
	if (notes)
		print_markdown(c, notes);
	for (size_t i = 0; (line = review_source(a, rc->card, i)) != NULL; i++)
		fprintf(c->out, "Source: %s\n        %s\n", utf8_clean(a, line),
			utf8_clean(a, rc->card->sources[i]->url));
	if (rc->card->proof)
		fprintf(c->out, "Proof: %s\n", utf8_clean(a, rc->card->proof));
	if (rc->card->source_count || rc->card->proof)
		fputc('\n', c->out);
	print_state(c, s, a, rc);
	print_history(c, a, rows, n);
}

bool card_print(struct call *c, struct study *s, int64_t part_id, struct diags *d)
{
	struct arena a = {0};
	struct deck deck = {0};
	struct review_card rc;
	struct store_log_row *rows;
	size_t n;
	bool ok = review_read_card(s, part_id, &a, &deck, &rc, d) &&
		  store_history(s->store, part_id, 1000, &a, &rows, &n, d);
	if (ok)
		(call_has(c, FLAG_JSON) ? card_json : card_text)(c, s, &a, &rc, rows, n);
	deck_clear(&deck);
	arena_clear(&a);
	return ok;
}
