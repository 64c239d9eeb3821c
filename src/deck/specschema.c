/* specschema.c -- what is printed from tables of keys: JSON Schemas for editors that complete and
 * check YAML as it is typed, and lists for the manual.
 *
 * Generated from the tables that the readers follow, so it cannot know other keys than they do. A
 * schema says keys, types, lengths and patterns; what relates one value to another (a feature that
 * exists, the proof of a tree) the program alone checks. Files are read as text, but an editor
 * reads `since: 2025` as a number and `~` as null: where a bare word may look so, these types pass
 * too, and patterns then apply to strings only. */
#include "deck/spec.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

#define SLUG_PATTERN "^[a-z0-9][a-z0-9-]{0,63}$"
#define NAME_PATTERN "^[A-Za-z][A-Za-z0-9_-]{0,63}$"
#define BRANCH_PATTERN "^=?[a-z0-9][a-z0-9-]{0,63}$"
#define CARD_PATTERN "^[a-z0-9][a-z0-9-]{0,63}/[a-z0-9][a-z0-9-]{0,63}$"
#define SHARE_PATTERN "^(0|1|[01]?\\.[0-9]+)$"
#define TASK_PATTERN "^[0-9]+(\\.[0-9]+)*$"
#define DATE_PATTERN "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
#define MONTH_PATTERN "^[0-9]{4}(-(0[1-9]|1[0-2]))?$"
#define URL_PATTERN "^https?://[^\\u0000-\\u0020]+$"
#define LINE_PATTERN "^[^\\r\\n]*[^ \\t\\r\\n][^\\r\\n]*$"
#define EMPTY_LINE_PATTERN "^[^\\r\\n]*$"
#define AMOUNT_PATTERN "^[0-9]*\\.?[0-9]+$"
#define SPAN_PATTERN "^[0-9]+(ms|s|m|h)$"
#define STATUS_PATTERN "^([1-5]xx|[1-5][0-9]{2}|[1-4][0-9]{3})$"
#define HEADER_PATTERN "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$"
#define TEXT_PATTERN "[^ \\t\\r\\n]"

static void put_value(struct json_out *j, const struct spec_key *k);

static const char *pattern_of(const struct spec_key *k)
{
	switch (k->type) {
	case SPEC_SLUG:
	case SPEC_STEP:
		return SLUG_PATTERN;
	case SPEC_NAME:
		return NAME_PATTERN;
	case SPEC_LINE:
		return k->empty ? EMPTY_LINE_PATTERN : LINE_PATTERN;
	case SPEC_TEXT:
		return k->empty ? NULL : TEXT_PATTERN;
	case SPEC_AMOUNT:
		return AMOUNT_PATTERN;
	case SPEC_SPAN:
		return SPAN_PATTERN;
	case SPEC_STATUS:
		return STATUS_PATTERN;
	case SPEC_HEADER:
		return HEADER_PATTERN;
	case SPEC_SHARE:
		return SHARE_PATTERN;
	case SPEC_TASK:
		return TASK_PATTERN;
	case SPEC_DATE:
		return DATE_PATTERN;
	case SPEC_MONTH:
		return MONTH_PATTERN;
	case SPEC_URL:
		return URL_PATTERN;
	case SPEC_CARD:
		return CARD_PATTERN;
	case SPEC_BRANCH:
		return BRANCH_PATTERN;
	case SPEC_WORD:
	case SPEC_NUMBER:
	case SPEC_LIST:
	case SPEC_MAP:
	case SPEC_PLACE:
		break;
	}
	return NULL;
}

static void put_text(struct json_out *j, const struct spec_key *k)
{
	json_list(j, "type");
	json_text(j, NULL, "string");
	json_text(j, NULL, "number");
	json_text(j, NULL, "boolean");
	if (k->empty)
		json_text(j, NULL, "null");
	json_end(j);
	if (pattern_of(k))
		json_text(j, "pattern", pattern_of(k));
	if (k->max && (k->type == SPEC_LINE || k->type == SPEC_TEXT))
		json_int(j, "maxLength", (long long)k->max);
}

/* An editor sees 1, true and null where the reader sees their text: of yes and no some see true and
 * false. */
static void put_words(struct json_out *j, const struct spec_key *k)
{
	json_list(j, "enum");
	for (size_t i = 0; k->words[i]; i++) {
		json_text(j, NULL, k->words[i]);
		if (str_eq(k->words[i], "1"))
			json_int(j, NULL, 1);
		if (str_eq(k->words[i], "~"))
			json_text(j, NULL, NULL);
		if (str_eq(k->words[i], "yes") || str_eq(k->words[i], "no"))
			json_bool(j, NULL, str_eq(k->words[i], "yes"));
	}
	json_end(j);
}

static void put_number(struct json_out *j, const struct spec_key *k)
{
	char pattern[32], most[32];
	int digits = snprintf(most, sizeof(most), "%zu", k->max);
	json_list(j, "anyOf");
	json_object(j, NULL);
	json_text(j, "type", "integer");
	json_int(j, "minimum", (long long)k->min);
	json_int(j, "maximum", (long long)k->max);
	json_end(j);
	json_object(j, NULL);
	json_text(j, "type", "string");
	snprintf(pattern, sizeof(pattern), "^[0-9]{1,%d}$", digits > 1 && digits < 3 ? 3 : digits);
	json_text(j, "pattern", pattern);
	json_end(j);
	if (k->words) {
		json_object(j, NULL);
		put_words(j, k);
		json_end(j);
	}
	json_end(j);
}

