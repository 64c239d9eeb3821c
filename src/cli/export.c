/* export.c -- `gatedrill export`: cards into a file for Anki and others. Says how to bring it
 * there. */
#include "base/file.h"
#include "base/json.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/progress.h"
#include "study/exchange.h"

#include <string.h>

static bool unknown_format(struct call *c, const char *name)
{
	const char *names[EXPORT_FORMAT_COUNT];
	struct str list = {0};
	for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++) {
		names[i] = export_kinds[i].name;
		str_addf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = suggest(name, names, EXPORT_FORMAT_COUNT);
	if (near)
		call_usage(c, "there is no format \"%s\", did you mean \"%s\"?", name, near);
	else
		call_usage(c, "there is no format \"%s\"; there are %s", name, str_c(&list));
	str_clear(&list);
	return false;
}

static bool read_format(struct call *c, struct export_options *o)
{
	const char *name = c->value[FLAG_FORMAT];
	if (name)
		return export_format_named(name, &o->format) || unknown_format(c, name);
	if (export_format_guess(o->path, &o->format))
		return true;
	if (!strcmp(o->path, "-"))
		call_usage(c, "on standard output the format must be said: --format anki-csv");
	else
		call_usage(c, "the name %s does not tell the format; say it with --format",
			   path_base(o->path));
	return false;
}

/* "Basic=Einfach": what Anki calls a note type in the learner's language. */
static bool read_name(struct call *c, struct arena *a, const char *pair, struct export_options *o)
{
	const char *names[NOTE_TYPE_COUNT];
	const char *equals = strchr(pair, '=');
	char *name = equals ? str_trim(a, arena_strndup(a, pair, (size_t)(equals - pair))) : "";
	char *value = equals ? str_trim(a, equals + 1) : "";
	bool found = false;
	if (!name[0] || !value[0])
		return call_usage(c, "--notetype takes NAME=NAME, such as Basic=Einfach"), false;
	for (size_t i = 0; i < NOTE_TYPE_COUNT; i++) {
		names[i] = note_stock_names[i];
		if (strcasecmp(names[i], name) != 0)
			continue;
		o->names[i] = value;
		found = true;
	}
	const char *near = suggest(name, names, NOTE_TYPE_COUNT);
	if (!found)
		call_usage(c, "no note type \"%s\" is written; there are \"%s\", \"%s\" and \"%s\"",
			   near ? near : name, names[NOTE_BASIC], names[NOTE_REVERSED],
			   names[NOTE_CLOZE]);
	return found;
}

static bool read_names(struct call *c, struct arena *a, struct export_options *o)
{
	const char *text = c->value[FLAG_NOTETYPE];
	if (text && o->format != EXPORT_ANKI_CSV && o->format != EXPORT_ANKI_TSV)
		return call_usage(c, "--notetype is for Anki's text files"), false;
	while (text && *text) {
		size_t n = strcspn(text, "\n");
		if (!read_name(c, a, arena_strndup(a, text, n), o))
			return false;
		text += n + (text[n] == '\n');
	}
	return true;
}

static bool read_options(struct call *c, struct arena *a, struct export_options *o)
{
	o->path = c->value[FLAG_OUTPUT];
	if (!o->path || !o->path[0])
		return call_usage(c, "export needs a file: -o cards.csv, or -o - for standard "
				     "output"),
		       false;
	o->split = call_has(c, FLAG_SPLIT);
	o->cells = call_has(c, FLAG_CELLS);
	o->progress = call_has(c, FLAG_PROGRESS);
	return read_format(c, o) && read_names(c, a, o);
}

static void say_json(struct call *c, const struct export_options *o, const struct export_report *r)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_object(&j, NULL);
	json_text(&j, "format", export_kinds[o->format].name);
	json_list(&j, "files");
	for (size_t i = 0; i < r->file_count; i++)
		json_text(&j, NULL, r->files[i]);
	json_end(&j);
	json_int(&j, "cards", (long long)r->cards);
	json_int(&j, "notes", (long long)r->notes);
	json_int(&j, "reviews", (long long)r->reviews);
	json_object(&j, "skipped");
	for (size_t i = 0; i < CARD_KIND_COUNT; i++)
		if (r->skipped[i])
			json_int(&j, card_kind_names[i], (long long)r->skipped[i]);
	json_end(&j);
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

/* The advice wrapped as a paragraph each. On standard output stands the file itself. */
static void say(struct call *c, const struct export_options *o, const struct export_report *r)
{
	struct arena a = {0};
	FILE *out = strcmp(o->path, "-") != 0 ? c->out : c->err;
	if (call_has(c, FLAG_QUIET))
		return;
	for (size_t i = 0; i < r->file_count; i++)
		if (strcmp(r->files[i], "-") != 0)
			fprintf(out, "Wrote %s.\n", utf8_clean(&a, r->files[i]));
	fprintf(out, "%zu %s", r->cards, str_plural((long)r->cards, "card", "cards"));
	if (r->notes)
		fprintf(out, " as %zu %s", r->notes, str_plural((long)r->notes, "note", "notes"));
	if (o->progress)
		fprintf(out, ", with %zu %s", r->reviews,
			str_plural((long)r->reviews, "review", "reviews"));
	fputs(".\n\n", out);
	for (const char *line = export_advice(&a, o, r); *line;) {
		size_t n = strcspn(line, "\n");
		help_wrap(out, arena_strndup(&a, line, n), 0, 0, c->columns);
		line += n + (line[n] == '\n');
	}
	arena_clear(&a);
}

static int run(struct call *c, struct study *s, struct study_export *e, struct arena *a)
{
	struct diags d = {0};
	struct export_report report;
	struct progress p;
	progress_begin(&p, c);
	e->out.job = &p.job;
	fflush(c->out);
	bool ok = study_export(s, e, a, &report, &d);
	progress_end(&p);
	e->out.job = NULL;
	bool usage = d.count && (str_starts(d.items[d.count - 1].code, "query-") ||
				 str_eq(d.items[d.count - 1].code, "export-format"));
	if (ok && call_has(c, FLAG_JSON) && strcmp(e->out.path, "-") != 0)
		say_json(c, &e->out, &report);
	else if (ok)
		say(c, &e->out, &report);
	call_report(c, &d);
	return ok ? EXIT_DONE : p.stopped ? EXIT_INTERRUPTED : usage ? EXIT_USAGE : EXIT_FAILED;
}

int run_export(struct call *c)
{
	struct study s;
	struct arena a = {0};
	struct study_export e = {.query = call_query(c, 0, &a)};
	int code = EXIT_USAGE;
	if (read_options(c, &a, &e.out) && call_open(c, &s, &code)) {
		code = run(c, &s, &e, &a);
		study_close(&s);
	}
	arena_clear(&a);
	return code;
}
