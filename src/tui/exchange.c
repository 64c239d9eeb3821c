/* exchange.c -- see exchange.h. The same calls as on the command line; the advice is shown as a
 * note, since it is longer than a message. */
#include "tui/exchange.h"

#include "base/file.h"
#include "study/exchange.h"

static void show(struct app *app, const struct export_options *o, const struct export_report *r)
{
	struct arena a = {0};
	struct str text = {0};
	for (size_t i = 0; i < r->file_count; i++)
		str_addf(&text, "Wrote %s.\n", r->files[i]);
	str_addf(&text, "%zu %s.\n\n", r->cards, str_plural((long)r->cards, "card", "cards"));
	for (const char *p = export_advice(&a, o, r); *p; p++) {
		str_addc(&text, *p);
		if (*p == '\n')
			str_addc(&text, '\n');
	}
	app_push(app, note_view(app, "Exported", str_c(&text), NULL, 0));
	str_clear(&text);
	arena_clear(&a);
}

void exchange_export(struct app *app, const char *query, const char *path)
{
	struct diags d = {0};
	struct arena a = {0};
	struct export_report report;
	struct study_export e = {.query = query, .out = {.path = path}};
	if (!export_format_guess(path, &e.out.format))
		app_say(app, STYLE_WARN,
			"The end of the name tells the format: .apkg, .csv, .tsv, .json, .md, "
			".gift.");
	else if (study_export(app->study, &e, &a, &report, &d))
		show(app, &e.out, &report);
	app_report(app, &d);
	arena_clear(&a);
}

#define SHOWN_WARNINGS 20

/* What came, and what the warnings say. A note parts its paragraphs by empty lines. */
static void show_import(struct app *app, const struct study_import *i,
			const struct study_import_report *r, const struct diags *d)
{
	struct arena a = {0};
	struct str text = {0};
	size_t shown = 0;
	for (const char *p = study_import_text(&a, r, i); *p; p++)
		str_add(&text, *p == '\n' ? "\n\n" : (const char[]){*p, '\0'});
	for (size_t k = 0; k < d->count && shown < SHOWN_WARNINGS; k++) {
		const struct diag *x = &d->items[k];
		if (x->level != DIAG_WARNING)
			continue;
		if (x->pos.line)
			str_addf(&text, "Line %d: ", x->pos.line);
		str_addf(&text, "%s\n\n", x->text);
		shown++;
	}
	if (d->warnings > shown)
		str_addf(&text, "%zu more.\n", d->warnings - shown);
	app_push(app, note_view(app, "Imported", str_c(&text), NULL, 0));
	str_clear(&text);
	arena_clear(&a);
}

/* The first error, with its place. */
static void say_error(struct app *app, const char *path, const struct diags *d)
{
	size_t i = 0;
	while (i + 1 < d->count && d->items[i].level != DIAG_ERROR)
		i++;
	const struct diag *x = &d->items[i];
	if (x->pos.line)
		app_say(app, STYLE_WRONG, "%s:%d:%d: %s", path_base(path), x->pos.line, x->pos.col,
			x->text);
	else
		app_say(app, STYLE_WRONG, "%s", x->text);
}

void exchange_import(struct app *app, const char *path)
{
	struct diags d = {0};
	struct arena a = {0};
	struct study_import_report report;
	const struct study_import i = {.load = true};
	if (study_import(app->study, &path, 1, &i, &a, &report, &d))
		show_import(app, &i, &report, &d);
	else
		say_error(app, path, &d);
	diags_clear(&d);
	arena_clear(&a);
}
