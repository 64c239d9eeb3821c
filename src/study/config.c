/* config.c -- see config.h. One row a setting: its name, default, range, help, and the two
 * functions that read it from text and write it back. The command, the manual, the completion and
 * the reader all walk this table. The file belongs to the learner: `config KEY VALUE` edits the one
 * line it must and leaves every other byte alone. */
#include "study/config.h"
#include "base/file.h"
#include "base/suggest.h"
#include "base/yaml.h"

#include <assert.h>
#include <string.h>

static bool set_retention(struct config *c, const char *v)
{
	return str_to_double(v, 0.70, 0.99, &c->preset.retention);
}

static void get_retention(const struct config *c, struct arena *a, const char **t)
{
	*t = arena_printf(a, "%.2f", c->preset.retention);
}

/* "off" or "none" is -1: no limit. */
static bool set_limit(int *out, const char *v)
{
	long long n;
	if (str_eq(v, "none")) {
		*out = -1;
		return true;
	}
	if (!str_to_i64(v, 0, 9999, &n))
		return false;
	*out = (int)n;
	return true;
}

static const char *limit_text(struct arena *a, int n)
{
	return n < 0 ? "none" : arena_printf(a, "%d", n);
}

static bool set_new(struct config *c, const char *v)
{
	return set_limit(&c->new_per_day, v);
}

static void get_new(const struct config *c, struct arena *a, const char **t)
{
	*t = limit_text(a, c->new_per_day);
}

static bool set_reviews(struct config *c, const char *v)
{
	return set_limit(&c->reviews_per_day, v);
}

static void get_reviews(const struct config *c, struct arena *a, const char **t)
{
	*t = limit_text(a, c->reviews_per_day);
}

/* "1m 10m"; "none" is no steps. */
static bool set_steps(int64_t *steps, int *count, const char *v)
{
	struct arena a = {0};
	int64_t parsed[MAX_STEPS];
	int n = 0;
	bool ok = true;
	char *text = arena_strdup(&a, v);
	char *save = NULL;
	if (!str_eq(v, "none")) {
		for (char *w = strtok_r(text, " ,", &save); w && ok;
		     w = strtok_r(NULL, " ,", &save))
			ok = n < MAX_STEPS && span_parse(w, &parsed[n++]);
		ok = ok && n > 0;
	}
	if (ok) {
		memcpy(steps, parsed, (size_t)n * sizeof(*steps));
		*count = n;
	}
	arena_clear(&a);
	return ok;
}

static const char *steps_text(struct arena *a, const int64_t *steps, int count)
{
	const char *t = count ? span_setting(a, steps[0]) : "none";
	for (int i = 1; i < count; i++)
		t = arena_printf(a, "%s %s", t, span_setting(a, steps[i]));
	return t;
}

static bool set_learn(struct config *c, const char *v)
{
	return set_steps(c->preset.learn_ms, &c->preset.learn_count, v);
}

static void get_learn(const struct config *c, struct arena *a, const char **t)
{
	*t = steps_text(a, c->preset.learn_ms, c->preset.learn_count);
}

static bool set_relearn(struct config *c, const char *v)
{
	return set_steps(c->preset.relearn_ms, &c->preset.relearn_count, v);
}

static void get_relearn(const struct config *c, struct arena *a, const char **t)
{
	*t = steps_text(a, c->preset.relearn_ms, c->preset.relearn_count);
}

static bool set_int(int *out, const char *v, int min, int max)
{
	long long n;
	if (!str_to_i64(v, min, max, &n))
		return false;
	*out = (int)n;
	return true;
}

static bool set_max(struct config *c, const char *v)
{
	return set_int(&c->preset.max_interval_d, v, 1, 36500);
}

static void get_max(const struct config *c, struct arena *a, const char **t)
{
	*t = arena_printf(a, "%d", c->preset.max_interval_d);
}

static bool set_leech(struct config *c, const char *v)
{
	return set_int(&c->preset.leech_threshold, v, 0, 99);
}

static void get_leech(const struct config *c, struct arena *a, const char **t)
{
	*t = arena_printf(a, "%d", c->preset.leech_threshold);
}

/* One of two words; anything else leaves the setting as it is. */
static bool set_either(bool *out, const char *v, const char *yes, const char *no)
{
	if (!str_eq(v, yes) && !str_eq(v, no))
		return false;
	*out = str_eq(v, yes);
	return true;
}

static bool set_leech_action(struct config *c, const char *v)
{
	return set_either(&c->preset.leech_suspend, v, "suspend", "mark");
}

static void get_leech_action(const struct config *c, struct arena *a, const char **t)
{
	(void)a;
	*t = c->preset.leech_suspend ? "suspend" : "mark";
}

static bool set_fuzz(struct config *c, const char *v)
{
	return set_either(&c->preset.fuzz, v, "on", "off");
}

