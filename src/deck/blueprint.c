/* blueprint.c -- an exam's blueprint: its keys as tables, and what they must be to one another; see
 * blueprint.h.
 *
 * Exams change: codes, weights, tasks and dates are data, and no other file of the program names
 * one. What can be wrong in a table of keys record.c checks; here stands what relates values:
 * weights that sum to 100, tasks that belong to their domain, dates in order. */
#include "deck/blueprint.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/yaml.h"
#include "deck/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASK_ID 16 /* bytes, as in decks */

const char *const blueprint_type_names[BLUEPRINT_TYPE_COUNT] = {
	[BLUEPRINT_SINGLE] = "single",
	[BLUEPRINT_MULTIPLE] = "multiple",
	[BLUEPRINT_ORDERING] = "ordering",
	[BLUEPRINT_MATCHING] = "matching",
};
static const char *const type_words[] = {"single", "multiple", "ordering", "matching", NULL};
static_assert(ARRAY_LEN(type_words) == BLUEPRINT_TYPE_COUNT + 1, "every type is a word");
static const char *const format_words[] = {"1", NULL};

static const struct record_codes codes = {
	.unknown_key = "exam-unknown-key",
	.missing_key = "exam-missing-key",
	.type = "exam-type",
	.value = "exam-value",
	.slug = "exam-slug",
	.format = "exam-format",
	.unknown_source = "exam-unknown-source",
	.too_many = "exam-too-many",
	.too_long = "exam-too-long",
};

/* -- keys -------------------------------------------------------------------------------------- */

/* clang-format off */
enum { D_TITLE, D_WEIGHT, D_TASKS, D_COUNT };
static const struct record_key domain_keys[] = {
	[D_TITLE] = {.name = "title", .type = RECORD_LINE, .required = true, .max = MAX_TITLE,
		.help = "Title of the domain."},
	[D_WEIGHT] = {.name = "weight", .type = RECORD_NUMBER, .required = true,
		.min = 1, .max = 100,
		.help = "Its share of the scored questions in per cent; the weights of an exam "
			"sum to 100."},
	[D_TASKS] = {.name = "tasks", .type = RECORD_MAP, .required = true,
		.min = 1, .max = MAX_DOMAIN_TASKS, .names = "^[0-9]{1,2}(\\.[0-9]{1,3}){1,3}$",
		.help = "Its tasks: a map of task numbers, which begin with the domain's as in "
			"\"2.1\", to titles."},
};
static_assert(ARRAY_LEN(domain_keys) == D_COUNT, "every key has a row");
static const struct record_form domain_form = {"domain", domain_keys, D_COUNT};

enum { P_SHARE, P_SPREAD, P_NOTE, P_COUNT };
static const struct record_key pass_keys[] = {
	[P_SHARE] = {.name = "share", .type = RECORD_SHARE, .required = true,
		.help = "The share of the scored questions that is taken for enough, from 0 to 1."},
	[P_SPREAD] = {.name = "spread", .type = RECORD_SHARE, .required = true,
		.help = "How far off the share may be, as a standard deviation; chances of passing "
			"are computed with it."},
	[P_NOTE] = {.name = "note", .type = RECORD_TEXT, .required = true,
		.help = "Where the share comes from; shown wherever it is used."},
};
static_assert(ARRAY_LEN(pass_keys) == P_COUNT, "every key has a row");
static const struct record_form pass_form = {"pass line", pass_keys, P_COUNT};

