/* spec.c -- a tree checked against tables of keys; see spec.h.
 *
 * The whole file is checked before anything is converted, so that the readers never meet a value
 * that is absent, of another type or too large, and need no checks of their own for that. Every
 * error is reported where its value stands and checking goes on: one slip, one message. */
#include "deck/spec.h"

#include "base/clock.h"
#include "base/suggest.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define MAX_PLACE_KEYS 40
#define MAX_SUGGESTIONS 50

const struct spec_key spec_slug_value = {.name = "id", .type = SPEC_SLUG};

static const struct spec_key source_keys[] = {
	{.name = "title",
	 .type = SPEC_LINE,
	 .required = true,
	 .max = MAX_TITLE,
	 .help = "Title of the page."},
	{.name = "url", .type = SPEC_URL, .required = true, .help = "Its address."},
	{.name = "checked",
	 .type = SPEC_DATE,
	 .help = "The day on which the page was last compared with what is said here."},
};
const struct spec_place spec_source_place = {"source", "Keys of a source", source_keys,
					     ARRAY_LEN(source_keys)};
const struct spec_key spec_source_value = {
	.name = "source", .type = SPEC_PLACE, .place = &spec_source_place};

const char *spec_brief(struct spec_reader *r, const char *text)
{
	return utf8_ellipsis(r->arena, arena_strndup(r->arena, text, 200), 40);
}

/* -- scalars ----------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(const char *s)
{
	if (!is_letter(*s) || strlen(s) > MAX_SLUG)
		return false;
	while (is_letter(*s) || (*s >= '0' && *s <= '9') || *s == '_' || *s == '-')
		s++;
	return !*s;
}

static bool is_share(const char *s)
{
	double v;
	return strlen(s) <= MAX_SLUG && str_to_double(s, 0, 1, &v);
}

bool spec_span(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}};
	char digits[16] = "";
	size_t n = strspn(text, "0123456789");
	long long v;
	if (n >= sizeof(digits))
		return false;
	memcpy(digits, text, n);
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strcmp(units[i].unit, text + n) == 0 &&
		    str_to_i64(digits, 0, max_ms / units[i].ms, &v) && v * units[i].ms >= min_ms) {
			*ms = v * units[i].ms;
			return true;
		}
	return false;
}

bool spec_status(const char *text, int *from, int *to)
{
	long long v;
	if (text[0] >= '1' && text[0] <= '5' && strcmp(text + 1, "xx") == 0) {
		*from = (text[0] - '0') * 100;
		*to = *from + 99;
		return true;
	}
	if (!str_to_i64(text, 100, 599, &v) && !str_to_i64(text, 1000, 4999, &v))
		return false;
	*from = *to = (int)v;
	return true;
}

/* A token of RFC 9110, 5.6.2. */
static bool is_header(const char *s)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strspn(s, token);
	return n > 0 && n <= MAX_SPEC_HEADER && !s[n];
}

static bool is_month(const char *s)
{
	char day[16];
	int32_t unused;
	size_t n = strlen(s);
	if (n != 4 && n != 7)
		return false;
	snprintf(day, sizeof(day), "%s%s", s, n == 4 ? "-01-01" : "-01");
	return date_parse(day, &unused);
}

static bool is_card(const char *s)
{
	char deck[MAX_SLUG + 1];
	const char *slash = strchr(s, '/');
	if (!slash || slash - s > MAX_SLUG)
		return false;
	memcpy(deck, s, (size_t)(slash - s));
	deck[slash - s] = '\0';
	return slug_valid(deck) && slug_valid(slash + 1);
}

static bool is_word(const char *s, const char *const *words)
{
	for (size_t i = 0; words && words[i]; i++)
		if (strcmp(words[i], s) == 0)
			return true;
	return false;
}

static bool value_error(struct spec_reader *r, const struct node *n, const char *name,
			const char *problem)
{
	return SPEC_ERROR(r, n, "data-value", "\"%s\" %s", name, problem);
}