static void get_fuzz(const struct config *c, struct arena *a, const char **t)
{
	(void)a;
	*t = c->preset.fuzz ? "on" : "off";
}

static bool set_bury(struct config *c, const char *v)
{
	return set_either(&c->bury_siblings, v, "on", "off");
}

static void get_bury(const struct config *c, struct arena *a, const char **t)
{
	(void)a;
	*t = c->bury_siblings ? "on" : "off";
}

/* "04:00" */
static bool set_day_start(struct config *c, const char *v)
{
	if (strlen(v) != 5 || v[2] != ':' || strspn(v, "0123456789:") != 5)
		return false;
	int h = (v[0] - '0') * 10 + v[1] - '0';
	int m = (v[3] - '0') * 10 + v[4] - '0';
	if (v[3] == ':' || v[0] == ':' || v[1] == ':' || v[4] == ':' || h > 23 || m > 59)
		return false;
	c->preset.day_start_min = h * 60 + m;
	return true;
}

static void get_day_start(const struct config *c, struct arena *a, const char **t)
{
	*t = arena_printf(a, "%02d:%02d", c->preset.day_start_min / 60,
			  c->preset.day_start_min % 60);
}

static bool set_ahead(struct config *c, const char *v)
{
	if (!str_eq(v, "0"))
		return span_parse(v, &c->learn_ahead_ms);
	c->learn_ahead_ms = 0;
	return true;
}

static void get_ahead(const struct config *c, struct arena *a, const char **t)
{
	*t = c->learn_ahead_ms ? span_setting(a, c->learn_ahead_ms) : "0";
}

/* 21 numbers (or an older set of 19 or 17), or "default". */
static bool set_weights(struct config *c, const char *v)
{
	double w[FSRS_WEIGHTS] = {0};
	size_t n = 0;
	struct arena a = {0};
	char *text = arena_strdup(&a, v);
	char *save = NULL;
	bool ok = true;
	if (!str_eq(v, "default")) {
		for (char *t = strtok_r(text, " ,", &save); t && ok;
		     t = strtok_r(NULL, " ,", &save))
			ok = n < FSRS_WEIGHTS && str_to_double(t, -1000, 1000, &w[n++]);
		ok = ok && n > 0;
	}
	struct fsrs_params p;
	ok = ok && fsrs_params_set(&p, w, n, NULL);
	if (ok)
		c->preset.fsrs = p;
	arena_clear(&a);
	return ok;
}

static void get_weights(const struct config *c, struct arena *a, const char **t)
{
	if (!memcmp(c->preset.fsrs.w, fsrs_default_weights, sizeof(c->preset.fsrs.w))) {
		*t = "default";
		return;
	}
	*t = arena_printf(a, "%.10g", c->preset.fsrs.w[0]);
	for (int i = 1; i < FSRS_WEIGHTS; i++)
		*t = arena_printf(a, "%s %.10g", *t, c->preset.fsrs.w[i]);
}

static const char *const colour_names[] = {
	[COLOUR_AUTO] = "auto",
	[COLOUR_NEVER] = "never",
	[COLOUR_16] = "16",
	[COLOUR_256] = "256",
};

static bool set_colour(struct config *c, const char *v)
{
	for (size_t i = 0; i < ARRAY_LEN(colour_names); i++)
		if (str_eq(v, colour_names[i])) {
			c->colour = (enum colour_mode)i;
			return true;
		}
	return false;
}

static void get_colour(const struct config *c, struct arena *a, const char **t)
{
	(void)a;
	*t = colour_names[c->colour];
}

static bool set_theme(struct config *c, const char *v)
{
	bool light;
	if (!set_either(&light, v, "light", "dark"))
		return false;
	c->theme = light ? THEME_LIGHT : THEME_DARK;
	return true;
}

static void get_theme(const struct config *c, struct arena *a, const char **t)
{
	(void)a;
	*t = c->theme == THEME_LIGHT ? "light" : "dark";
}

static bool set_editor(struct config *c, const char *v)
{
	if (strlen(v) > 1000)
		return false;
	c->editor = arena_strdup(&c->arena, v);
	return true;
}

static void get_editor(const struct config *c, struct arena *a, const char **t)
{
	*t = arena_strdup(a, c->editor);
}

static bool set_exam(struct config *c, const char *v)
{
	if (!v[0] || strlen(v) > 64 ||
	    strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(v))
		return false;
	c->exam = arena_strdup(&c->arena, v);
	return true;
}

static void get_exam(const struct config *c, struct arena *a, const char **t)
{
	*t = arena_strdup(a, c->exam);
}

static bool set_esl(struct config *c, const char *v)
{
	return set_either(&c->esl, v, "on", "off");
}

static void get_esl(const struct config *c, struct arena *a, const char **t)
{
	(void)a;
	*t = c->esl ? "on" : "off";
}

