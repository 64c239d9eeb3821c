/* config.c -- `gatedrill config`. */
#include "study/config.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/rows.h"

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

static void print_all(struct call *c, const struct config *config)
{
	static const char *const headings[] = {"setting", "value", "", "meaning"};
	struct rows rows;
	rows_init(&rows, headings, ARRAY_LEN(headings));
	for (size_t i = 0; i < config_key_count; i++) {
		const char *value = config_text(config, (int)i, &rows.arena);
		rows_text(&rows, config_keys[i].name);
		rows_text(&rows, value[0] ? value : "(empty)");
		rows_text(&rows, config->set[i] ? "set" : "default");
		rows_text(&rows, config_keys[i].help);
	}
	rows_print(&rows, c->out);
	rows_clear(&rows);
}

static int set_value(struct call *c, struct config *config, int key, struct diags *d)
{
	struct arena a = {0};
	const char *value = call_query(c, 1, &a);
	bool back = str_eq(value, "default");
	int code = EXIT_DONE;
	if (!back && !config_keys[key].set(config, value)) {
		diag_fail(d, "config-value", "%s must be %s", config_keys[key].name, config_keys[key].range);
		code = EXIT_USAGE;
	} else if (!config_write(c->paths->config, key, back ? NULL : value, d)) {
		code = EXIT_FAILED;
	}
	arena_clear(&a);
	return code;
}

int run_config(struct call *c)
{
	struct config config;
	struct diags d = {0};
	struct arena a = {0};
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
	} else if (!ok) {
		code = EXIT_FAILED;
	} else if (call_has(c, FLAG_JSON)) {
		print_json(c, &config, key);
	} else if (key >= 0) {
		fprintf(c->out, "%s\n", config_text(&config, key, &a));
	} else {
		print_all(c, &config);
	}
	call_report(c, &d);
	config_clear(&config);
	arena_clear(&a);
	return code;
}