static bool word_error(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	struct str all = {0};
	for (size_t i = 0; key->words[i]; i++)
		str_addf(&all, "%s%s",
			 i == 0              ? ""
			 : key->words[i + 1] ? ", "
					     : " or ",
			 key->words[i]);
	SPEC_ERROR(r, n, "data-value", "\"%s\" must be %s, not \"%s\"", key->name, str_c(&all),
		   spec_brief(r, n->text));
	str_clear(&all);
	return false;
}

static bool number_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	long long v;
	if (is_word(n->text, key->words) ||
	    str_to_i64(n->text, (long long)key->min, (long long)key->max, &v))
		return true;
	return SPEC_ERROR(r, n, "data-value", "\"%s\" must be a number from %zu to %zu%s%s",
			  key->name, key->min, key->max, key->words ? ", or " : "",
			  key->words ? key->words[0] : "");
}

static bool amount_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	double v;
	if (n->len <= MAX_SLUG && str_to_double(n->text, 0.01, (double)key->max, &v))
		return true;
	return SPEC_ERROR(r, n, "data-value", "\"%s\" must be a number from 0.01 to %zu", key->name,
			  key->max);
}

static bool span_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	int64_t ms;
	if (spec_span(n->text, (int64_t)key->min, (int64_t)key->max, &ms))
		return true;
	return SPEC_ERROR(
		r, n, "data-value",
		"\"%s\" must be a time such as 500ms, 2s, 11m or 2h, from %zu ms to %zu s",
		key->name, key->min, key->max / 1000);
}

static bool slug_ok(struct spec_reader *r, const struct node *n, const char *text)
{
	return slug_valid(text) ||
	       SPEC_ERROR(r, n, "data-slug",
			  "\"%s\" is not an id: use a-z, 0-9 and '-', at most %d of them, with a "
			  "letter or digit first",
			  spec_brief(r, text), MAX_SLUG);
}

/* What all scalars must be: text that is not blank and holds no NUL. */
static bool text_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	if (n->kind == NODE_LIST || n->kind == NODE_MAP || n->kind == NODE_NULL)
		return SPEC_ERROR(r, n, "data-type", "\"%s\" must be text, not %s", key->name,
				  node_kind_name(n->kind));
	if (memchr(n->text, '\0', n->len))
		return value_error(r, n, key->name, "holds a NUL character");
	if (!key->empty && !n->text[strspn(n->text, " \t\r\n")])
		return value_error(r, n, key->name, "is empty");
	return true;
}

static bool length_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	size_t max = key->max ? key->max : MAX_CARD_TEXT;
	if (key->type == SPEC_LINE && strpbrk(n->text, "\r\n"))
		return value_error(r, n, key->name, "must be one line");
	return n->len <= max ||
	       SPEC_ERROR(r, n, "data-too-long", "\"%s\" has %zu bytes, at most %zu are allowed",
			  key->name, n->len, max);
}

