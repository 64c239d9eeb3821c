/* doctor.c -- `gatedrill doctor`: is everything where it should be and whole; and the store's care:
 * rebuild, backup, restore. */
#include "base/file.h"
#include "base/json.h"
#include "base/regex.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "cli/cli.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* A finding: a name, what there is, and whether it is well. */
struct finding {
	const char *name, *text;
	bool bad;
};

#define MAX_FINDINGS 32
struct findings {
	struct arena arena;
	struct finding items[MAX_FINDINGS];
	size_t count;
};

static void find(struct findings *f, const char *name, bool bad, const char *text)
{
	assert(f->count < MAX_FINDINGS); /* a fixed number of checks, far fewer */
	f->items[f->count++] = (struct finding){name, utf8_clean(&f->arena, text), bad};
}

static const char *file_words(struct arena *a, const char *path)
{
	struct file_stat st;
	if (!file_stat(path, &st))
		return arena_printf(a, "%s (not there yet)", path);
	return st.is_dir
		       ? path
		       : arena_printf(a, "%s (%lld KiB)", path, (long long)(st.size + 1023) / 1024);
}

static void find_versions(struct findings *f)
{
	char regex[64];
	regex_library(regex, sizeof(regex));
	find(f, "version", false, GATEDRILL_VERSION);
	find(f, "libraries", false,
	     arena_printf(&f->arena, "SQLite %s, libyaml %s, PCRE2 %.*s", store_library(),
			  yaml_library(), (int)strcspn(regex, " "), regex));
}

static void find_paths(struct findings *f, const struct paths *p)
{
	find(f, "store", false, file_words(&f->arena, p->db));
	find(f, "settings", false, file_words(&f->arena, p->config));
	find(f, "own decks", false, file_words(&f->arena, p->own_decks));
	find(f, "bundled decks", access(p->bundled_decks, R_OK) != 0,
	     file_words(&f->arena, p->bundled_decks));
	find(f, "backups", false, file_words(&f->arena, p->backups));
}

static void find_decks(struct findings *f, struct study *s)
{
	struct arena *a = &f->arena;
	struct store_file *files;
	size_t n = 0, bad = 0;
	if (!store_files(s->store, a, &files, &n, NULL))
		return;
	for (size_t i = 0; i < n; i++)
		bad += files[i].bad;
	if (bad)
		find(f, "deck files", true,
		     arena_printf(
			     a, "%zu, of which %zu cannot be read; `gatedrill deck lint` says why",
			     n, bad));
	else
		find(f, "deck files", false, arena_printf(a, "%zu, all readable", n));
}

/* The cached states against the log they come from. */
static void find_states(struct findings *f, struct study *s)
{
	struct store_rebuilt r;
	if (!store_rebuild(s->store, true, &r, NULL))
		find(f, "card states", true, "could not be checked");
	else if (r.differed)
		find(f, "card states", true,
		     arena_printf(&f->arena,
				  "%lld of %lld differ from the review log; --rebuild mends them",
				  (long long)r.differed, (long long)r.parts));
	else
		find(f, "card states", false,
		     arena_printf(&f->arena, "%lld, as the review log says (%lld %s)",
				  (long long)r.parts, (long long)r.rows,
				  str_plural(r.rows, "row", "rows")));
}

static void find_store(struct findings *f, struct study *s)
{
	struct diags d = {0};
	char *last = NULL;
	bool ok = store_check(s->store, &d);
	find(f, "store check", !ok,
	     ok ? arena_printf(&f->arena, "whole, version %d", store_schema_version())
		: diags_first(&d));
	if (ok) {
		find_states(f, s);
		find_decks(f, s);
	}
	if (store_meta_get(s->store, "last-backup", &f->arena, &last, NULL))
		find(f, "last backup", false,
		     last ? last : "none yet; one is made at the end of a day's first session");
	diags_clear(&d);
}