enum {
	E_EXAM, E_TITLE, E_CODE, E_FORMAT, E_ABOUT, E_FROM, E_UNTIL, E_REPLACES, E_REPLACED_BY,
	E_MINUTES, E_EXTRA, E_SCORED, E_UNSCORED, E_TYPES, E_PASS, E_SOURCES, E_SOURCE, E_DOMAINS,
	E_COUNT
};
static const struct record_key exam_keys[] = {
	[E_EXAM] = {.name = "exam", .type = RECORD_SLUG, .required = true,
		.help = "Id of the blueprint: what decks name in their key exam."},
	[E_TITLE] = {.name = "title", .type = RECORD_LINE, .required = true, .max = MAX_TITLE,
		.help = "Name of the certification."},
	[E_CODE] = {.name = "code", .type = RECORD_LINE, .required = true, .max = MAX_SLUG,
		.help = "Code of the exam, as its provider writes it."},
	[E_FORMAT] = {.name = "format", .type = RECORD_WORD, .required = true,
		.words = format_words,
		.help = "Version of the blueprint format."},
	[E_ABOUT] = {.name = "about", .type = RECORD_TEXT,
		.help = "What there is to know about the blueprint."},
	[E_FROM] = {.name = "from", .type = RECORD_DATE,
		.help = "First day on which the exam can be sat, as YYYY-MM-DD."},
	[E_UNTIL] = {.name = "until", .type = RECORD_DATE,
		.help = "Last day on which the exam can be sat."},
	[E_REPLACES] = {.name = "replaces", .type = RECORD_SLUG,
		.help = "Id of the blueprint that this one follows."},
	[E_REPLACED_BY] = {.name = "replaced_by", .type = RECORD_SLUG,
		.help = "Id of the blueprint that follows this one."},
	[E_MINUTES] = {.name = "minutes", .type = RECORD_NUMBER, .required = true,
		.min = 1, .max = MAX_EXAM_MINUTES,
		.help = "Minutes for the whole exam."},
	[E_EXTRA] = {.name = "extra_minutes", .type = RECORD_NUMBER,
		.min = 0, .max = MAX_EXAM_MINUTES,
		.help = "Minutes more for those who were granted them, as people who sit it in a "
			"second language may be; 0 when absent."},
	[E_SCORED] = {.name = "scored", .type = RECORD_NUMBER, .required = true,
		.min = 1, .max = MAX_EXAM_ITEMS,
		.help = "Questions that count."},
	[E_UNSCORED] = {.name = "unscored", .type = RECORD_NUMBER, .required = true,
		.min = 0, .max = MAX_EXAM_ITEMS,
		.help = "Questions among them that do not count and are not marked."},
	[E_TYPES] = {.name = "types", .type = RECORD_WORDS, .required = true,
		.min = 1, .words = type_words,
		.help = "Types of questions: single has one right option, multiple two or more."},
	[E_PASS] = {.name = "pass", .type = RECORD_ONE, .required = true, .form = &pass_form,
		.help = "What the program takes for the pass line: an assumption wherever the "
			"provider publishes none."},
	[E_SOURCES] = {.name = "sources", .type = RECORD_MAP, .max = MAX_SOURCES,
		.form = &record_source,
		.help = "Where the facts come from: a map of source ids."},
	[E_SOURCE] = {.name = "source", .type = RECORD_SLUGS, .max = MAX_TAGS,
		.help = "Id of the source of the blueprint's facts, or a list of ids."},
	[E_DOMAINS] = {.name = "domains", .type = RECORD_MAP, .required = true,
		.min = 1, .max = MAX_DOMAINS, .form = &domain_form, .names = "^[0-9]{1,2}$",
		.help = "The domains in the exam's order: a map of their numbers."},
};
static_assert(ARRAY_LEN(exam_keys) == E_COUNT, "every key has a row");
static const struct record_form exam_form = {"exam", exam_keys, E_COUNT};
/* clang-format on */

/* -- domains and tasks ------------------------------------------------------------------------- */

static bool is_domain_id(const char *s)
{
	size_t n = strspn(s, "0123456789");
	return n >= 1 && n <= 2 && s[n] == '\0';
}

/* "2.1" in domain "2": numbers with dots between them, of which the domain is the first. */
static bool is_task_of(const char *task, const char *domain)
{
	size_t n = strlen(domain), len = strlen(task);
	bool digit = true;
	if (!str_starts(task, domain) || task[n] != '.' || len > MAX_TASK_ID)
		return false;
	for (size_t i = n; i < len; i++) {
		bool is_digit = task[i] >= '0' && task[i] <= '9';
		if (!is_digit && !(task[i] == '.' && digit))
			return false;
		digit = is_digit;
	}
	return digit;
}

static void read_tasks(struct record_reader *r, const struct node *n, struct blueprint_domain *out)
{
	if (!n)
		return;
	out->tasks = arena_alloc(r->arena, n->count * sizeof(*out->tasks));
	for (const struct node *e = n->child; e; e = e->next) {
		if (!is_task_of(e->key->text, out->id))
			record_error(r, e->key, "exam-task",
				     "\"%s\" is not a task of domain %s: write it as \"%s.1\"",
				     record_brief(r, e->key->text), out->id, out->id);
		if (record_line_ok(r, e, "tasks", MAX_TITLE))
			out->tasks[out->task_count++] = (struct blueprint_task){
				e->key->text, e->text, node_pos(e->key, r->file)};
	}
}

static void read_domain(struct record_reader *r, const struct node *n, struct blueprint_domain *out)
{
	struct record f;
	*out = (struct blueprint_domain){.id = n->key->text, .pos = node_pos(n->key, r->file)};
	if (!is_domain_id(out->id)) {
		record_error(r, n->key, "exam-value",
			     "\"%s\" is not the number of a domain: write it as \"1\"",
			     record_brief(r, out->id));
		return;
	}
	record_read(r, n, &domain_form, &f);
	out->title = record_text(f.v[D_TITLE]);
	out->weight = record_number(f.v[D_WEIGHT]);
	read_tasks(r, f.v[D_TASKS], out);
}

