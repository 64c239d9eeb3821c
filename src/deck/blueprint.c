/* blueprint.c -- an exam's blueprint: its keys as tables, and what they must be to one another; see
 * blueprint.h.
 *
 * Exams change: codes, weights, tasks and dates are data, and no other file of the program names
 * one. What a table of keys can say spec.c checks; here stands what relates values: weights that
 * sum to 100, tasks that belong to their domain, dates in order. */
#include "deck/blueprint.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/yaml.h"
#include "deck/spec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *const blueprint_type_names[BLUEPRINT_TYPE_COUNT] = {
	[BLUEPRINT_SINGLE] = "single",
	[BLUEPRINT_MULTIPLE] = "multiple",
	[BLUEPRINT_ORDERING] = "ordering",
	[BLUEPRINT_MATCHING] = "matching",
};
static const char *const type_words[] = {"single", "multiple", "ordering", "matching", NULL};
static_assert(ARRAY_LEN(type_words) == BLUEPRINT_TYPE_COUNT + 1, "every type is a word");
static const char *const format_words[] = {"1", NULL};

/* -- keys -------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct spec_key type_value = {.name = "types", .type = SPEC_WORD, .words = type_words};
static const struct spec_key title_value = {
	.name = "tasks", .type = SPEC_LINE, .max = MAX_TITLE};

static const struct spec_key task_label = {.name = "tasks", .type = SPEC_TASK};
static const struct spec_key domain_label = {.name = "domains", .type = SPEC_TASK};

static const struct spec_key domain_keys[] = {
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "Title of the domain."},
	{.name = "weight", .type = SPEC_NUMBER, .required = true, .min = 1, .max = 100,
		.help = "Its share of the scored questions in per cent; the weights of an exam "
			"sum to 100."},
	{.name = "tasks", .type = SPEC_MAP, .required = true, .label = &task_label,
		.min = 1, .max = MAX_DOMAIN_TASKS, .value = &title_value,
		.help = "Its tasks: a map of task numbers, which begin with the domain's as in "
			"\"2.1\", to titles."},
};
static const struct spec_place domain_place = {
	"domain", "Keys of a domain", domain_keys, ARRAY_LEN(domain_keys)};
static const struct spec_key domain_value = {
	.name = "domain", .type = SPEC_PLACE, .place = &domain_place};

static const struct spec_key pass_keys[] = {
	{.name = "share", .type = SPEC_SHARE, .required = true,
		.help = "The share of the scored questions that is taken for enough, from 0 to 1."},
	{.name = "spread", .type = SPEC_SHARE, .required = true,
		.help = "How far off the share may be, as a standard deviation; chances of passing "
			"are computed with it."},
	{.name = "note", .type = SPEC_TEXT, .required = true, .about = true,
		.help = "Where the share comes from; shown wherever it is used."},
};
static const struct spec_place pass_place = {
	"pass line", "Keys of a pass line", pass_keys, ARRAY_LEN(pass_keys)};

static const struct spec_key exam_keys[] = {
	{.name = "exam", .type = SPEC_SLUG, .required = true,
		.help = "Id of the blueprint: what decks name in their key exam."},
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "Name of the certification."},
	{.name = "code", .type = SPEC_LINE, .required = true, .max = MAX_SLUG,
		.help = "Code of the exam, as its provider writes it."},
	{.name = "format", .type = SPEC_WORD, .required = true, .words = format_words,
		.help = "Version of the blueprint format."},
	{.name = "about", .type = SPEC_TEXT, .about = true,
		.help = "What there is to know about the blueprint."},
	{.name = "from", .type = SPEC_DATE,
		.help = "First day on which the exam can be sat, as YYYY-MM-DD."},
	{.name = "until", .type = SPEC_DATE,
		.help = "Last day on which the exam can be sat."},
	{.name = "replaces", .type = SPEC_SLUG,
		.help = "Id of the blueprint that this one follows."},
	{.name = "replaced_by", .type = SPEC_SLUG,
		.help = "Id of the blueprint that follows this one."},
	{.name = "minutes", .type = SPEC_NUMBER, .required = true,
		.min = 1, .max = MAX_EXAM_MINUTES,
		.help = "Minutes for the whole exam."},
	{.name = "extra_minutes", .type = SPEC_NUMBER, .min = 0, .max = MAX_EXAM_MINUTES,
		.help = "Minutes more for those who were granted them, as people who sit it in a "
			"second language may be; 0 when absent."},
	{.name = "scored", .type = SPEC_NUMBER, .required = true, .min = 1, .max = MAX_EXAM_ITEMS,
		.help = "Questions that count."},
	{.name = "unscored", .type = SPEC_NUMBER, .required = true,
		.min = 0, .max = MAX_EXAM_ITEMS,
		.help = "Questions among them that do not count and are not marked."},
	{.name = "types", .type = SPEC_LIST, .required = true, .min = 1, .value = &type_value,
		.max = BLUEPRINT_TYPE_COUNT,
		.help = "Types of questions: single has one right option, multiple two or more; "
			"ordering and matching are as in decks."},
	{.name = "pass", .type = SPEC_PLACE, .required = true, .place = &pass_place,
		.help = "What the program takes for the pass line: an assumption wherever the "
			"provider publishes none."},
	{.name = "sources", .type = SPEC_MAP, .max = MAX_SOURCES, .value = &spec_source_value,
		.help = "Where the facts come from: a map of source ids."},
	{.name = "source", .type = SPEC_LIST, .one = true, .max = MAX_TAGS,
		.value = &spec_slug_value,
		.help = "Id of the source of the blueprint's facts, or a list of ids."},
	{.name = "domains", .type = SPEC_MAP, .required = true, .label = &domain_label,
		.min = 1, .max = MAX_DOMAINS, .value = &domain_value,
		.help = "The domains in the exam's order: a map of their numbers, as \"1\"."},
};
static const struct spec_place exam_place = {
	"exam", "Keys of an exam", exam_keys, ARRAY_LEN(exam_keys)};
/* clang-format on */