static bool print_findings(struct call *c, const struct findings *f)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	bool well = true;
	json_object(&j, NULL);
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->items[i];
		well = well && !x->bad;
		json_object(&j, x->name);
		json_text(&j, "is", x->text);
		json_bool(&j, "well", !x->bad);
		json_end(&j);
		if (!call_has(c, FLAG_JSON))
			fprintf(c->out, "%-15s %s%s\n", x->name, x->bad ? "PROBLEM: " : "",
				x->text);
	}
	json_end(&j);
	if (call_has(c, FLAG_JSON))
		fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
	return well;
}

/* Why the study could not be opened. What the table says is not said again on stderr, but for
 * further errors. */
static void find_closed(struct findings *f, const struct paths *p, struct diags *d)
{
	const struct diag *x = &d->items[0];
	if (str_eq(x->pos.file, p->config))
		find(f, "settings check", true,
		     arena_printf(&f->arena, "line %d: %s", x->pos.line, x->text));
	else
		find(f, "store check", true, x->text);
	if (d->count == 1)
		diags_clear(d);
}

static int check_all(struct call *c)
{
	struct findings f = {0};
	struct study s;
	struct diags d = {0};
	struct study_options o = {.paths = c->paths, .clock = c->clock};
	bool open = study_open(&s, &o, &d);
	find_versions(&f);
	find_paths(&f, c->paths);
	if (open)
		find_store(&f, &s);
	else
		find_closed(&f, c->paths, &d);
	bool well = print_findings(c, &f);
	call_report(c, &d);
	if (open)
		study_close(&s);
	arena_clear(&f.arena);
	return well ? EXIT_DONE : EXIT_FAILED;
}

static int rebuild(struct call *c)
{
	struct study s;
	struct diags d = {0};
	struct store_rebuilt r;
	int code;
	if (!call_open(c, &s, &code))
		return code;
	if (store_lock(s.store, &d) && store_rebuild(s.store, false, &r, &d))
		fprintf(c->out,
			"%lld rows of the log read, %lld cards derived, %lld were not what the log "
			"says.\n",
			(long long)r.rows, (long long)r.parts, (long long)r.differed);
	else
		code = EXIT_FAILED;
	call_report(c, &d);
	study_close(&s);
	return code;
}

static int backup(struct call *c)
{
	struct store *s = NULL;
	struct diags d = {0};
	bool ok = store_open(&s, c->paths->db, STORE_READ, &d) &&
		  store_backup(s, c->value[FLAG_BACKUP], false, &d);
	if (ok)
		fprintf(c->out, "The store was copied to %s.\n", c->value[FLAG_BACKUP]);
	call_report(c, &d);
	store_close(s);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int restore(struct call *c)
{
	struct diags d = {0};
	struct file_stat copy;
	bool ok = (file_stat(c->value[FLAG_RESTORE], &copy) ||
		   diag_fail(&d, "restore-no-file", "there is no file %s; copies are kept in %s",
			     c->value[FLAG_RESTORE], c->paths->backups)) &&
		  store_restore(c->paths->db, c->value[FLAG_RESTORE], &d);
	if (ok)
		fprintf(c->out,
			"The store is now the copy %s; the one before is kept as "
			"%s.before-restore.\n",
			c->value[FLAG_RESTORE], c->paths->db);
	call_report(c, &d);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

int run_doctor(struct call *c)
{
	int asked =
		call_has(c, FLAG_REBUILD) + call_has(c, FLAG_BACKUP) + call_has(c, FLAG_RESTORE);
	if (asked > 1 || c->arg_count)
		return call_usage(c, asked > 1 ? "doctor does one thing at a time"
					       : "doctor takes no arguments");
	if (call_has(c, FLAG_REBUILD))
		return rebuild(c);
	if (call_has(c, FLAG_BACKUP))
		return backup(c);
	return call_has(c, FLAG_RESTORE) ? restore(c) : check_all(c);
}