static void read_domains(struct record_reader *r, const struct node *n, struct blueprint *b)
{
	int sum = 0;
	if (!n)
		return;
	b->domains = arena_alloc(r->arena, n->count * sizeof(*b->domains));
	for (const struct node *e = n->child; e; e = e->next) {
		read_domain(r, e, &b->domains[b->domain_count]);
		sum += b->domains[b->domain_count++].weight;
	}
	if (r->ok && sum != 100)
		record_error(r, n, "exam-weights", "the weights of the domains sum to %d, not 100",
			     sum);
}

void blueprint_shares(const struct blueprint *b, int items, int *counts)
{
	bool given[MAX_DOMAINS] = {false};
	int left = items;
	for (size_t i = 0; i < b->domain_count; i++) {
		counts[i] = b->domains[i].weight * items / 100;
		left -= counts[i];
	}
	for (; left > 0; left--) {
		size_t best = b->domain_count;
		for (size_t i = 0; i < b->domain_count; i++)
			if (!given[i] && (best == b->domain_count ||
					  b->domains[i].weight * items % 100 >
						  b->domains[best].weight * items % 100))
				best = i;
		given[best] = true;
		counts[best]++;
	}
}

static void count_scored(struct blueprint *b)
{
	int counts[MAX_DOMAINS];
	blueprint_shares(b, b->scored, counts);
	for (size_t i = 0; i < b->domain_count; i++)
		b->domains[i].scored = counts[i];
}

/* -- the whole --------------------------------------------------------------------------------- */

static void read_dates(struct record_reader *r, const struct record *f, struct blueprint *b)
{
	b->has_from = f->v[E_FROM] != NULL;
	b->has_until = f->v[E_UNTIL] != NULL;
	if (b->has_from)
		date_parse(f->v[E_FROM]->text, &b->from_day);
	if (b->has_until)
		date_parse(f->v[E_UNTIL]->text, &b->until_day);
	if (b->has_from && b->has_until && b->until_day < b->from_day)
		record_error(r, f->v[E_UNTIL], "exam-dates", "\"until\" is before \"from\"");
}

static void check_links(struct record_reader *r, const struct record *f)
{
	static const int links[] = {E_REPLACES, E_REPLACED_BY};
	for (size_t i = 0; f->v[E_EXAM] && i < ARRAY_LEN(links); i++)
		if (f->v[links[i]] && str_eq(f->v[links[i]]->text, f->v[E_EXAM]->text))
			record_error(r, f->v[links[i]], "exam-value",
				     "\"%s\" must be another exam, not this one",
				     exam_keys[links[i]].name);
}

static void read_pass(struct record_reader *r, const struct node *n, struct blueprint *b)
{
	struct record f;
	if (!n)
		return;
	record_read(r, n, &pass_form, &f);
	b->pass_share = record_share(f.v[P_SHARE]);
	b->pass_spread = record_share(f.v[P_SPREAD]);
	b->pass_note = record_text(f.v[P_NOTE]);
}

static unsigned read_types(const struct node *n)
{
	unsigned types = 0;
	for (const struct node *e = n ? n->child : NULL; e; e = e->next)
		for (unsigned t = 0; t < BLUEPRINT_TYPE_COUNT; t++)
			if (str_eq(e->text, blueprint_type_names[t]))
				types |= 1u << t;
	return types;
}

static void read_exam(struct record_reader *r, const struct node *root, struct blueprint *b)
{
	struct record f;
	record_read(r, root, &exam_form, &f);
	b->id = record_text(f.v[E_EXAM]);
	b->title = record_text(f.v[E_TITLE]);
	b->code = record_text(f.v[E_CODE]);
	b->about = record_text(f.v[E_ABOUT]);
	b->replaces = record_text(f.v[E_REPLACES]);
	b->replaced_by = record_text(f.v[E_REPLACED_BY]);
	b->minutes = record_number(f.v[E_MINUTES]);
	b->extra_minutes = record_number(f.v[E_EXTRA]);
	b->scored = record_number(f.v[E_SCORED]);
	b->unscored = record_number(f.v[E_UNSCORED]);
	b->types = read_types(f.v[E_TYPES]);
	read_dates(r, &f, b);
	check_links(r, &f);
	read_pass(r, f.v[E_PASS], b);
	if (record_sources(r, f.v[E_SOURCES], &b->sources, &b->source_count))
		record_cited(r, f.v[E_SOURCE], b->sources, b->source_count, &b->cited,
			     &b->cited_count);
	read_domains(r, f.v[E_DOMAINS], b);
}