/* -- domains and tasks ------------------------------------------------------------------------- */

static int number_of(const struct node *map, const char *key)
{
	const char *text = node_text(map, key);
	return text ? atoi(text) : 0;
}

/* "2.1" in domain "2". */
static bool is_task_of(const char *task, const char *domain)
{
	return str_starts(task, domain) && task[strlen(domain)] == '.';
}

static void read_domain(struct spec_reader *r, const struct node *n, struct blueprint_domain *out)
{
	const struct node *tasks = node_get(n, "tasks");
	*out = (struct blueprint_domain){
		.id = n->key->text,
		.title = node_text(n, "title"),
		.weight = number_of(n, "weight"),
		.tasks = arena_alloc(r->arena, tasks->count * sizeof(*out->tasks)),
		.pos = node_pos(n->key, r->file),
	};
	if (strchr(out->id, '.'))
		SPEC_ERROR(r, n->key, "exam-task", "\"%s\" is a task, not a domain", out->id);
	for (const struct node *e = tasks->child; e; e = e->next) {
		if (!is_task_of(e->key->text, out->id))
			SPEC_ERROR(r, e->key, "exam-task",
				   "\"%s\" is not a task of domain %s: write it as \"%s.1\"",
				   e->key->text, out->id, out->id);
		out->tasks[out->task_count++] =
			(struct blueprint_task){e->key->text, e->text, node_pos(e->key, r->file)};
	}
}

static void read_domains(struct spec_reader *r, const struct node *n, struct blueprint *b)
{
	int sum = 0;
	b->domains = arena_alloc(r->arena, n->count * sizeof(*b->domains));
	for (const struct node *e = n->child; e; e = e->next) {
		read_domain(r, e, &b->domains[b->domain_count]);
		sum += b->domains[b->domain_count++].weight;
	}
	if (sum != 100)
		SPEC_ERROR(r, n, "exam-weights", "the weights of the domains sum to %d, not 100",
			   sum);
}

