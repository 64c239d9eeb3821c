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
