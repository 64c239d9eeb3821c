/* record.c -- maps of data files read by tables of keys; see record.h.
 *
 * Decks have a reader of their own (fields.c), since a card's keys depend on its kind and there are
 * many cards. Blueprints, matrices and trees are small and alike: each states its keys as tables,
 * and everything a table can say is checked here, in the same words for all. As with decks, every
 * error is reported where its value stands, and reading goes on. */
#include "deck/record.h"

#include "base/clock.h"
#include "base/suggest.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RECORD_TEXT MAX_CARD_TEXT /* bytes of one text */
#define MAX_SHARE 32                  /* bytes of a number */

static struct pos at(const struct record_reader *r, const struct node *n)
{
	return node_pos(n, r->file);
}

bool record_error(struct record_reader *r, const struct node *n, const char *code, const char *fmt,
		  ...)
{
	char *text = NULL;
	va_list ap;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	r->ok = diag_error(r->d, at(r, n), code, "%s", text ? text : "");
	free(text);
	return false;
}

const char *record_brief(struct record_reader *r, const char *text)
{
	return utf8_ellipsis(r->arena, arena_strndup(r->arena, text, 200), 40);
}

static bool type_error(struct record_reader *r, const struct node *n, const char *name,
		       const char *wanted)
{
	return record_error(r, n, r->codes->type, "\"%s\" must be %s, not %s", name, wanted,
			    node_kind_name(n->kind));
}

static bool value_error(struct record_reader *r, const struct node *n, const char *name,
			const char *problem)
{
	return record_error(r, n, r->codes->value, "\"%s\" %s", name, problem);
}

/* -- texts ------------------------------------------------------------------------------------- */

static bool text_ok(struct record_reader *r, const struct node *n, const char *name, bool line,
		    size_t max)
{
	if (n->kind == NODE_LIST || n->kind == NODE_MAP || n->kind == NODE_NULL)
		return type_error(r, n, name, "text");
	if (n->text[strspn(n->text, " \t\r\n")] == '\0')
		return value_error(r, n, name, "is empty");
	if (line && strpbrk(n->text, "\r\n"))
		return value_error(r, n, name, "must be one line");
	if (n->len > MAX_RECORD_TEXT)
		return record_error(r, n, r->codes->too_long,
				    "\"%s\" has %zu bytes, at most %d are allowed", name, n->len,
				    MAX_RECORD_TEXT);
	size_t count = max ? utf8_count(n->text, n->len) : 0;
	if (count > max)
		return record_error(r, n, r->codes->too_long,
				    "\"%s\" has %zu characters, at most %zu are allowed", name,
				    count, max);
	return true;
}

bool record_line_ok(struct record_reader *r, const struct node *n, const char *name, size_t max)
{
	return text_ok(r, n, name, true, max);
}

static bool slug_ok(struct record_reader *r, const struct node *n, const char *name)
{
	return text_ok(r, n, name, true, 0) &&
	       (slug_valid(n->text) ||
		record_error(r, n, r->codes->slug,
			     "\"%s\" is not an id: use a-z, 0-9 and '-', at most %d of them, with "
			     "a letter or digit first",
			     record_brief(r, n->text), MAX_SLUG));
}

bool record_slug_ok(struct record_reader *r, const struct node *n)
{
	return slug_ok(r, n, "id");
}

static bool word_known(const struct record_key *k, const char *word)
{
	for (size_t i = 0; k->words[i]; i++)
		if (str_eq(k->words[i], word))
			return true;
	return false;
}

static bool word_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	if (!text_ok(r, n, k->name, true, 0))
		return false;
	if (word_known(k, n->text))
		return true;
	bool format = str_eq(k->name, "format");
	struct str all = {0};
	for (size_t i = 0; k->words[i]; i++)
		str_addf(&all, "%s%s", i == 0 ? "" : k->words[i + 1] ? ", " : " or ", k->words[i]);
	record_error(r, n, format ? r->codes->format : r->codes->value,
		     "\"%s\" must be %s, not \"%s\"%s", k->name, str_c(&all),
		     record_brief(r, n->text),
		     format ? "; a newer version of the program may read it" : "");
	str_clear(&all);
	return false;
}

/* -- lists and maps ---------------------------------------------------------------------------- */

static bool count_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	if (n->count < k->min)
		return record_error(r, n, r->codes->value,
				    "\"%s\" needs at least %zu, this has %zu", k->name, k->min,
				    n->count);
	if (k->max && n->count > k->max)
		return record_error(r, n, r->codes->too_many,
				    "\"%s\" has %zu entries, at most %zu are allowed", k->name,
				    n->count, k->max);
	return true;
}