static bool set_exam_date(struct config *c, const char *v)
{
	if (str_eq(v, "none")) {
		c->exam_day = SRS_NO_DAY;
		return true;
	}
	return date_parse(v, &c->exam_day);
}

static void get_exam_date(const struct config *c, struct arena *a, const char **t)
{
	*t = c->exam_day == SRS_NO_DAY ? "none" : date_text(a, c->exam_day);
}

const struct config_key config_keys[] = {
	{
		.name = "retention",
		.fallback = "0.90",
		.range = "0.70 to 0.99",
		.help = "Recall to aim at: how likely you should still know a card when it "
			"comes due. Higher means more reviews.",
		.set = set_retention,
		.get = get_retention,
	},
	{
		.name = "new-per-day",
		.fallback = "20",
		.range = "0 to 9999, or none",
		.help = "New cards a study day.",
		.set = set_new,
		.get = get_new,
	},
	{
		.name = "reviews-per-day",
		.fallback = "200",
		.range = "0 to 9999, or none",
		.help = "Reviews a study day. Learning steps are not counted.",
		.set = set_reviews,
		.get = get_reviews,
	},
	{
		.name = "learning-steps",
		.fallback = "1m 10m",
		.range = "spans such as 30s 10m 2h 1d, or none",
		.help = "Delays while a new card is learnt.",
		.set = set_learn,
		.get = get_learn,
	},
	{
		.name = "relearning-steps",
		.fallback = "10m",
		.range = "spans such as 30s 10m 2h 1d, or none",
		.help = "Delays after a card was forgotten.",
		.set = set_relearn,
		.get = get_relearn,
	},
	{
		.name = "maximum-interval",
		.fallback = "36500",
		.range = "1 to 36500",
		.help = "The longest interval in days.",
		.set = set_max,
		.get = get_max,
	},
	{
		.name = "leech-threshold",
		.fallback = "8",
		.range = "0 to 99, 0 for never",
		.help = "Lapses after which a card counts as a leech.",
		.set = set_leech,
		.get = get_leech,
	},
	{
		.name = "leech-action",
		.fallback = "suspend",
		.range = "suspend or mark",
		.help = "What happens to a leech.",
		.set = set_leech_action,
		.get = get_leech_action,
	},
	{
		.name = "bury-siblings",
		.fallback = "on",
		.range = "on or off",
		.help = "Show only one of the cards made from the same entry in a day.",
		.set = set_bury,
		.get = get_bury,
	},
	{
		.name = "fuzz",
		.fallback = "on",
		.range = "on or off",
		.help = "Spread due dates a little, so that cards learnt together part.",
		.set = set_fuzz,
		.get = get_fuzz,
	},
	{
		.name = "day-start",
		.fallback = "04:00",
		.range = "00:00 to 23:59",
		.help = "Local time at which a study day begins.",
		.set = set_day_start,
		.get = get_day_start,
	},
	{
		.name = "learn-ahead",
		.fallback = "20m",
		.range = "a span, or 0",
		.help = "Show a learning card this much early when nothing else is left.",
		.set = set_ahead,
		.get = get_ahead,
	},
	{
		.name = "weights",
		.fallback = "default",
		.range = "21 numbers, or default",
		.help = "Parameters of the FSRS-6 memory model.",
		.set = set_weights,
		.get = get_weights,
	},
	{
		.name = "exam",
		.fallback = "dva-c03",
		.range = "an exam's name",
		.help = "The exam you prepare for. While it is not set, a mock exam is the one "
			"that "
			"can be sat on the day.",
		.set = set_exam,
		.get = get_exam,
	},
	{
		.name = "esl",
		.fallback = "off",
		.range = "on or off",
		.help = "Mock exams last as long as for people whose first language is not "
			"English.",
		.set = set_esl,
		.get = get_esl,
	},
	{
		.name = "exam-date",
		.fallback = "none",
		.range = "YYYY-MM-DD, or none",
		.help = "The day of your exam; the home screen counts down to it.",
		.set = set_exam_date,
		.get = get_exam_date,
	},
	{
		.name = "colour",
		.fallback = "auto",
		.range = "auto, never, 16 or 256",
		.help = "Colours on the screen. NO_COLOR and --no-color win.",
		.set = set_colour,
		.get = get_colour,
	},
	{
		.name = "theme",
		.fallback = "dark",
		.range = "dark or light",
		.help = "Background of your terminal.",
		.set = set_theme,
		.get = get_theme,
	},
	{
		.name = "editor",
		.fallback = "",
		.range = "a command",
		.help = "Editor for cards. Empty: VISUAL, EDITOR, then vi.",
		.set = set_editor,
		.get = get_editor,
	},
};
const size_t config_key_count = ARRAY_LEN(config_keys);
static_assert(ARRAY_LEN(config_keys) <= ARRAY_LEN(((struct config *)0)->set), "one mark per key");