static bool scalar_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	int32_t day;
	int from, to;
	switch (key->type) {
	case SPEC_SLUG:
	case SPEC_STEP:
		return slug_ok(r, n, n->text);
	case SPEC_BRANCH:
		return slug_ok(r, n, n->text + (n->text[0] == '='));
	case SPEC_NAME:
		return is_name(n->text) ||
		       value_error(r, n, key->name,
				   "must be a name: letters, digits, '_' and '-', a letter first");
	case SPEC_LINE:
	case SPEC_TEXT:
		return length_ok(r, n, key);
	case SPEC_WORD:
		return is_word(n->text, key->words) || word_error(r, n, key);
	case SPEC_NUMBER:
		return number_ok(r, n, key);
	case SPEC_SHARE:
		return is_share(n->text) ||
		       value_error(r, n, key->name, "must be a share from 0 to 1, such as 0.72");
	case SPEC_AMOUNT:
		return amount_ok(r, n, key);
	case SPEC_SPAN:
		return span_ok(r, n, key);
	case SPEC_STATUS:
		return spec_status(n->text, &from, &to) ||
		       value_error(r, n, key->name, "must be a status such as 429 or 4xx");
	case SPEC_HEADER:
		return is_header(n->text) ||
		       value_error(r, n, key->name, "must be the name of a header");
	case SPEC_TASK:
		return task_valid(n->text) ||
		       value_error(r, n, key->name, "must be a number such as 2 or 2.1");
	case SPEC_DATE:
		return date_parse(n->text, &day) ||
		       value_error(r, n, key->name, "must be a date that exists, as YYYY-MM-DD");
	case SPEC_MONTH:
		return is_month(n->text) ||
		       value_error(r, n, key->name, "must be a month or a year: YYYY-MM or YYYY");
	case SPEC_URL:
		return url_valid(n->text) ||
		       value_error(r, n, key->name, "must be an address that starts with https://");
	case SPEC_CARD:
		return is_card(n->text) ||
		       value_error(r, n, key->name, "must be a card, as deck/id");
	case SPEC_LIST:
	case SPEC_MAP:
	case SPEC_PLACE:
		break;
	}
	return false;
}

/* -- lists and maps ---------------------------------------------------------------------------- */

static bool count_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	if (n->count < key->min)
		return SPEC_ERROR(r, n, "data-value", "\"%s\" needs at least %zu, this has %zu",
				  key->name, key->min, n->count);
	if (key->max && n->count > key->max)
		return SPEC_ERROR(r, n, "data-too-many",
				  "\"%s\" has %zu entries, at most %zu are allowed", key->name,
				  n->count, key->max);
	return true;
}

static bool list_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	bool ok = true;
	if (n->kind != NODE_LIST && key->one && key->min < 2)
		return spec_check(r, n, key->value);
	if (n->kind != NODE_LIST)
		return SPEC_ERROR(r, n, "data-type", "\"%s\" must be a list, not %s", key->name,
				  node_kind_name(n->kind));
	if (!count_ok(r, n, key))
		return false;
	for (const struct node *e = n->child; e; e = e->next)
		ok &= spec_check(r, e, key->value);
	return ok;
}

static bool map_ok(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	const struct spec_key *label = key->label ? key->label : &spec_slug_value;
	bool ok = true;
	if (n->kind != NODE_MAP)
		return SPEC_ERROR(r, n, "data-type", "\"%s\" must be a map, not %s", key->name,
				  node_kind_name(n->kind));
	if (!count_ok(r, n, key))
		return false;
	for (const struct node *e = n->child; e; e = e->next) {
		ok &= spec_check(r, e->key, label);
		ok &= spec_check(r, e, key->value);
	}
	return ok;
}

static const struct spec_key *find_key(const struct spec_place *p, const struct node *key)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->keys[i].name, key->text) == 0 && key->len == strlen(p->keys[i].name))
			return &p->keys[i];
	return NULL;
}

static bool unknown_key(struct spec_reader *r, const struct node *key, const struct spec_place *p)
{
	const char *names[MAX_PLACE_KEYS];
	for (size_t i = 0; i < p->count; i++)
		names[i] = p->keys[i].name;
	const char *near = key->len <= MAX_SLUG ? suggest(key->text, names, p->count) : NULL;
	if (near)
		return SPEC_ERROR(r, key, "data-unknown-key",
				  "unknown key \"%s\", did you mean \"%s\"?",
				  spec_brief(r, key->text), near);
	return SPEC_ERROR(r, key, "data-unknown-key", "unknown key \"%s\": no %s has it",
			  spec_brief(r, key->text), p->name);
}