/* A list, or one in place of a list of one, in which each entry is ok. */
static bool each_ok(struct record_reader *r, const struct node *n, const struct record_key *k,
		    bool (*ok)(struct record_reader *r, const struct node *n,
			       const struct record_key *k))
{
	bool good = true;
	if (n->kind == NODE_MAP)
		return type_error(r, n, k->name, "text or a list of texts");
	if (n->kind != NODE_LIST)
		return ok(r, n, k);
	if (!count_ok(r, n, k))
		return false;
	for (const struct node *e = n->child; e; e = e->next)
		good &= ok(r, e, k);
	return good;
}

static bool entry_line(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	return text_ok(r, n, k->name, true, 0);
}

static bool entry_slug(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	return slug_ok(r, n, k->name);
}

static bool words_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	bool ok = true;
	if (n->kind != NODE_LIST)
		return type_error(r, n, k->name, "a list");
	if (!count_ok(r, n, k))
		return false;
	for (const struct node *e = n->child; e; e = e->next) {
		ok &= word_ok(r, e, k);
		for (const struct node *before = n->child; before != e; before = before->next)
			if (before->kind == NODE_TEXT && str_eq(before->text, e->text))
				ok = record_error(r, e, r->codes->value,
						  "\"%s\" stands twice in \"%s\"",
						  record_brief(r, e->text), k->name);
	}
	return ok;
}

/* -- values ------------------------------------------------------------------------------------ */

static bool number_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	long long v;
	return text_ok(r, n, k->name, true, 0) &&
	       (str_to_i64(n->text, (long long)k->min, (long long)k->max, &v) ||
		record_error(r, n, r->codes->value, "\"%s\" must be a number from %zu to %zu",
			     k->name, k->min, k->max));
}

static bool share_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	double v;
	return text_ok(r, n, k->name, true, 0) &&
	       ((n->len <= MAX_SHARE && str_to_double(n->text, 0, 1, &v)) ||
		value_error(r, n, k->name, "must be a share from 0 to 1, such as 0.72"));
}

static bool date_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	int32_t day;
	return text_ok(r, n, k->name, true, 0) &&
	       (date_parse(n->text, &day) ||
		value_error(r, n, k->name, "must be a date that exists, as YYYY-MM-DD"));
}

static bool url_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	return text_ok(r, n, k->name, true, 0) &&
	       (url_valid(n->text) ||
		value_error(r, n, k->name, "must be an address that starts with https://"));
}

static bool value_ok(struct record_reader *r, const struct node *n, const struct record_key *k)
{
	switch (k->type) {
	case RECORD_SLUG:
		return slug_ok(r, n, k->name);
	case RECORD_LINE:
		return text_ok(r, n, k->name, true, k->max);
	case RECORD_TEXT:
		return text_ok(r, n, k->name, false, 0);
	case RECORD_NUMBER:
		return number_ok(r, n, k);
	case RECORD_SHARE:
		return share_ok(r, n, k);
	case RECORD_DATE:
		return date_ok(r, n, k);
	case RECORD_URL:
		return url_ok(r, n, k);
	case RECORD_WORD:
		return word_ok(r, n, k);
	case RECORD_WORDS:
		return words_ok(r, n, k);
	case RECORD_SLUGS:
		return each_ok(r, n, k, entry_slug);
	case RECORD_LINES:
		return each_ok(r, n, k, entry_line);
	case RECORD_ONE:
		return n->kind == NODE_MAP || type_error(r, n, k->name, "a map of keys");
	case RECORD_MAP:
		return n->kind == NODE_MAP ? count_ok(r, n, k) : type_error(r, n, k->name, "a map");
	case RECORD_LIST:
		return n->kind == NODE_LIST ? count_ok(r, n, k)
					    : type_error(r, n, k->name, "a list");
	}
	return false;
}

/* -- a map ------------------------------------------------------------------------------------- */

static size_t key_find(const struct record_form *form, const struct node *name)
{
	size_t i = 0;
	while (i < form->count &&
	       !(str_eq(form->keys[i].name, name->text) && strlen(form->keys[i].name) == name->len))
		i++;
	return i;
}

static void unknown_key(struct record_reader *r, const struct node *key,
			const struct record_form *form)
{
	const char *names[MAX_RECORD_KEYS];
	for (size_t i = 0; i < form->count; i++)
		names[i] = form->keys[i].name;
	const char *near = key->len > MAX_SLUG ? NULL : suggest(key->text, names, form->count);
	const char *name = record_brief(r, key->text);
	if (near)
		record_error(r, key, r->codes->unknown_key,
			     "unknown key \"%s\", did you mean \"%s\"?", name, near);
	else
		record_error(r, key, r->codes->unknown_key, "unknown key \"%s\": no %s has it",
			     name, form->name);
}

