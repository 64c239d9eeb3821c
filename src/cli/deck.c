/* deck.c -- `gatedrill deck list|show|lint|fmt|new`. A table of verbs; each looks at its own
 * arguments. */
#include "base/file.h"
#include "base/json.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/rows.h"
#include "deck/content.h"
#include "gateway/stack.h"
#include "deck/format.h"
#include "deck/keys.h"
#include "study/review.h"

#include <stdlib.h>
#include <string.h>

/* ---- list ---------------------------------------------------------------------------- */

static void list_json(struct call *c, const struct store_deck *decks, size_t n)
{
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_list(&j, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct store_deck *k = &decks[i];
		json_object(&j, NULL);
		json_text(&j, "deck", k->slug);
		json_text(&j, "title", k->title);
		json_text(&j, "file", k->file);
		json_int(&j, "cards", k->cards);
		json_int(&j, "parts", k->parts);
		json_int(&j, "new", k->fresh);
		json_int(&j, "learning", k->learning);
		json_int(&j, "review", k->review);
		json_int(&j, "due", k->due);
		json_int(&j, "suspended", k->suspended);
		json_int(&j, "leeches", k->leeches);
		json_end(&j);
	}
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

static void list_text(struct call *c, const struct store_deck *decks, size_t n)
{
	struct rows rows = {0};
	static const char *const headings[] = {"deck", "cards", "due", "new", "title"};
	rows_init(&rows, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < n; i++) {
		rows_text(&rows, decks[i].slug);
		rows_number(&rows, decks[i].parts);
		rows_number(&rows, decks[i].due);
		rows_number(&rows, decks[i].fresh);
		rows_text(&rows, decks[i].title);
	}
	rows_print(&rows, c->out);
	rows_clear(&rows);
}

static int deck_list(struct call *c)
{
	struct study s;
	struct arena a = {0};
	struct diags d = {0};
	struct store_deck *decks;
	size_t n;
	int code;
	if (c->arg_count > 1)
		return call_usage(
			c, "deck list takes no names; `gatedrill deck show NAME` shows one deck");
	if (!call_open(c, &s, &code))
		return code;
	if (!store_decks(s.store, study_now(&s), s.config.preset.day_start_min, &a, &decks, &n, &d))
		code = EXIT_FAILED;
	else if (call_has(c, FLAG_JSON))
		list_json(c, decks, n);
	else if (n)
		list_text(c, decks, n);
	else
		call_note(c, "there are no decks yet; `gatedrill deck new NAME` starts one");
	call_report(c, &d);
	arena_clear(&a);
	study_close(&s);
	return code;
}

/* ---- show ---------------------------------------------------------------------------- */

static bool deck_known(struct call *c, struct study *s, const char *slug)
{
	struct arena a = {0};
	struct diags d = {0};
	struct store_deck *decks;
	size_t n = 0;
	bool known = false;
	if (store_decks(s->store, study_now(s), s->config.preset.day_start_min, &a, &decks, &n,
			&d)) {
		const char **names = arena_alloc(&a, (n + 1) * sizeof(*names));
		for (size_t i = 0; i < n; i++) {
			names[i] = decks[i].slug;
			known = known || str_eq(slug, names[i]);
		}
		const char *near = known ? NULL : suggest(slug, names, n);
		if (near)
			diag_fail(&d, "deck-unknown",
				  "there is no deck \"%s\", did you mean \"%s\"?", slug, near);
		else if (!known)
			diag_fail(&d, "deck-unknown",
				  "there is no deck \"%s\"; `gatedrill deck list` lists them",
				  slug);
	}
	call_report(c, &d);
	arena_clear(&a);
	return known;
}

static int show_deck(struct call *c, struct study *s, const char *slug)
{
	struct idset ids = {0};
	struct diags d = {0};
	struct arena a = {0};
	bool ok = deck_known(c, s, slug) &&
		  study_find(s, arena_printf(&a, "deck:%s", slug), false, &ids, &d) &&
		  cards_print(c, s, &ids, -1, &d);
	call_report(c, &d);
	idset_clear(&ids);
	arena_clear(&a);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int show_card(struct call *c, struct study *s, const char *key)
{
	struct diags d = {0};
	int64_t part = 0;
	bool ok = store_find(s->store, key, &part, &d);
	if (ok && !part)
		ok = diag_fail(&d, "card-unknown",
			       "there is no card \"%s\"; `gatedrill search id:%s*` looks for it",
			       key, path_base(key));
	ok = ok && card_print(c, s, part, &d);
	call_report(c, &d);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static int deck_show(struct call *c)
{
	struct study s;
	int code;
	if (c->arg_count != 2)
		return call_usage(c, "deck show takes the name of a deck or of a card (deck/id)");
	if (!call_open(c, &s, &code))
		return code;
	code = (strchr(c->args[1], '/') ? show_card : show_deck)(c, &s, c->args[1]);
	study_close(&s);
	return code;
}

/* ---- lint ---------------------------------------------------------------------------- */

static const char *const content_suffixes[] = {".yaml", ".yml", NULL};

/* The files named and those in the folders named; or the decks that study would load and the
 * bundled data. */
static bool files_to_lint(struct call *c, struct arena *a, const char ***files, size_t *n,
			  struct diags *d)
{
	struct study s = {.paths = c->paths};
	bool ok = true;
	struct file_stat st;
	const char *data = path_join(a, c->paths->share, "data");
	*files = NULL;
	*n = 0;
	if (c->arg_count == 1)
		return study_deck_files(&s, a, files, n, d) &&
		       (!file_stat(data, &st) || file_walk(data, content_suffixes, a, files, n, d));
	for (int i = 1; i < c->arg_count; i++)
		ok &= file_walk(c->args[i], content_suffixes, a, files, n, d);
	return ok;
}

static void lint_json(struct call *c, const struct diags *d)
{
	static const char *const levels[] = {
		[DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"};
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_list(&j, NULL);
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *x = &d->items[i];
		json_object(&j, NULL);
		json_text(&j, "file", x->pos.file);
		json_int(&j, "line", x->pos.line);
		json_int(&j, "column", x->pos.col);
		json_text(&j, "level", levels[x->level]);
		json_text(&j, "code", x->code);
		json_text(&j, "text", x->text);
		json_end(&j);
	}
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
}

/* Lines for authors: what guessing would score. */
static void lint_figures(struct call *c, const struct content *all, const struct content *known)
{
	struct str text = {0};
	struct lint_options o = {0};
	const struct blueprint **exams = content_exams(all, known, &o.exam_count);
	o.exams = exams;
	lint_figures_text(&text, (const struct deck *const *)all->decks, all->deck_count, &o);
	for (char *line = text.p, *end; line && *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		call_note(c, line);
	}
	free(exams);
	str_clear(&text);
}

/* Is a file in the folder of a lab, of proofs or of a drill, which stands beside a file of its
 * name? There it is for the gateway and the learner, and may be anything: only definitions that are
 * served from the beginning are looked at, not those below solved/. */
enum lab_part { NO_PART, PART_SERVED, PART_OTHER };
static enum lab_part lab_part(struct arena *a, const char *path)
{
	static const char solved[] = "/solved/";
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		struct str head = {0};
		struct file_stat st;
		const char *lab = arena_printf(a, "%.*s.yaml", (int)(slash - path), path);
		bool is_lab = file_stat(lab, &st) && !st.is_dir &&
			      file_read(lab, MAX_LAB_BYTES, &head, NULL) &&
			      content_is_lab(content_kind_of(str_c(&head), head.len));
		str_clear(&head);
		if (is_lab)
			return str_starts(slash, solved) ? PART_OTHER : PART_SERVED;
	}
	return NO_PART;
}

/* What is bundled and files may name. What is wrong in it is not said here. */
static void read_known(struct call *c, struct content *known)
{
	static const char *const folders[] = {"data/exams", "data/matrix", "data/labs",
					      "data/proofs"};
	struct arena a = {0};
	struct diags ignored = {0};
	const char **files = NULL;
	struct file_stat st;
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		const char *dir = path_join(&a, c->paths->share, folders[i]);
		if (file_stat(dir, &st))
			file_walk(dir, content_suffixes, &a, &files, &n, &ignored);
	}
	for (size_t i = 0; i < n; i++)
		if (lab_part(&a, files[i]) == NO_PART)
			content_read_file(known, files[i], &ignored);
	diags_clear(&ignored);
	arena_clear(&a);
}

/* A stack of API definitions is loaded as the gateway would, with the OpenAPI files it names.
 * Nothing is run. Of a lab the learner is asked before its commands are, so they need no warning.
 */
static void lint_stack(struct call *c, const char *file, bool of_lab, struct diags *d)
{
	const struct load_options o = {.share = c->paths->share, .allow_commands = of_lab};
	struct str bytes = {0};
	struct gateway g = {0};
	if (file_read(file, MAX_DEF_BYTES, &bytes, NULL) &&
	    content_kind_of(str_c(&bytes), bytes.len) == CONTENT_STACK) {
		gateway_load(&g, &file, 1, &o, d);
		gateway_clear(&g);
	}
	str_clear(&bytes);
}

static void lint_files(struct call *c, const char *const *files, size_t n, struct diags *d)
{
	struct lint_options o = {.today = day_of(clock_now(&c->clock), 0), .max_age_d = 180};
	struct content all = {0}, known = {0};
	struct arena a = {0};
	for (size_t i = 0; i < n; i++) {
		enum lab_part part = lab_part(&a, files[i]);
		if (part == PART_SERVED ||
		    (part == NO_PART && content_read_file(&all, files[i], d)))
			lint_stack(c, files[i], part == PART_SERVED, d);
	}
	arena_clear(&a);
	read_known(c, &known);
	content_lint(&all, &known, &o, d);
	if (call_has(c, FLAG_VERBOSE) && all.deck_count)
		lint_figures(c, &all, &known);
	content_clear(&all);
	content_clear(&known);
}

static int deck_lint(struct call *c)
{
	struct arena a = {0};
	struct diags d = {0};
	const char **files;
	size_t n = 0;
	files_to_lint(c, &a, &files, &n, &d);
	for (size_t i = 0; call_has(c, FLAG_VERBOSE) && i < n; i++)
		call_note(c, files[i]);
	lint_files(c, files, n, &d);
	if (call_has(c, FLAG_JSON))
		lint_json(c, &d);
	else
		diags_print(&d, c->out);
	fflush(c->out);
	if (!call_has(c, FLAG_QUIET) && !call_has(c, FLAG_JSON))
		fprintf(c->err, "%zu %s, %zu %s, %zu %s\n", n, str_plural((long)n, "file", "files"),
			d.errors, str_plural((long)d.errors, "error", "errors"), d.warnings,
			str_plural((long)d.warnings, "warning", "warnings"));
	int code = d.errors ? EXIT_INVALID : EXIT_DONE;
	diags_clear(&d);
	arena_clear(&a);
	return code;
}

/* ---- fmt ----------------------------------------------------------------------------- */

/* *changed says whether the file is not yet in canonical layout. */
static bool format_one(struct call *c, const char *path, bool *changed, struct diags *d)
{
	struct str in = {0}, out = {0};
	bool ok = file_read(path, MAX_DECK_BYTES, &in, d) &&
		  deck_format(path, str_c(&in), in.len, &out, d);
	*changed = ok && (in.len != out.len || memcmp(str_c(&in), str_c(&out), in.len) != 0);
	if (ok && call_has(c, FLAG_WRITE))
		ok = !*changed || file_write(path, str_c(&out), out.len, d);
	else if (ok && !call_has(c, FLAG_CHECK))
		fwrite(str_c(&out), 1, out.len, c->out);
	if (ok && *changed && (call_has(c, FLAG_CHECK) || call_has(c, FLAG_WRITE))) {
		struct arena a = {0};
		fprintf(c->out, "%s\n", utf8_clean(&a, path));
		arena_clear(&a);
	}
	str_clear(&in);
	str_clear(&out);
	return ok;
}

static int deck_fmt(struct call *c)
{
	struct diags d = {0};
	bool any = false;
	if (c->arg_count < 2)
		return call_usage(c, "deck fmt takes deck files");
	if (call_has(c, FLAG_WRITE) && call_has(c, FLAG_CHECK))
		return call_usage(c, "deck fmt takes --write or --check, not both");
	for (int i = 1; i < c->arg_count; i++) {
		bool changed;
		format_one(c, c->args[i], &changed, &d);
		any = any || changed;
	}
	int code = d.errors || (any && call_has(c, FLAG_CHECK)) ? EXIT_INVALID : EXIT_DONE;
	call_report(c, &d);
	return code;
}

/* ---- new ----------------------------------------------------------------------------- */

/* "ws-errors" -> "Ws errors": a title to start from. */
static const char *title_from(struct arena *a, const char *slug)
{
	char *title = arena_strdup(a, slug);
	for (char *p = title; *p; p++)
		if (*p == '-')
			*p = ' ';
	if (title[0] >= 'a' && title[0] <= 'z')
		title[0] -= 32;
	return title;
}

static bool title_valid(struct arena *a, const char *title)
{
	return *str_trim(a, title) && str_eq(utf8_clean(a, title), title) &&
	       utf8_count(title, strlen(title)) <= MAX_TITLE;
}

static int deck_new(struct call *c)
{
	struct arena a = {0};
	struct diags d = {0};
	struct str text = {0};
	if (c->arg_count != 2)
		return call_usage(c, "deck new takes a name for the deck");
	const char *slug = c->args[1];
	if (!slug_valid(slug))
		return call_usage(c,
				  "a deck's name is lower-case letters, digits and hyphens, at "
				  "most %d: \"ws-errors\"",
				  MAX_SLUG);
	const char *title = c->value[FLAG_TITLE] ? c->value[FLAG_TITLE] : title_from(&a, slug);
	if (!title_valid(&a, title)) {
		arena_clear(&a);
		return call_usage(c, "a deck's title is one line of at most %d characters",
				  MAX_TITLE);
	}
	const char *path = path_join(&a, c->paths->own_decks, arena_printf(&a, "%s.yaml", slug));
	deck_template(&text, slug, title, date_text(&a, day_of(clock_now(&c->clock), 0)));
	bool ok = file_mkdirs(c->paths->own_decks, &d) &&
		  file_create(path, str_c(&text), text.len, &d);
	if (ok)
		fprintf(c->out, "%s\n", path);
	call_report(c, &d);
	str_clear(&text);
	arena_clear(&a);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

static const struct verb {
	const char *name;
	int (*run)(struct call *c);
	unsigned long long flags; /* of those of the command, the ones that mean something here */
} verbs[] = {
	{"list", deck_list, 0},
	{"show", deck_show, 0},
	{"lint", deck_lint, 0},
	{"fmt", deck_fmt, FLAG_BIT(FLAG_WRITE) | FLAG_BIT(FLAG_CHECK)},
	{"new", deck_new, FLAG_BIT(FLAG_TITLE)},
};

static int run_verb(struct call *c, const struct verb *v)
{
	for (int f = 0; f < FLAG_COUNT; f++)
		if (c->value[f] && (c->command->flags & ~v->flags & FLAG_BIT(f)))
			return call_usage(c, "--%s is not an option of `gatedrill deck %s`",
					  flags[f].name, v->name);
	return v->run(c);
}

int run_deck(struct call *c)
{
	const char *names[ARRAY_LEN(verbs)];
	if (!c->arg_count)
		return run_verb(c, &verbs[0]);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		names[i] = verbs[i].name;
		if (str_eq(c->args[0], verbs[i].name))
			return run_verb(c, &verbs[i]);
	}
	const char *near = suggest(c->args[0], names, ARRAY_LEN(names));
	if (near)
		return call_usage(c, "there is no `gatedrill deck %s`, did you mean \"%s\"?",
				  c->args[0], near);
	return call_usage(c, "there is no `gatedrill deck %s`", c->args[0]);
}