bool blueprint_read(struct blueprint *out, const char *file, const char *bytes, size_t n,
		    struct diags *d)
{
	*out = (struct blueprint){0};
	if (!yaml_read(&out->arena, file, bytes, n, &out->root, d)) {
		blueprint_clear(out);
		return false;
	}
	out->file = arena_strdup(&out->arena, file);
	out->pos = node_pos(out->root, out->file);
	struct record_reader r = {
		.file = out->file, .arena = &out->arena, .d = d, .codes = &codes, .ok = true};
	read_exam(&r, out->root, out);
	if (r.ok)
		count_scored(out);
	else
		blueprint_clear(out);
	return r.ok;
}

bool blueprint_read_file(struct blueprint *out, const char *path, struct diags *d)
{
	struct str bytes = {0};
	*out = (struct blueprint){0};
	bool ok = file_read(path, MAX_BLUEPRINT_BYTES, &bytes, d) &&
		  blueprint_read(out, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

void blueprint_clear(struct blueprint *b)
{
	arena_clear(&b->arena);
	*b = (struct blueprint){0};
}

/* -- several ----------------------------------------------------------------------------------- */

bool blueprints_read(struct blueprints *out, const char *dir, struct diags *d)
{
	struct arena a = {0};
	const char **names = NULL;
	size_t n = 0;
	*out = (struct blueprints){0};
	bool ok = file_list(dir, ".yaml", &a, &names, &n, d);
	if (ok && n > MAX_BLUEPRINTS)
		ok = diag_fail(d, "exam-too-many", "%zu files in %s; at most %d are read", n, dir,
			       MAX_BLUEPRINTS);
	if (ok)
		out->items = xcalloc(n + 1, sizeof(*out->items));
	for (size_t i = 0; out->items && i < n; i++) {
		if (blueprint_read_file(&out->items[out->count], path_join(&a, dir, names[i]), d))
			out->count++;
		else
			ok = false;
	}
	arena_clear(&a);
	return ok;
}

void blueprints_clear(struct blueprints *list)
{
	for (size_t i = 0; i < list->count; i++)
		blueprint_clear(&list->items[i]);
	free(list->items);
	*list = (struct blueprints){0};
}

const struct blueprint *blueprint_find(const struct blueprints *list, const char *id)
{
	for (size_t i = 0; list && i < list->count; i++)
		if (str_eq(list->items[i].id, id))
			return &list->items[i];
	return NULL;
}

/* 2: can be sat on the day; 1: later; 0: no more. */
static int use_on(const struct blueprint *b, int32_t day)
{
	if (b->has_from && b->from_day > day)
		return 1;
	return b->has_until && b->until_day < day ? 0 : 2;
}

/* Of two with the same use: the latest to have begun, the first to begin, the last to have ended.
 */
static bool comes_first(const struct blueprint *a, const struct blueprint *b, int use)
{
	int32_t a_from = a->has_from ? a->from_day : INT32_MIN;
	int32_t b_from = b->has_from ? b->from_day : INT32_MIN;
	if (use == 0)
		return a->until_day > b->until_day;
	return use == 1 ? a_from < b_from : a_from > b_from;
}

const struct blueprint *blueprint_in_use(const struct blueprints *list, int32_t day)
{
	const struct blueprint *best = NULL;
	int best_use = -1;
	for (size_t i = 0; i < list->count; i++) {
		const struct blueprint *b = &list->items[i];
		int use = use_on(b, day);
		if (use > best_use || (use == best_use && comes_first(b, best, use))) {
			best = b;
			best_use = use;
		}
	}
	return best;
}

/* -- tasks ------------------------------------------------------------------------------------- */

static const struct blueprint_task *find_task(const struct blueprint *b, const char *task,
					      const struct blueprint_domain **domain)
{
	for (size_t i = 0; i < b->domain_count; i++)
		for (size_t j = 0; j < b->domains[i].task_count; j++)
			if (str_eq(b->domains[i].tasks[j].id, task)) {
				*domain = &b->domains[i];
				return &b->domains[i].tasks[j];
			}
	*domain = NULL;
	return NULL;
}

const struct blueprint_domain *blueprint_domain_of(const struct blueprint *b, const char *task)
{
	const struct blueprint_domain *domain;
	find_task(b, task, &domain);
	return domain;
}

const struct blueprint_task *blueprint_task(const struct blueprint *b, const char *task)
{
	const struct blueprint_domain *domain;
	return find_task(b, task, &domain);
}

void blueprint_schema(struct str *out)
{
	record_schema(out, &exam_form, "gatedrill exam",
		      "The blueprint of an exam. Generated from the program's table of keys; see "
		      "gatedrill-exam(5).");
}

void blueprint_keys_mdoc(struct str *out)
{
	record_mdoc(out, &exam_form);
}