static void set_defaults(struct config *c)
{
	*c = (struct config){0};
	srs_preset_default(&c->preset);
	for (size_t i = 0; i < config_key_count; i++) {
		bool ok = config_keys[i].set(c, config_keys[i].fallback);
		assert(ok);
		(void)ok;
	}
}

int config_find(const char *name, struct diags *d)
{
	const char *names[ARRAY_LEN(config_keys)];
	for (size_t i = 0; i < config_key_count; i++) {
		if (str_eq(name, config_keys[i].name))
			return (int)i;
		names[i] = config_keys[i].name;
	}
	const char *near = suggest(name, names, config_key_count);
	if (near)
		diag_fail(d, "config-unknown-key",
			  "there is no setting \"%s\", did you mean \"%s\"?", name, near);
	else
		diag_fail(d, "config-unknown-key",
			  "there is no setting \"%s\"; `gatedrill config` lists them", name);
	return -1;
}

/* One member of the file. Errors carry its position. */
static bool read_member(struct config *c, const char *file, const struct node *value,
			struct diags *d)
{
	struct diags found = {0};
	int key = config_find(value->key->text, &found);
	bool ok = true;
	if (key < 0)
		ok = diag_error(d, node_pos(value->key, file), "config-unknown-key", "%s",
				diags_first(&found));
	else if (value->kind != NODE_TEXT || !config_keys[key].set(c, value->text))
		ok = diag_error(d, node_pos(value, file), "config-value", "%s must be %s",
				config_keys[key].name, config_keys[key].range);
	else
		c->set[key] = true;
	diags_clear(&found);
	return ok;
}

static const size_t max_config_bytes = 64 << 10;

/* Comments and blank lines alone are an empty file. */
static bool is_blank(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '#')
			p += strcspn(p, "\n");
		else if (!strchr(" \t\r\n", *p))
			return false;
		if (!*p)
			break;
	}
	return true;
}

bool config_read(struct config *c, const char *path, struct diags *d)
{
	set_defaults(c);
	struct file_stat st;
	if (!file_stat(path, &st))
		return true;
	struct str text = {0};
	struct arena tree = {0};
	struct node *root = NULL;
	bool ok = file_read(path, max_config_bytes, &text, d);
	if (ok && !is_blank(str_c(&text))) {
		ok = yaml_read(&tree, path, text.p, text.len, &root, d);
		if (ok && root->kind != NODE_MAP)
			ok = diag_error(d, node_pos(root, path), "config-value",
					"settings are written as \"key: value\" lines");
		for (const struct node *n = ok ? root->child : NULL; n; n = n->next)
			ok = read_member(c, path, n, d) && ok;
	}
	arena_clear(&tree);
	str_clear(&text);
	return ok;
}

void config_clear(struct config *c)
{
	arena_clear(&c->arena);
	*c = (struct config){0};
}

const char *config_text(const struct config *c, int key, struct arena *a)
{
	const char *text;
	config_keys[key].get(c, a, &text);
	return text;
}

/* Does the line at p set this key? Keys stand at the start of a line. */
static bool line_sets(const char *p, const char *name)
{
	size_t n = strlen(name);
	return !strncmp(p, name, n) && p[n + strspn(p + n, " ")] == ':';
}

bool config_write(const char *path, int key, const char *value, struct diags *d)
{
	struct str old = {0}, text = {0};
	struct arena a = {0};
	struct file_stat st;
	const char *name = config_keys[key].name;
	bool ok = file_mkdirs(path_dir(&a, path), d) &&
		  (!file_stat(path, &st) || file_read(path, max_config_bytes, &old, d));
	bool placed = false;
	for (const char *p = str_c(&old); ok && *p;) {
		size_t n = strcspn(p, "\n");
		bool mine = line_sets(p, name);
		if (!mine) {
			str_addn(&text, p, n);
			str_addc(&text, '\n');
		} else if (value && !placed) {
			str_addf(&text, "%s: ", name);
			yaml_add_scalar(&text, value, 0);
			str_addc(&text, '\n');
			placed = true;
		}
		p += n + (p[n] == '\n');
	}
	if (ok && value && !placed) {
		str_addf(&text, "%s: ", name);
		yaml_add_scalar(&text, value, 0);
		str_addc(&text, '\n');
	}
	ok = ok && file_write(path, str_c(&text), text.len, d);
	str_clear(&old);
	str_clear(&text);
	arena_clear(&a);
	return ok;
}

void config_mdoc(struct str *out)
{
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *k = &config_keys[i];
		str_addf(out, ".It Cm %s\n%s\nValues: %s.\n", k->name, k->help, k->range);
		if (k->fallback[0])
			str_addf(out, "Default: %s.\n", k->fallback);
	}
}
