/* schema.c -- the JSON Schema of deck files, for editors that complete and check YAML as it is
 * typed.
 *
 * Generated from deck_keys[], so it cannot know other keys than the loader does. It says what a
 * schema can: keys, types, lengths, patterns. What relates one value to another (repeated ids, a
 * source that exists, as many right options as `choose` says) the loader alone checks.
 *
 * Deck scalars are text, but an editor reads `id: 2026` as a number and `right: true` as a boolean:
 * wherever a bare word may look so, all three types pass; patterns then apply to strings only. Each
 * key is described once under $defs and referred to by the kinds that have it, and an if/then for
 * each kind keeps messages about the kind at hand. */
#include "deck/keys.h"

#include "base/json.h"

#include <string.h>

#define SLUG_PATTERN "^[a-z0-9][a-z0-9-]{0,63}$"
#define TASK_PATTERN "^[0-9]+(\\.[0-9]+)*$"
#define DATE_PATTERN "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
#define URL_PATTERN "^https?://[^\\u0000-\\u0020]+$"
#define NUMBER_PATTERN "^([1-9]|10)$"
#define PROOF_PATTERN "^[a-z0-9][a-z0-9-]{0,63}/[a-z0-9][a-z0-9-]{0,63}$"
#define REF_PATTERN "^([a-z0-9][a-z0-9-]{0,63}/)?[a-z0-9][a-z0-9-]{0,63}$"
#define NOT_BLANK "[^ \\t\\r\\n]"

/* -- small pieces ------------------------------------------------------------------------------ */

static void put_ref_here(struct json_out *j, const char *name)
{
	char ref[96];
	snprintf(ref, sizeof(ref), "#/$defs/%s", name);
	json_text(j, "$ref", ref);
}

static void put_ref(struct json_out *j, const char *key, const char *name)
{
	json_object(j, key);
	put_ref_here(j, name);
	json_end(j);
}

/* A bare word may look like a number or a boolean to an editor. */
static void put_scalar_types(struct json_out *j)
{
	json_list(j, "type");
	json_text(j, NULL, "string");
	json_text(j, NULL, "number");
	json_text(j, NULL, "boolean");
	json_end(j);
}

static void put_pattern_def(struct json_out *j, const char *name, const char *pattern, size_t max)
{
	json_object(j, name);
	put_scalar_types(j);
	json_text(j, "pattern", pattern);
	if (max)
		json_int(j, "maxLength", (long long)max);
	json_end(j);
}

static void put_line_def(struct json_out *j, const char *name, size_t max)
{
	json_object(j, name);
	put_scalar_types(j);
	json_text(j, "pattern", NOT_BLANK);
	json_int(j, "maxLength", (long long)max);
	json_object(j, "not");
	json_text(j, "type", "string");
	json_text(j, "pattern", "[\\r\\n]");
	json_end(j);
	json_end(j);
}

static void put_counts(struct json_out *j, const char *min_name, const char *max_name, size_t min,
		       size_t max)
{
	if (min)
		json_int(j, min_name, (long long)min);
	if (max)
		json_int(j, max_name, (long long)max);
}

static void begin_list(struct json_out *j, const char *key, const char *items, size_t min,
		       size_t max)
{
	json_object(j, key);
	json_text(j, "type", "array");
	put_ref(j, "items", items);
	put_counts(j, "minItems", "maxItems", min, max);
}

/* -- values of keys ---------------------------------------------------------------------------- */

static void put_one_or_list(struct json_out *j, const char *items, const struct deck_key *k)
{
	json_list(j, "anyOf");
	if (k->min < 2)
		put_ref(j, NULL, items);
	begin_list(j, NULL, items, k->min, k->max);
	if (k == &deck_keys[K_ITEMS] || k == &deck_keys[K_DECOYS])
		json_bool(j, "uniqueItems", true);
	json_end(j);
	json_end(j);
}

/* An editor sees true and 1 where the loader sees their text. */
static void put_words(struct json_out *j, const struct deck_key *k)
{
	json_list(j, "enum");
	for (size_t i = 0; k->words[i]; i++)
		json_text(j, NULL, k->words[i]);
	if (str_eq(k->words[0], "1"))
		json_int(j, NULL, 1);
	if (str_eq(k->words[0], "true")) {
		json_bool(j, NULL, true);
		json_bool(j, NULL, false);
	}
	json_end(j);
}

