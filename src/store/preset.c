/* preset.c -- see inside.h. The log refers to the rules each answer was given under, so that
 * replaying it years later gives the same states. A preset is kept as canonical text: what
 * fsrs_params_set derives from the weights is derived again when it is read, by the same function,
 * so it is the same to the last bit. */
#include "base/json.h"
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

static void add_steps(struct json_out *j, const char *key, const int64_t *steps, int count)
{
	json_list(j, key);
	for (int i = 0; i < count; i++)
		json_int(j, NULL, steps[i]);
	json_end(j);
}

void preset_json(struct str *out, const struct srs_preset *p)
{
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	json_list(&j, "weights");
	for (int i = 0; i < FSRS_WEIGHTS; i++)
		json_real(&j, NULL, p->fsrs.w[i]);
	json_end(&j);
	json_real(&j, "retention", p->retention);
	add_steps(&j, "learn_ms", p->learn_ms, p->learn_count);
	add_steps(&j, "relearn_ms", p->relearn_ms, p->relearn_count);
	json_int(&j, "max_interval_d", p->max_interval_d);
	json_int(&j, "leech_threshold", p->leech_threshold);
	json_bool(&j, "leech_suspend", p->leech_suspend);
	json_bool(&j, "fuzz", p->fuzz);
	json_int(&j, "day_start_min", p->day_start_min);
	json_end(&j);
}

static bool read_int(const struct node *root, const char *key, long long max, int *out)
{
	const char *text = node_text(root, key);
	long long v;
	if (!text || !str_to_i64(text, 0, max, &v))
		return false;
	*out = (int)v;
	return true;
}

static bool read_bool(const struct node *root, const char *key, bool *out)
{
	const struct node *n = node_get(root, key);
	if (!n || n->kind != NODE_BOOL)
		return false;
	*out = str_eq(n->text, "true");
	return true;
}

static bool read_steps(const struct node *root, const char *key, int64_t steps[MAX_STEPS],
		       int *count)
{
	const struct node *list = node_get(root, key);
	if (!list || list->kind != NODE_LIST || list->count > MAX_STEPS)
		return false;
	*count = 0;
	for (const struct node *n = list->child; n; n = n->next) {
		long long v;
		if (!n->text || !str_to_i64(n->text, 0, INT64_MAX, &v))
			return false;
		steps[(*count)++] = v;
	}
	return true;
}

static bool read_weights(const struct node *root, struct fsrs_params *p)
{
	const struct node *list = node_get(root, "weights");
	double w[FSRS_WEIGHTS];
	size_t i = 0;
	if (!list || list->kind != NODE_LIST || list->count != FSRS_WEIGHTS)
		return false;
	for (const struct node *n = list->child; n; n = n->next)
		if (!n->text || !str_to_double(n->text, -1e300, 1e300, &w[i++]))
			return false;
	return fsrs_params_set(p, w, FSRS_WEIGHTS, NULL);
}

static bool from_node(struct srs_preset *p, const struct node *root)
{
	const char *retention = node_text(root, "retention");
	return retention && str_to_double(retention, 0, 1, &p->retention) &&
	       read_weights(root, &p->fsrs) &&
	       read_steps(root, "learn_ms", p->learn_ms, &p->learn_count) &&
	       read_steps(root, "relearn_ms", p->relearn_ms, &p->relearn_count) &&
	       read_int(root, "max_interval_d", 1000000, &p->max_interval_d) &&
	       read_int(root, "leech_threshold", 1000000, &p->leech_threshold) &&
	       read_bool(root, "leech_suspend", &p->leech_suspend) &&
	       read_bool(root, "fuzz", &p->fuzz) &&
	       read_int(root, "day_start_min", 1439, &p->day_start_min);
}

bool preset_parse(struct srs_preset *out, const char *json, size_t n, struct diags *d)
{
	struct arena a = {0};
	struct node *root;
	memset(out, 0, sizeof(*out));
	bool ok = json_read(&a, "preset", json, n, &root, NULL) && from_node(out, root);
	arena_clear(&a);
	return ok || diag_fail(d, "store-corrupt",
			       "the rules of some answers in the log cannot be read; "
			       "`gatedrill doctor --restore FILE` puts a backup in place");
}

const struct srs_preset *store_preset_get(struct store *s, int64_t id, struct diags *d)
{
	for (size_t i = 0; i < s->preset_count; i++)
		if (s->presets[i].id == id)
			return &s->presets[i].preset;
	struct preset_slot slot = {.id = id};
	struct stmt *q = db_stmt(s->db, STMT_PRESET_GET);
	stmt_i64(q, 1, id);
	bool found = stmt_row(q);
	const char *json = found ? col_text(q, 0) : "";
	bool ok = !found || preset_parse(&slot.preset, json, col_bytes(q, 0), d);
	if (!stmt_done(q, d) || !ok)
		return NULL;
	if (!found) {
		diag_fail(d, "store-corrupt", "the log refers to rules that are not in %s",
			  store_path(s));
		return NULL;
	}
	s->presets =
		array_grow(s->presets, &s->preset_cap, s->preset_count + 1, sizeof(*s->presets));
	s->presets[s->preset_count++] = slot;
	return &s->presets[s->preset_count - 1].preset;
}

static bool preset_id(struct store *s, const char *json, int64_t *id, struct diags *d)
{
	struct stmt *q = db_stmt(s->db, STMT_PRESET_ID);
	stmt_text(q, 1, json);
	*id = stmt_row(q) ? col_i64(q, 0) : 0;
	return stmt_done(q, d);
}

static bool preset_insert(struct store *s, const char *json, int64_t *id, struct diags *d)
{
	if (!store_write_begin(s, d))
		return false;
	/* Another program may have added it since we looked. */
	bool ok = preset_id(s, json, id, d);
	if (ok && !*id) {
		struct stmt *q = db_stmt(s->db, STMT_PRESET_INSERT);
		stmt_text(q, 1, json);
		ok = stmt_run(q, d);
		*id = db_last_id(s->db);
	}
	return store_write_end(s, ok, d);
}

bool store_preset(struct store *s, const struct srs_preset *p, int64_t *id, struct diags *d)
{
	struct str json = {0};
	preset_json(&json, p);
	bool ok =
		preset_id(s, str_c(&json), id, d) && (*id || preset_insert(s, str_c(&json), id, d));
	str_clear(&json);
	return ok;
}