/* Of the domains not yet given one more, that with the largest remainder. */
static size_t largest_remainder(const struct blueprint *b, int items, const bool *given)
{
	size_t best = 0;
	int most = -1;
	for (size_t i = 0; i < b->domain_count; i++) {
		int rest = b->domains[i].weight * items % 100;
		if (!given[i] && rest > most) {
			most = rest;
			best = i;
		}
	}
	return best;
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
		size_t i = largest_remainder(b, items, given);
		given[i] = true;
		counts[i]++;
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

static bool read_date(const struct node *root, const char *key, int32_t *day)
{
	const char *text = node_text(root, key);
	return text && date_parse(text, day);
}

static void read_dates(struct spec_reader *r, const struct node *root, struct blueprint *b)
{
	b->has_from = read_date(root, "from", &b->from_day);
	b->has_until = read_date(root, "until", &b->until_day);
	if (b->has_from && b->has_until && b->until_day < b->from_day)
		SPEC_ERROR(r, node_get(root, "until"), "exam-dates",
			   "\"until\" is before \"from\"");
}

static const char *read_link(struct spec_reader *r, const struct node *root, const char *key)
{
	const char *id = node_text(root, key);
	if (id && str_eq(id, node_text(root, "exam")))
		SPEC_ERROR(r, node_get(root, key), "exam-replaces",
			   "\"%s\" must be another exam, not this one", key);
	return id;
}

static unsigned read_types(struct spec_reader *r, const struct node *n)
{
	unsigned types = 0;
	for (const struct node *e = n->child; e; e = e->next) {
		unsigned t = 0;
		while (!str_eq(e->text, blueprint_type_names[t]))
			t++;
		if (types >> t & 1)
			SPEC_ERROR(r, e, "exam-types", "\"%s\" stands twice", e->text);
		types |= 1u << t;
	}
	return types;
}

static void read_pass(const struct node *n, struct blueprint *b)
{
	str_to_double(node_text(n, "share"), 0, 1, &b->pass_share);
	str_to_double(node_text(n, "spread"), 0, 1, &b->pass_spread);
	b->pass_note = node_text(n, "note");
}

/* root was checked: what is required is there, and each value is of its type. */
static void read_exam(struct spec_reader *r, const struct node *root, struct blueprint *b)
{
	b->id = node_text(root, "exam");
	b->title = node_text(root, "title");
	b->code = node_text(root, "code");
	b->about = node_text(root, "about");
	b->replaces = read_link(r, root, "replaces");
	b->replaced_by = read_link(r, root, "replaced_by");
	b->minutes = number_of(root, "minutes");
	b->extra_minutes = number_of(root, "extra_minutes");
	b->scored = number_of(root, "scored");
	b->unscored = number_of(root, "unscored");
	b->types = read_types(r, node_get(root, "types"));
	read_dates(r, root, b);
	read_pass(node_get(root, "pass"), b);
	b->sources = spec_sources(r, node_get(root, "sources"), &b->source_count);
	b->cited = spec_cited(r, node_get(root, "source"), b->sources, b->source_count,
			      &b->cited_count);
	read_domains(r, node_get(root, "domains"), b);
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
	struct spec_reader r = {.file = out->file, .arena = &out->arena, .d = d, .ok = true};
	if (spec_check_root(&r, out->root, &exam_place))
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
		ok = diag_fail(d, "data-too-many", "%zu files in %s; at most %d are read", n, dir,
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
	spec_schema(out, &exam_place, "gatedrill exam",
		    "The blueprint of an exam. Generated from the program's table of keys; see "
		    "gatedrill-exam(5).");
}

void blueprint_keys_mdoc(struct str *out)
{
	static const struct spec_place *const places[] = {&exam_place, &pass_place, &domain_place,
							  &spec_source_place};
	spec_mdoc(out, places, ARRAY_LEN(places));
}
