/* import.c -- `gatedrill import`: files of other programs to decks of the learner's own. Says what
 * came and what could not. */
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
	struct str list = {0};
	for (size_t i = 0; i < IMPORT_FORMAT_COUNT; i++)
		str_addf(&list, "%s%s", i ? ", " : "", import_format_names[i]);
	const char *near = suggest(name, import_format_names, IMPORT_FORMAT_COUNT);
	if (near)
		call_usage(c, "there is no format \"%s\", did you mean \"%s\"?", name, near);
	else
		call_usage(c, "there is no format \"%s\"; there are %s", name, str_c(&list));
	str_clear(&list);
	return false;
}

/* "a,b": slugs. */
static bool read_tags(struct call *c, struct arena *a, struct import_options *o)
{
	const char *text = c->value[FLAG_TAGS];
	const char **tags = arena_alloc(a, MAX_TAGS * sizeof(*tags));
	for (size_t n; text && *text; text += n + (text[n] != '\0')) {
		n = strcspn(text, ", ");
		const char *tag = arena_strndup(a, text, n);
		if (!n)
			continue;
		if (!slug_valid(tag) || o->tag_count == MAX_TAGS)
			return call_usage(c,
					  "a tag is lower-case letters, digits and hyphens, at "
					  "most %d: \"api-gateway\"",
					  MAX_SLUG),
			       false;
		tags[o->tag_count++] = tag;
	}
	o->tags = tags;
	return true;
}

static bool read_options(struct call *c, struct arena *a, struct study_import *o)
{
	const char *format = c->value[FLAG_FORMAT];
	o->dry_run = call_has(c, FLAG_DRY_RUN);
	o->in.deck = c->value[FLAG_NAME];
	o->in.title = c->value[FLAG_TITLE];
	o->in.progress = call_has(c, FLAG_HISTORY);
	o->in.has_format = format != NULL;
	if (!c->arg_count)
		return call_usage(c, "import takes files: .apkg, .csv, .txt, .md, .gift, .json"),
		       false;
	if (o->in.deck && !slug_valid(o->in.deck))
		return call_usage(c,
				  "a deck's name is lower-case letters, digits and hyphens, at "
				  "most %d: \"ws-errors\"",
				  MAX_SLUG),
		       false;
	if (o->in.title && !*str_trim(a, o->in.title))
		return call_usage(c, "a deck's title is one line of at most %d characters",
				  MAX_TITLE),
		       false;
	if (format && !import_format_named(format, &o->in.format))
		return unknown_format(c, format);
	return read_tags(c, a, &o->in);
}

/* -- what became of it ------------------------------------------------------------------------- */

static void say_json(struct call *c, const struct study_import_report *r, bool dry_run)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	const struct {
		const char *key;
		size_t n;
	} counts[] = {
		{"records", r->read.records},      {"cards", r->read.cards},
		{"notes", r->read.notes},          {"skipped", r->read.skipped},
		{"edited", r->read.edited},        {"media", r->read.media},
		{"images", r->read.html.images},   {"sounds", r->read.html.sounds},
		{"tags-renamed", r->read.renamed}, {"characters-lost", r->read.lost},
		{"reviews", r->read.reviews},      {"reviews-left-out", r->read.reviews_left_out}};
	json_object(&j, NULL);
	json_bool(&j, "written", !dry_run);
	json_list(&j, "decks");
	for (size_t i = 0; i < r->count; i++) {
		const struct study_imported *k = &r->decks[i];
		json_object(&j, NULL);
		json_text(&j, "deck", k->slug);
		json_text(&j, "title", k->title);
		json_text(&j, "file", k->path);
		json_int(&j, "cards", (long long)k->cards);
		json_int(&j, "answers", (long long)k->answers);
		json_end(&j);
	}
	json_end(&j);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		json_int(&j, counts[i].key, (long long)counts[i].n);
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

/* A line each. */
static void say(struct call *c, const struct study_import_report *r, const struct study_import *o)
{
	struct arena a = {0};
	for (const char *line = study_import_text(&a, r, o); *line;) {
		size_t n = strcspn(line, "\n");
		const char *text = utf8_clean(&a, arena_strndup(&a, line, n));
		if (str_starts(text, "Wrote ") || str_starts(text, "Would write "))
			fprintf(c->out, "%s\n", text); /* a path is not broken */
		else
			help_wrap(c->out, text, 0, 0, c->columns);
		line += n + (line[n] == '\n');
	}
	arena_clear(&a);
}

static bool is_about_input(const char *code)
{
	static const char *const rooms[] = {"csv-",  "import-", "json-", "yaml-",
					    "tree-", "gift-",   "anki",  "ankitext-"};
	for (size_t i = 0; i < ARRAY_LEN(rooms); i++)
		if (str_starts(code, rooms[i]))
			return true;
	return false;
}

static int code_of(const struct diags *d, const struct progress *p)
{
	if (p->stopped)
		return EXIT_INTERRUPTED;
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].level == DIAG_ERROR)
			return str_eq(d->items[i].code, "import-name") ? EXIT_USAGE
			       : is_about_input(d->items[i].code)      ? EXIT_INVALID
								       : EXIT_FAILED;
	return EXIT_FAILED;
}

static int run(struct call *c, struct study *s, struct study_import *o, struct arena *a)
{
	struct diags d = {0};
	struct study_import_report report;
	struct progress p;
	progress_begin(&p, c);
	o->in.job = &p.job;
	bool ok = study_import(s, c->args, (size_t)c->arg_count, o, a, &report, &d);
	progress_end(&p);
	o->in.job = NULL;
	int code = ok ? EXIT_DONE : code_of(&d, &p);
	if (ok && call_has(c, FLAG_JSON)) {
		say_json(c, &report, o->dry_run);
	} else if (ok) {
		say(c, &report, o);
	}
	fflush(c->out);
	call_report(c, &d);
	return code;
}

int run_import(struct call *c)
{
	struct study s;
	struct arena a = {0};
	struct study_import o = {.dry_run = false};
	int code = EXIT_USAGE;
	if (read_options(c, &a, &o) && call_open(c, &s, &code)) {
		code = run(c, &s, &o, &a);
		study_close(&s);
	}
	arena_clear(&a);
	return code;
}