bool record_read(struct record_reader *r, const struct node *map, const struct record_form *form,
		 struct record *out)
{
	bool seen[MAX_RECORD_KEYS] = {false};
	bool ok = true;
	assert(form->count <= MAX_RECORD_KEYS);
	*out = (struct record){{0}};
	if (map->kind != NODE_MAP)
		return type_error(r, map, form->name, "a map of keys");
	for (const struct node *n = map->child; n; n = n->next) {
		size_t i = key_find(form, n->key);
		if (i == form->count) {
			unknown_key(r, n->key, form);
			ok = false;
			continue;
		}
		seen[i] = true;
		if (value_ok(r, n, &form->keys[i]))
			out->v[i] = n;
		else
			ok = false;
	}
	for (size_t i = 0; i < form->count; i++)
		if (form->keys[i].required && !seen[i])
			ok = record_error(r, map, r->codes->missing_key,
					  "\"%s\" is missing: every %s needs it",
					  form->keys[i].name, form->name);
	return ok;
}

const char *record_text(const struct node *n)
{
	return n ? n->text : NULL;
}

int record_number(const struct node *n)
{
	return n ? atoi(n->text) : 0;
}

double record_share(const struct node *n)
{
	double v = 0;
	if (n)
		str_to_double(n->text, 0, 1, &v);
	return v;
}

const char **record_texts(struct record_reader *r, const struct node *n, size_t *count)
{
	size_t i = 0;
	*count = !n ? 0 : n->kind == NODE_LIST ? n->count : 1;
	if (*count == 0)
		return NULL;
	const char **out = arena_alloc(r->arena, *count * sizeof(*out));
	bool list = n->kind == NODE_LIST;
	for (const struct node *e = list ? n->child : n; e; e = list ? e->next : NULL)
		out[i++] = e->text;
	return out;
}

/* -- sources ----------------------------------------------------------------------------------- */

enum { S_TITLE, S_URL, S_CHECKED, S_COUNT };

static const struct record_key source_keys[] = {
	[S_TITLE] = {.name = "title",
		     .type = RECORD_LINE,
		     .required = true,
		     .max = MAX_TITLE,
		     .help = "Title of the page."},
	[S_URL] = {.name = "url",
		   .type = RECORD_URL,
		   .required = true,
		   .help = "Address of the page."},
	[S_CHECKED] = {.name = "checked",
		       .type = RECORD_DATE,
		       .help = "Day on which the file was last compared with the page, as "
			       "YYYY-MM-DD."},
};
static_assert(ARRAY_LEN(source_keys) == S_COUNT, "every key has a row");
const struct record_form record_source = {"source", source_keys, S_COUNT};

bool record_sources(struct record_reader *r, const struct node *n, struct source **out,
		    size_t *count)
{
	bool ok = true;
	*out = NULL;
	*count = 0;
	if (!n)
		return true;
	*out = arena_alloc(r->arena, (n->count + 1) * sizeof(**out));
	for (const struct node *e = n->child; e; e = e->next) {
		struct record f;
		struct source *s = &(*out)[(*count)++];
		ok &= record_slug_ok(r, e->key);
		ok &= record_read(r, e, &record_source, &f);
		*s = (struct source){
			.id = e->key->text,
			.title = record_text(f.v[S_TITLE]),
			.url = record_text(f.v[S_URL]),
			.has_checked = f.v[S_CHECKED] != NULL,
			.pos = at(r, e->key),
		};
		if (s->has_checked)
			date_parse(f.v[S_CHECKED]->text, &s->checked_day);
	}
	return ok;
}

static bool unknown_source(struct record_reader *r, const struct node *n,
			   const struct source *sources, size_t count)
{
	const char **names = arena_alloc(r->arena, (count + 1) * sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = sources[i].id;
	const char *near = suggest(n->text, names, count);
	if (near)
		return record_error(r, n, r->codes->unknown_source,
				    "unknown source \"%s\", did you mean \"%s\"?",
				    record_brief(r, n->text), near);
	return record_error(r, n, r->codes->unknown_source,
			    "unknown source \"%s\": it is not under the key sources",
			    record_brief(r, n->text));
}

bool record_cited(struct record_reader *r, const struct node *n, struct source *sources,
		  size_t source_count, const struct source ***out, size_t *count)
{
	bool ok = true;
	size_t ids;
	const char **texts = record_texts(r, n, &ids);
	*count = 0;
	*out = arena_alloc(r->arena, (ids + 1) * sizeof(const struct source *));
	const struct node *e = n && n->kind == NODE_LIST ? n->child : n;
	for (size_t i = 0; i < ids; i++, e = e->next) {
		size_t at_source = 0;
		while (at_source < source_count && !str_eq(sources[at_source].id, texts[i]))
			at_source++;
		if (at_source < source_count)
			(*out)[(*count)++] = &sources[at_source];
		else
			ok = unknown_source(r, e, sources, source_count);
	}
	return ok;
}
