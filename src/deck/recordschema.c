/* recordschema.c -- what the tables of record.h say, as JSON Schema for editors and as mdoc for the
 * manual.
 *
 * A form is described once under $defs, however many keys refer to it. Scalars of data files are
 * text, but an editor reads 130 as a number and 2026-12-01 as a date: wherever a bare word may look
 * so, those types pass too; patterns then apply to strings only. */
#include "deck/keys.h"
#include "deck/record.h"

#include "base/json.h"

#include <assert.h>
#include <string.h>

#define SLUG_PATTERN "^[a-z0-9][a-z0-9-]{0,63}$"
#define DATE_PATTERN "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
#define URL_PATTERN "^https?://[^\\u0000-\\u0020]+$"
#define NUMBER_PATTERN "^[0-9]+$"
#define SHARE_PATTERN "^(0|1|0?\\.[0-9]+|[01]\\.[0-9]+)$"
#define NOT_BLANK "[^ \\t\\r\\n]"
#define MAX_FORMS 32

/* Forms in the order in which they are first referred to. */
struct forms {
	const struct record_form *items[MAX_FORMS];
	size_t count;
};

static void collect(struct forms *all, const struct record_form *form)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i] == form)
			return;
	assert(all->count < MAX_FORMS);
	all->items[all->count++] = form;
	for (size_t i = 0; i < form->count; i++)
		if (form->keys[i].form)
			collect(all, form->keys[i].form);
}

/* -- schema ------------------------------------------------------------------------------------ */

static void put_types(struct json_out *j)
{
	static const char *const types[] = {"string", "number", "boolean"};
	json_list(j, "type");
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		json_text(j, NULL, types[i]);
	json_end(j);
}

static void put_text(struct json_out *j, const char *pattern, size_t max)
{
	put_types(j);
	json_text(j, "pattern", pattern);
	json_int(j, "maxLength", (long long)(max ? max : MAX_CARD_TEXT));
}

static void put_line(struct json_out *j, size_t max)
{
	put_text(j, NOT_BLANK, max);
	json_object(j, "not");
	json_text(j, "type", "string");
	json_text(j, "pattern", "[\\r\\n]");
	json_end(j);
}

static void put_enum(struct json_out *j, const struct record_key *k)
{
	json_list(j, "enum");
	for (size_t i = 0; k->words[i]; i++)
		json_text(j, NULL, k->words[i]);
	if (str_eq(k->words[0], "1"))
		json_int(j, NULL, 1);
	json_end(j);
}

static void put_counts(struct json_out *j, const struct record_key *k, const char *min_name,
		       const char *max_name)
{
	if (k->min)
		json_int(j, min_name, (long long)k->min);
	if (k->max)
		json_int(j, max_name, (long long)k->max);
}

static void put_number(struct json_out *j, const char *pattern, long long min, long long max)
{
	json_list(j, "type");
	json_text(j, NULL, "string");
	json_text(j, NULL, "number");
	json_end(j);
	json_text(j, "pattern", pattern);
	json_int(j, "minimum", min);
	json_int(j, "maximum", max);
}

/* A form's name under $defs; references are addresses and hold no blank. */
static const char *def_name(const struct record_form *form, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s", form->name);
	for (char *p = buffer; *p; p++)
		if (*p == ' ')
			*p = '-';
	return buffer;
}

static void put_ref_here(struct json_out *j, const struct record_form *form)
{
	char name[64], ref[96];
	snprintf(ref, sizeof(ref), "#/$defs/%s", def_name(form, name, sizeof(name)));
	json_text(j, "$ref", ref);
}

static void put_form_ref(struct json_out *j, const char *key, const struct record_form *form)
{
	json_object(j, key);
	put_ref_here(j, form);
	json_end(j);
}

static void put_map(struct json_out *j, const struct record_key *k)
{
	json_text(j, "type", "object");
	json_object(j, "propertyNames");
	json_text(j, "pattern", k->names ? k->names : SLUG_PATTERN);
	json_end(j);
	if (k->form) {
		put_form_ref(j, "additionalProperties", k->form);
	} else {
		json_object(j, "additionalProperties");
		put_line(j, MAX_TITLE);
		json_end(j);
	}
	put_counts(j, k, "minProperties", "maxProperties");
}

