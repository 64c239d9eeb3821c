/* args.c -- a command line read by the tables in commands.c. Flags may stand anywhere, also before
 * the command; "--" ends them. getopt_long is not used because it needs a second table of its own,
 * prints its own messages and cannot say "did you mean". */
#include "cli/args.h"
#include "base/suggest.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (str_eq(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static bool unknown_command(const char *name, struct diags *d)
{
	const char *names[64];
	size_t n = 0;
	for (size_t i = 0; i < command_count && n < ARRAY_LEN(names); i++)
		names[n++] = commands[i].name;
	const char *near = suggest(name, names, n);
	if (near)
		return diag_fail(d, "usage", "there is no command \"%s\", did you mean \"%s\"?",
				 name, near);
	return diag_fail(d, "usage", "there is no command \"%s\"; `gatedrill help` lists them",
			 name);
}

/* Where the options are listed that may stand here. */
static const char *list_of_flags(struct arena *text, const struct args *a)
{
	return a->command ? arena_printf(text, "gatedrill %s -h", a->command->name)
			  : "gatedrill help";
}

static bool unknown_flag(const struct args *a, const char *name, struct diags *d)
{
	struct arena text = {0};
	const char *names[FLAG_COUNT];
	for (int f = 0; f < FLAG_COUNT; f++)
		names[f] = flags[f].name;
	const char *near = suggest(name, names, FLAG_COUNT);
	if (near)
		return diag_fail(d, "usage", "there is no option --%s, did you mean --%s?", name,
				 near);
	diag_fail(d, "usage", "there is no option --%s; `%s` lists them", name,
		  list_of_flags(&text, a));
	arena_clear(&text);
	return false;
}

static int find_long(const char *name, size_t n)
{
	for (int f = 0; f < FLAG_COUNT; f++)
		if (strlen(flags[f].name) == n && !strncmp(flags[f].name, name, n))
			return f;
	return -1;
}

static int find_letter(char letter)
{
	for (int f = 0; f < FLAG_COUNT; f++)
		if (flags[f].letter == letter)
			return f;
	return -1;
}

/* Take the flag's argument from after '=', from the rest of a letter group, or from the next word.
 */
static bool set_flag(struct args *a, int f, const char *attached, int *i, int argc, char **argv,
		     struct diags *d)
{
	if (!flags[f].arg) {
		a->value[f] = "";
		return true;
	}
	if (!attached && *i + 1 < argc)
		attached = argv[++*i];
	if (!attached)
		return diag_fail(d, "usage", "--%s needs a value: --%s %s", flags[f].name,
				 flags[f].name, flags[f].arg);
	if (flags[f].many && a->value[f])
		attached = arena_printf(&a->text, "%s\n%s", a->value[f], attached);
	a->value[f] = attached;
	return true;
}

static bool read_long(struct args *a, int *i, int argc, char **argv, struct diags *d)
{
	const char *name = argv[*i] + 2;
	size_t n = strcspn(name, "=");
	int f = find_long(name, n);
	struct arena text = {0};
	bool ok;
	if (f < 0)
		ok = unknown_flag(a, arena_strndup(&text, name, n), d);
	else if (name[n] == '=' && !flags[f].arg)
		ok = diag_fail(d, "usage", "--%s takes no value", flags[f].name);
	else
		ok = set_flag(a, f, name[n] == '=' ? name + n + 1 : NULL, i, argc, argv, d);
	arena_clear(&text);
	return ok;
}

/* The whole character, which may have several bytes. */
static bool unknown_letter(const struct args *a, const char *p, struct diags *d)
{
	struct arena text = {0};
	uint32_t cp;
	int n = utf8_decode(p, strlen(p), &cp);
	diag_fail(d, "usage", "there is no option -%.*s; `%s` lists them", n ? n : 1, p,
		  list_of_flags(&text, a));
	arena_clear(&text);
	return false;
}

/* "-qn5": letters in a row; one that takes a value takes the rest. */
static bool read_letters(struct args *a, int *i, int argc, char **argv, struct diags *d)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		int f = find_letter(*p);
		if (f < 0)
			return unknown_letter(a, p, d);
		if (flags[f].arg)
			return set_flag(a, f, p[1] ? p + 1 : NULL, i, argc, argv, d);
		a->value[f] = "";
	}
	return true;
}

static unsigned long long allowed_flags(const struct args *a)
{
	return FLAGS_EVERYWHERE | (a->command ? a->command->flags : 0);
}

/* In a query "-word" means not: once a command that takes a query is known, a word such as
 * "-tag:ws" that is no flag belongs to it. */
static bool is_negated_term(const struct args *a, const char *word)
{
	if (!a->command || !a->command->args || !strstr(a->command->args, "QUERY") ||
	    word[1] == '-')
		return false;
	int f = find_letter(word[1]);
	return strlen(word) > 2 && (f < 0 || !(allowed_flags(a) & FLAG_BIT(f)));
}

static bool check_flags(const struct args *a, struct diags *d)
{
	unsigned long long allowed = allowed_flags(a);
	for (int f = 0; f < FLAG_COUNT; f++)
		if (a->value[f] && !(allowed & FLAG_BIT(f)))
			return diag_fail(d, "usage", "--%s is not an option of `gatedrill%s%s`",
					 flags[f].name, a->command ? " " : "",
					 a->command ? a->command->name : "");
	return true;
}

bool args_read(struct args *a, int argc, char **argv, struct diags *d)
{
	bool only_words = false;
	*a = (struct args){0};
	a->words = xcalloc((size_t)argc + 1, sizeof(*a->words));
	for (int i = 1; i < argc; i++) {
		const char *w = argv[i];
		if (only_words || w[0] != '-' || !w[1] || is_negated_term(a, w)) {
			if (!a->command && !a->word_count && !only_words) {
				a->command = command_find(w);
				if (!a->command)
					return unknown_command(w, d);
			} else {
				a->words[a->word_count++] = w;
			}
		} else if (str_eq(w, "--")) {
			only_words = true;
		} else if (!(w[1] == '-' ? read_long : read_letters)(a, &i, argc, argv, d)) {
			return false;
		}
	}
	return check_flags(a, d);
}

void args_clear(struct args *a)
{
	free(a->words);
	arena_clear(&a->text);
	*a = (struct args){0};
}