static void put_number(struct json_out *j, const struct deck_key *k)
{
	json_list(j, "type");
	json_text(j, NULL, "string");
	json_text(j, NULL, "integer");
	json_end(j);
	json_text(j, "pattern", NUMBER_PATTERN);
	json_int(j, "minimum", 1);
	json_int(j, "maximum", (long long)k->max);
}

/* A map from ids to values of one form. */
static void put_map(struct json_out *j, const char *values, size_t min, size_t max)
{
	json_text(j, "type", "object");
	put_ref(j, "propertyNames", "slug");
	put_ref(j, "additionalProperties", values);
	put_counts(j, "minProperties", "maxProperties", min, max);
}

static void put_nodes(struct json_out *j, const struct deck_key *k)
{
	static const struct {
		const char *form;
		bool map;
	} forms[DECK_KEY_COUNT] = {
		[K_DECK_SOURCES] = {"source", true}, [K_DECK_CARDS] = {"card", false},
		[K_COLUMNS] = {"heading", true},     [K_ROWS] = {"row", true},
		[K_OPTIONS] = {"option", false},     [K_PAIRS] = {"pair", false},
	};
	size_t id = (size_t)(k - deck_keys);
	if (forms[id].map) {
		put_map(j, forms[id].form, k->min, k->max);
		return;
	}
	json_text(j, "type", "array");
	put_ref(j, "items", forms[id].form);
	put_counts(j, "minItems", "maxItems", k->min, k->max);
}

static void put_value(struct json_out *j, const struct deck_key *k)
{
	switch (k->type) {
	case KEY_SLUG:
		put_ref_here(j, "slug");
		break;
	case KEY_LINE:
		put_ref_here(j, k->max ? "heading" : "line");
		break;
	case KEY_MARKDOWN:
		put_ref_here(j, "text");
		break;
	case KEY_WORD:
		put_words(j, k);
		break;
	case KEY_NUMBER:
		put_number(j, k);
		break;
	case KEY_DATE:
		put_ref_here(j, "date");
		break;
	case KEY_URL:
		put_ref_here(j, "url");
		break;
	case KEY_SLUGS:
		put_one_or_list(j, "slug", k);
		break;
	case KEY_LINES:
		put_one_or_list(j, "line", k);
		break;
	case KEY_TASKS:
		put_ref_here(j, "tasks");
		break;
	case KEY_NODES:
		put_nodes(j, k);
		break;
	case KEY_CARD_REF:
		put_ref_here(j, "card-ref");
		break;
	case KEY_PROOF:
		put_ref_here(j, "proof");
		break;
	}
}

static void put_key(struct json_out *j, const char *name, const struct deck_key *k)
{
	json_object(j, name);
	json_text(j, "description", k->help);
	put_value(j, k);
	json_end(j);
}

/* -- maps -------------------------------------------------------------------------------------- */

static bool in_kind(const struct deck_key *k, enum card_kind kind)
{
	return k->kinds >> kind & 1;
}

static bool is_required(const struct deck_key *k, enum card_kind kind)
{
	return k->place == KEY_CARD ? k->required >> kind & 1 : k->required;
}

/* Name of a card key's description under $defs. */
static const char *def_name(const struct deck_key *k, char *buffer, size_t size)
{
	snprintf(buffer, size, "card-key-%s", k->name);
	return buffer;
}

/* "properties" and "required" of one place; of card keys those of one kind, by reference. */
static void put_keys(struct json_out *j, enum key_place place, enum card_kind kind)
{
	char name[64];
	size_t first, end;
	deck_key_range(place, &first, &end);
	json_object(j, "properties");
	for (size_t i = first; i < end; i++) {
		const struct deck_key *k = &deck_keys[i];
		if (place == KEY_CARD && in_kind(k, kind))
			put_ref(j, k->name, def_name(k, name, sizeof(name)));
		else if (place != KEY_CARD)
			put_key(j, k->name, k);
	}
	json_end(j);
	json_list(j, "required");
	for (size_t i = first; i < end; i++)
		if (is_required(&deck_keys[i], kind))
			json_text(j, NULL, deck_keys[i].name);
	json_end(j);
	json_bool(j, "additionalProperties", false);
}

