/* export.c -- see export.h. What all formats share: which there are, decks of the same title, files
 * that appear whole, progress. A format is a row of functions; see writer.h. */
#include "exchange/writer.h"

#include <stdlib.h>
#include <string.h>

const struct export_kind export_kinds[EXPORT_FORMAT_COUNT] = {
	[EXPORT_ANKI_CSV] = {"anki-csv", ".csv", "a text file for Anki, comma separated"},
	[EXPORT_ANKI_TSV] = {"anki-tsv", ".tsv", "a text file for Anki, tab separated"},
	[EXPORT_APKG] = {"apkg", ".apkg", "an Anki package with decks, styling and progress"},
	[EXPORT_JSON] = {"json", ".json", "everything, in the keys of deck files"},
	[EXPORT_MARKDOWN] = {"markdown", ".md", "text with Front and Back"},
	[EXPORT_GIFT] = {"gift", ".gift", "questions for Moodle"},
	[EXPORT_CSV_PLAIN] = {"csv-plain", NULL, "plain text for spreadsheets, not for Anki"},
};

static const struct export_ops *const formats[EXPORT_FORMAT_COUNT] = {
	[EXPORT_ANKI_CSV] = &export_anki_text, [EXPORT_ANKI_TSV] = &export_anki_text,
	[EXPORT_APKG] = &export_apkg,          [EXPORT_JSON] = &export_json,
	[EXPORT_MARKDOWN] = &export_markdown,  [EXPORT_GIFT] = &export_gift,
	[EXPORT_CSV_PLAIN] = &export_plain,
};

bool export_format_named(const char *name, enum export_format *out)
{
	for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++)
		if (str_eq(export_kinds[i].name, name)) {
			*out = (enum export_format)i;
			return true;
		}
	return false;
}

/* Other ends that are understood. */
static const struct {
	const char *suffix;
	enum export_format format;
} also[] = {
	{".txt", EXPORT_ANKI_TSV},
	{".markdown", EXPORT_MARKDOWN},
};

bool export_format_guess(const char *path, enum export_format *out)
{
	for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++)
		if (export_kinds[i].suffix && str_ends(path, export_kinds[i].suffix)) {
			*out = (enum export_format)i;
			return true;
		}
	for (size_t i = 0; i < ARRAY_LEN(also); i++)
		if (str_ends(path, also[i].suffix)) {
			*out = also[i].format;
			return true;
		}
	return false;
}

/* -- files ------------------------------------------------------------------------------------- */

bool sink_open(struct sink *s, const char *path, struct diags *d)
{
	s->path = strcmp(path, "-") != 0 ? path : NULL;
	return file_out_open(&s->file, s->path, d);
}

bool sink_flush(struct sink *s, struct diags *d)
{
	bool ok = file_out_write(s->file, str_c(&s->buffer), s->buffer.len, d);
	str_reset(&s->buffer);
	return ok;
}

bool sink_tick(struct sink *s, struct diags *d)
{
	return s->buffer.len < SINK_FULL || sink_flush(s, d);
}

bool sink_commit(struct sink *s, struct diags *d)
{
	if (!sink_flush(s, d))
		return false;
	struct file_out *f = s->file;
	s->file = NULL;
	return file_out_commit(f, d);
}

void sink_drop(struct sink *s)
{
	file_out_drop(s->file);
	s->file = NULL;
	str_clear(&s->buffer);
}

void export_wrote(struct export *x, const char *path)
{
	struct export_report *r = &x->report;
	const char **grown = arena_alloc(&x->arena, (r->file_count + 1) * sizeof(*grown));
	for (size_t i = 0; i < r->file_count; i++)
		grown[i] = r->files[i];
	grown[r->file_count++] = arena_strdup(&x->arena, path);
	r->files = grown;
}

/* -- the export -------------------------------------------------------------------------------- */

static bool is_anki_text(enum export_format f)
{
	return f == EXPORT_ANKI_CSV || f == EXPORT_ANKI_TSV;
}

static bool check(const struct export_options *o, struct diags *d)
{
	const char *name = export_kinds[o->format].name;
	if (o->split && !is_anki_text(o->format))
		return diag_fail(d, "export-format", "%s has no note types to split by", name);
	if (o->split && !strcmp(o->path, "-"))
		return diag_fail(d, "export-format",
				 "several files do not fit on standard output; name one with -o");
	if (o->cells && !is_anki_text(o->format) && o->format != EXPORT_APKG)
		return diag_fail(d, "export-format", "%s has no notes to make of table cells",
				 name);
	if (o->progress && o->format != EXPORT_APKG && o->format != EXPORT_JSON)
		return diag_fail(d, "export-format", "%s cannot hold progress; apkg and json can",
				 name);
	return true;
}

bool export_open(struct export **out, const struct export_options *o, struct diags *d)
{
	*out = NULL;
	if (!check(o, d))
		return false;
	struct export *x = xcalloc(1, sizeof(*x));
	x->o = *o;
	if (!formats[o->format]->open(x, d)) {
		export_close(x);
		return false;
	}
	*out = x;
	return true;
}

size_t *export_total(struct export *x)
{
	return &x->o.total;
}

bool export_stopped(struct diags *d)
{
	return diag_fail(d, "export-stopped", "stopped; nothing was written");
}

/* Two decks of one title would become one in Anki. */
static const char *path_of(struct export *x, const struct deck *head)
{
	bool taken = false;
	struct titles *t = arena_alloc(&x->arena, sizeof(*t));
	*t = (struct titles){arena_strdup(&x->arena, head->title),
			     arena_strdup(&x->arena, head->slug), x->titles};
	for (struct titles *other = x->titles; other; other = other->next)
		taken = taken ||
			(!strcasecmp(other->title, t->title) && strcmp(other->slug, t->slug) != 0);
	x->titles = t;
	return note_deck_path(&x->arena, head->title, taken ? head->slug : NULL);
}

bool export_deck(struct export *x, const struct deck *head, int64_t changed_ms, struct diags *d)
{
	x->head = head;
	x->changed_ms = changed_ms > 0 && changed_ms < x->o.now.ms ? changed_ms : x->o.now.ms;
	x->deck_path = path_of(x, head);
	x->deck_number++;
	x->deck_cards = 0;
	const struct export_ops *ops = formats[x->o.format];
	return !ops->deck || ops->deck(x, d);
}

size_t export_notes(struct export *x, const struct export_item *item, bool own, struct note **out)
{
	const struct note_options o = {.own = own,
				       .cells = x->o.cells,
				       .place = x->deck_cards + 1,
				       .head = x->deck_cards ? NULL : x->head,
				       .path = x->deck_path,
				       .json = item->json};
	return card_notes(&x->scratch, item->deck, item->card, &o, out);
}

bool export_card(struct export *x, const struct export_item *item, struct diags *d)
{
	bool ok = formats[x->o.format]->card(x, item, d);
	arena_clear(&x->scratch);
	x->report.cards++;
	x->deck_cards++;
	if (ok && x->report.cards % 128 == 0 &&
	    !job_goes_on(x->o.job, "cards", x->report.cards, x->o.total))
		return export_stopped(d);
	return ok;
}

bool export_finish(struct export *x, struct export_report *report, struct diags *d)
{
	if (!job_goes_on(x->o.job, "writing", x->report.cards, x->o.total))
		return export_stopped(d);
	if (!formats[x->o.format]->finish(x, d))
		return false;
	*report = x->report;
	return true;
}

void export_close(struct export *x)
{
	if (!x)
		return;
	formats[x->o.format]->close(x);
	arena_clear(&x->scratch);
	arena_clear(&x->arena);
	free(x);
}
