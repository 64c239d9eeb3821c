/* config.c -- `gatedrill config`. */
#include "study/config.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/help.h"

#include <string.h>

static void print_json(struct call *c, const struct config *config, int only)
{
	struct arena a = {0};
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	json_object(&j, NULL);
	for (size_t i = 0; i < config_key_count; i++)
		if (only < 0 || only == (int)i)
			json_text(&j, config_keys[i].name, config_text(config, (int)i, &a));
	json_end(&j);
	fprintf(c->out, "%s\n", str_c(&out));
	str_clear(&out);
	arena_clear(&a);
}

#define VALUE_COLUMN 18
#define HELP_COLUMN 28
#define WIDTH 79

/* "retention         0.95      Recall to aim at ... (default 0.90)": the meaning wraps in its
 * column; a long value has a line of its own. */
static void print_one(struct call *c, const struct config *config, int key)
{
	const struct config_key *k = &config_keys[key];
	struct arena a = {0};
	const char *value = utf8_clean(&a, config_text(config, key, &a));
	const char *help = k->help;
	if (k->fallback[0] && !str_eq(value, k->fallback) && !str_eq(k->fallback, "default"))
		help = arena_printf(&a, "%s (Default: %s.)", k->help, k->fallback);
	value = value[0] ? value : "(empty)";
	fprintf(c->out, "%-*s", VALUE_COLUMN, k->name);
	if (utf8_columns(value, strlen(value)) < HELP_COLUMN - VALUE_COLUMN) {
		fprintf(c->out, "%-*s", HELP_COLUMN - VALUE_COLUMN, value);
	} else {
		help_wrap(c->out, value, VALUE_COLUMN, VALUE_COLUMN, WIDTH);
		fprintf(c->out, "%*s", HELP_COLUMN, "");
	}
	help_wrap(c->out, help, HELP_COLUMN, HELP_COLUMN, WIDTH);
	arena_clear(&a);
}

static int set_value(struct call *c, struct config *config, int key, struct diags *d)
{
	struct arena a = {0};
	const char *value = call_query(c, 1, &a);
	bool back = str_eq(value, "default");
	int code = EXIT_DONE;
	if (!back && !config_keys[key].set(config, value)) {
		diag_fail(d, "config-value", "%s must be %s", config_keys[key].name,
			  config_keys[key].range);
		code = EXIT_USAGE;
	} else if (!config_write(c->paths->config, key, back ? NULL : value, d)) {
		code = EXIT_FAILED;
	}
	arena_clear(&a);
	return code;
}

static void print(struct call *c, const struct config *config, int key)
{
	struct arena a = {0};
	if (call_has(c, FLAG_JSON))
		print_json(c, config, key);
	else if (key >= 0)
		fprintf(c->out, "%s\n", config_text(config, key, &a));
	else
		for (size_t i = 0; i < config_key_count; i++)
			print_one(c, config, (int)i);
	arena_clear(&a);
}

int run_config(struct call *c)
{
	struct config config;
	struct diags d = {0};
	int key = -1, code = EXIT_DONE;
	if (c->arg_count && (key = config_find(c->args[0], &d)) < 0) {
		call_report(c, &d);
		return EXIT_USAGE;
	}
	/* A file with a wrong value must not keep anyone from setting it right. */
	bool ok = config_read(&config, c->paths->config, &d);
	if (c->arg_count > 1) {
		diags_clear(&d);
		code = set_value(c, &config, key, &d);
	} else if (ok) {
		print(c, &config, key);
	} else {
		code = EXIT_FAILED;
	}
	call_report(c, &d);
	config_clear(&config);
	return code;
}