/* One text, or a list of them. */
static void put_texts(struct json_out *j, const struct record_key *k)
{
	json_list(j, "anyOf");
	for (int list = k->min > 1; list <= 1; list++) {
		json_object(j, NULL);
		if (list) {
			json_text(j, "type", "array");
			json_object(j, "items");
		}
		if (k->type == RECORD_SLUGS)
			put_text(j, SLUG_PATTERN, 0);
		else
			put_line(j, 0);
		if (list) {
			json_end(j);
			put_counts(j, k, "minItems", "maxItems");
		}
		json_end(j);
	}
	json_end(j);
}

static void put_list(struct json_out *j, const struct record_key *k)
{
	json_text(j, "type", "array");
	if (k->type == RECORD_LIST) {
		put_form_ref(j, "items", k->form);
	} else {
		json_object(j, "items");
		put_enum(j, k);
		json_end(j);
		json_bool(j, "uniqueItems", true);
	}
	put_counts(j, k, "minItems", "maxItems");
}

static void put_value(struct json_out *j, const struct record_key *k)
{
	switch (k->type) {
	case RECORD_SLUG:
		put_text(j, SLUG_PATTERN, 0);
		break;
	case RECORD_LINE:
		put_line(j, k->max);
		break;
	case RECORD_TEXT:
		put_text(j, NOT_BLANK, 0);
		break;
	case RECORD_NUMBER:
		put_number(j, NUMBER_PATTERN, (long long)k->min, (long long)k->max);
		break;
	case RECORD_SHARE:
		put_number(j, SHARE_PATTERN, 0, 1);
		break;
	case RECORD_DATE:
		put_text(j, DATE_PATTERN, 0);
		break;
	case RECORD_URL:
		put_text(j, URL_PATTERN, 0);
		break;
	case RECORD_WORD:
		put_enum(j, k);
		break;
	case RECORD_SLUGS:
	case RECORD_LINES:
		put_texts(j, k);
		break;
	case RECORD_ONE:
		put_ref_here(j, k->form);
		break;
	case RECORD_MAP:
		put_map(j, k);
		break;
	case RECORD_WORDS:
	case RECORD_LIST:
		put_list(j, k);
		break;
	}
}

static void put_key(struct json_out *j, const struct record_key *k)
{
	json_object(j, k->name);
	json_text(j, "description", k->help);
	put_value(j, k);
	json_end(j);
}

static void put_form(struct json_out *j, const struct record_form *form)
{
	json_text(j, "type", "object");
	json_object(j, "properties");
	for (size_t i = 0; i < form->count; i++)
		put_key(j, &form->keys[i]);
	json_end(j);
	json_list(j, "required");
	for (size_t i = 0; i < form->count; i++)
		if (form->keys[i].required)
			json_text(j, NULL, form->keys[i].name);
	json_end(j);
	json_bool(j, "additionalProperties", false);
}

void record_schema(struct str *out, const struct record_form *form, const char *title,
		   const char *description)
{
	struct json_out j = {.out = out, .indent = true};
	struct forms all = {0};
	char name[64];
	collect(&all, form);
	json_object(&j, NULL);
	json_text(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_text(&j, "title", title);
	json_text(&j, "description", description);
	put_form(&j, form);
	json_object(&j, "$defs");
	for (size_t i = 1; i < all.count; i++) {
		json_object(&j, def_name(all.items[i], name, sizeof(name)));
		put_form(&j, all.items[i]);
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
	if (!str_ends(str_c(out), "\n"))
		str_addc(out, '\n');
}

/* -- manual ------------------------------------------------------------------------------------ */

static void mdoc_key(struct str *out, const struct record_key *k)
{
	str_addf(out, ".It Ic %s%s\n", k->name, k->required ? " Pq required" : "");
	deck_mdoc_text(out, k->help);
	if (!k->words || !k->words[1])
		return;
	struct str s = {0};
	str_add(&s, k->type == RECORD_WORDS ? "Of these:" : "One of");
	for (size_t i = 0; k->words[i]; i++)
		str_addf(&s, "%s %s", i ? "," : "", k->words[i]);
	str_addc(&s, '.');
	deck_mdoc_text(out, str_c(&s));
	str_clear(&s);
}

void record_mdoc(struct str *out, const struct record_form *form)
{
	struct forms all = {0};
	collect(&all, form);
	for (size_t i = 0; i < all.count; i++) {
		const struct record_form *f = all.items[i];
		bool vowel = strchr("aeiou", f->name[0]) != NULL;
		str_addf(out, ".Ss Keys of %s %s\n.Bl -tag -width statement\n", vowel ? "an" : "a",
			 f->name);
		for (size_t k = 0; k < f->count; k++)
			mdoc_key(out, &f->keys[k]);
		str_add(out, ".El\n");
	}
}