static void put_place_def(struct json_out *j, enum key_place place)
{
	json_object(j, key_place_names[place]);
	json_text(j, "type", "object");
	put_keys(j, place, CARD_BASIC);
	json_end(j);
}

static void put_if_kind(struct json_out *j, const char *kind)
{
	char name[64];
	json_object(j, NULL);
	json_object(j, "if");
	json_object(j, "properties");
	json_object(j, "kind");
	json_text(j, "const", kind);
	json_end(j);
	json_end(j);
	json_list(j, "required");
	json_text(j, NULL, "kind");
	json_end(j);
	json_end(j);
	snprintf(name, sizeof(name), "card-%s", kind);
	put_ref(j, "then", name);
	json_end(j);
}

static void put_card_def(struct json_out *j)
{
	char name[64];
	json_object(j, "card");
	json_text(j, "type", "object");
	json_list(j, "required");
	json_text(j, NULL, "id");
	json_text(j, NULL, "kind");
	json_end(j);
	json_object(j, "properties");
	put_ref(j, "kind", def_name(&deck_keys[K_KIND], name, sizeof(name)));
	json_end(j);
	json_list(j, "allOf");
	for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
		put_if_kind(j, card_kind_names[kind]);
	json_end(j);
	json_end(j);
	for (int kind = 0; kind < CARD_KIND_COUNT; kind++) {
		snprintf(name, sizeof(name), "card-%s", card_kind_names[kind]);
		json_object(j, name);
		put_keys(j, KEY_CARD, (enum card_kind)kind);
		json_end(j);
	}
	for (size_t i = K_ID; i <= K_WAS; i++)
		put_key(j, def_name(&deck_keys[i], name, sizeof(name)), &deck_keys[i]);
}

/* -- the whole --------------------------------------------------------------------------------- */

static void put_tasks_defs(struct json_out *j)
{
	put_pattern_def(j, "task", TASK_PATTERN, 16);
	json_object(j, "tasks");
	json_text(j, "type", "object");
	put_ref(j, "propertyNames", "slug");
	json_int(j, "maxProperties", MAX_TAGS);
	json_object(j, "additionalProperties");
	json_list(j, "anyOf");
	put_ref(j, NULL, "task");
	begin_list(j, NULL, "task", 0, MAX_TAGS);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void put_defs(struct json_out *j)
{
	json_object(j, "$defs");
	put_pattern_def(j, "slug", SLUG_PATTERN, 0);
	put_pattern_def(j, "text", NOT_BLANK, MAX_CARD_TEXT);
	put_line_def(j, "line", MAX_CARD_TEXT);
	put_line_def(j, "heading", MAX_TITLE);
	put_pattern_def(j, "date", DATE_PATTERN, 0);
	put_pattern_def(j, "url", URL_PATTERN, MAX_CARD_TEXT);
	put_pattern_def(j, "card-ref", REF_PATTERN, 0);
	put_pattern_def(j, "proof", PROOF_PATTERN, 0);
	put_tasks_defs(j);
	begin_list(j, "row", "line", 2, MAX_CELLS + 1);
	json_end(j);
	put_place_def(j, KEY_SOURCE);
	put_place_def(j, KEY_OPTION);
	put_place_def(j, KEY_PAIR);
	put_card_def(j);
	json_end(j);
}

void deck_schema(struct str *out)
{
	struct json_out j = {.out = out, .indent = true};
	json_object(&j, NULL);
	json_text(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_text(&j, "title", "gatedrill deck");
	json_text(&j, "description",
		  "A deck of study cards. Generated from the program's table of keys; see "
		  "gatedrill-deck(5).");
	json_text(&j, "type", "object");
	put_keys(&j, KEY_DECK, CARD_BASIC);
	put_defs(&j);
	json_end(&j);
	if (!str_ends(str_c(out), "\n"))
		str_addc(out, '\n');
}