static bool place_ok(struct spec_reader *r, const struct node *n, const struct spec_place *p)
{
	bool seen[MAX_PLACE_KEYS] = {false}, ok = true;
	assert(p->count <= MAX_PLACE_KEYS);
	if (n->kind != NODE_MAP)
		return SPEC_ERROR(r, n, "data-type", "a %s must be a map of keys, not %s", p->name,
				  node_kind_name(n->kind));
	for (const struct node *e = n->child; e; e = e->next) {
		const struct spec_key *key = find_key(p, e->key);
		if (key)
			seen[key - p->keys] = true;
		ok &= key ? spec_check(r, e, key) : unknown_key(r, e->key, p);
	}
	for (size_t i = 0; i < p->count; i++)
		if (p->keys[i].required && !seen[i])
			ok = SPEC_ERROR(r, n, "data-missing-key",
					"\"%s\" is missing: every %s needs it", p->keys[i].name,
					p->name);
	return ok;
}

bool spec_check(struct spec_reader *r, const struct node *n, const struct spec_key *key)
{
	if (key->type == SPEC_PLACE || (key->type == SPEC_STEP && n->kind == NODE_MAP))
		return place_ok(r, n, key->place);
	if (key->type == SPEC_MAP)
		return map_ok(r, n, key);
	if (key->type == SPEC_LIST)
		return list_ok(r, n, key);
	return text_ok(r, n, key) && scalar_ok(r, n, key);
}

bool spec_check_root(struct spec_reader *r, const struct node *root, const struct spec_place *p)
{
	return place_ok(r, root, p);
}

/* -- what was checked, converted --------------------------------------------------------------- */

const char **spec_texts(struct spec_reader *r, const struct node *n, size_t *count)
{
	bool list = n && n->kind == NODE_LIST;
	size_t i = 0;
	*count = list ? n->count : n != NULL;
	if (*count == 0)
		return NULL;
	const char **out = arena_alloc(r->arena, *count * sizeof(*out));
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL)
		out[i++] = e->text;
	return out;
}

struct source *spec_sources(struct spec_reader *r, const struct node *n, size_t *count)
{
	*count = n ? n->count : 0;
	struct source *out = arena_alloc(r->arena, (*count + 1) * sizeof(*out));
	struct source *s = out;
	for (const struct node *e = n ? n->child : NULL; e; e = e->next, s++) {
		const char *checked = node_text(e, "checked");
		*s = (struct source){
			.id = e->key->text,
			.title = node_text(e, "title"),
			.url = node_text(e, "url"),
			.pos = node_pos(e->key, r->file),
		};
		s->has_checked = checked && date_parse(checked, &s->checked_day);
	}
	return out;
}

void spec_unknown(struct spec_reader *r, const struct node *n, const char *code, const char *what,
		  const char *const *names, size_t count)
{
	const char *text = spec_brief(r, n->text);
	const char *near = NULL;
	if (n->len <= MAX_SLUG && r->suggestions++ < MAX_SUGGESTIONS)
		near = suggest(n->text, names, count);
	if (near)
		SPEC_ERROR(r, n, code, "unknown %s \"%s\", did you mean \"%s\"?", what, text, near);
	else
		SPEC_ERROR(r, n, code, "unknown %s \"%s\"", what, text);
}

const struct source **spec_cited(struct spec_reader *r, const struct node *n,
				 const struct source *sources, size_t count, size_t *cited)
{
	bool list = n && n->kind == NODE_LIST;
	const struct source **out =
		arena_alloc(r->arena, ((list ? n->count : 1) + 1) * sizeof(const void *));
	const char **names = arena_alloc(r->arena, (count + 1) * sizeof(*names));
	*cited = 0;
	for (size_t i = 0; i < count; i++)
		names[i] = sources[i].id;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL) {
		size_t k = 0;
		while (k < count && strcmp(sources[k].id, e->text) != 0)
			k++;
		if (k < count)
			out[(*cited)++] = &sources[k];
		else
			spec_unknown(r, e, "data-unknown-source", "source", names, count);
	}
	return out;
}