static void put_counts(struct json_out *j, const char *min_name, const char *max_name,
		       const struct spec_key *k)
{
	if (k->min)
		json_int(j, min_name, (long long)k->min);
	if (k->max)
		json_int(j, max_name, (long long)k->max);
}

static void put_list(struct json_out *j, const struct spec_key *k)
{
	bool one = k->one && k->min < 2;
	if (one) {
		json_list(j, "anyOf");
		json_object(j, NULL);
		put_value(j, k->value);
		json_end(j);
		json_object(j, NULL);
	}
	json_text(j, "type", "array");
	json_object(j, "items");
	put_value(j, k->value);
	json_end(j);
	put_counts(j, "minItems", "maxItems", k);
	if (one) {
		json_end(j);
		json_end(j);
	}
}

static void put_map(struct json_out *j, const struct spec_key *k)
{
	const struct spec_key *label = k->label ? k->label : &spec_slug_value;
	json_text(j, "type", "object");
	json_object(j, "propertyNames");
	if (label->type == SPEC_WORD)
		put_words(j, label);
	else
		json_text(j, "pattern", pattern_of(label));
	json_end(j);
	json_object(j, "additionalProperties");
	put_value(j, k->value);
	json_end(j);
	put_counts(j, "minProperties", "maxProperties", k);
}

static void put_place(struct json_out *j, const struct spec_place *p)
{
	json_text(j, "type", "object");
	json_object(j, "properties");
	for (size_t i = 0; i < p->count; i++) {
		json_object(j, p->keys[i].name);
		json_text(j, "description", p->keys[i].help);
		put_value(j, &p->keys[i]);
		json_end(j);
	}
	json_end(j);
	json_list(j, "required");
	for (size_t i = 0; i < p->count; i++)
		if (p->keys[i].required)
			json_text(j, NULL, p->keys[i].name);
	json_end(j);
	json_bool(j, "additionalProperties", false);
}

static void put_step(struct json_out *j, const struct spec_key *k)
{
	json_list(j, "anyOf");
	json_object(j, NULL);
	put_text(j, k);
	json_end(j);
	json_object(j, NULL);
	put_place(j, k->place);
	json_end(j);
	json_end(j);
}

/* The members of the schema of a value, into the object that is open. */
static void put_value(struct json_out *j, const struct spec_key *k)
{
	switch (k->type) {
	case SPEC_WORD:
		put_words(j, k);
		break;
	case SPEC_NUMBER:
		put_number(j, k);
		break;
	case SPEC_LIST:
		put_list(j, k);
		break;
	case SPEC_MAP:
		put_map(j, k);
		break;
	case SPEC_PLACE:
		put_place(j, k->place);
		break;
	case SPEC_STEP:
		put_step(j, k);
		break;
	case SPEC_SLUG:
	case SPEC_NAME:
	case SPEC_LINE:
	case SPEC_TEXT:
	case SPEC_SHARE:
	case SPEC_AMOUNT:
	case SPEC_SPAN:
	case SPEC_STATUS:
	case SPEC_HEADER:
	case SPEC_TASK:
	case SPEC_DATE:
	case SPEC_MONTH:
	case SPEC_URL:
	case SPEC_CARD:
	case SPEC_BRANCH:
		put_text(j, k);
		break;
	}
}

void spec_schema(struct str *out, const struct spec_place *root, const char *title,
		 const char *about)
{
	struct json_out j = {.out = out, .indent = true};
	json_object(&j, NULL);
	json_text(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_text(&j, "title", title);
	json_text(&j, "description", about);
	put_place(&j, root);
	json_end(&j);
	if (!str_ends(str_c(out), "\n"))
		str_addc(out, '\n');
}

/* -- the manual -------------------------------------------------------------------------------- */

#define MDOC_COLUMNS 78

/* Sentences on lines of their own; mdoc wants them short. */
static void mdoc_text(struct str *out, const char *text)
{
	size_t cols = 0;
	while (*text) {
		size_t n = strcspn(text, " ");
		if (cols && cols + 1 + n > MDOC_COLUMNS) {
			str_addc(out, '\n');
			cols = 0;
		}
		if (cols)
			str_addc(out, ' ');
		/* A line that begins with a dot or a quote would be a request. */
		else if (*text == '.' || *text == '\'')
			str_add(out, "\\&");
		str_addn(out, text, n);
		cols += n + (cols > 0);
		bool stop = n && strchr(".?!", text[n - 1]);
		text += n;
		text += strspn(text, " ");
		if (stop && *text) {
			str_addc(out, '\n');
			cols = 0;
		}
	}
	str_addc(out, '\n');
}

static void mdoc_words(struct str *out, const char *const *words)
{
	struct str s = {0};
	str_add(&s, "One of");
	for (size_t i = 0; words[i]; i++)
		str_addf(&s, "%s %s", i ? "," : "", words[i]);
	str_addc(&s, '.');
	mdoc_text(out, str_c(&s));
	str_clear(&s);
}

void spec_mdoc(struct str *out, const struct spec_place *const *places, size_t count)
{
	for (size_t p = 0; p < count; p++) {
		str_addf(out, ".Ss %s\n.Bl -tag -width cell_source\n", places[p]->heading);
		for (size_t i = 0; i < places[p]->count; i++) {
			const struct spec_key *k = &places[p]->keys[i];
			str_addf(out, ".It Ic %s%s\n", k->name, k->required ? " Pq required" : "");
			mdoc_text(out, k->help);
			if (k->type == SPEC_WORD && k->words[1])
				mdoc_words(out, k->words);
		}
		str_add(out, ".El\n");
	}
}
