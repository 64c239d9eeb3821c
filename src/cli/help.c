/* help.c -- `gatedrill help`, --help, and the parts of the manual and the completions that come from the tables. */
#include "cli/help.h"
#include "cli/cli.h"
#include "deck/keys.h"
#include "deck/lint.h"
#include "study/query.h"

#include <string.h>

/* A paragraph wrapped at 78 columns; ASCII text from our own tables. */
static void wrap(FILE *out, const char *text, const char *indent)
{
	size_t col = strlen(indent);
	fputs(indent, out);
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, " ");
		if (col > strlen(indent) && col + n + 1 > 78) {
			fprintf(out, "\n%s", indent);
			col = strlen(indent);
		} else if (col > strlen(indent)) {
			fputc(' ', out);
			col++;
		}
		fwrite(p, 1, n, out);
		col += n;
		p += n + strspn(p + n, " ");
	}
	fputc('\n', out);
}

/* "command\twhat it does\n" lines. */
static void print_examples(FILE *out, const char *lines)
{
	for (const char *p = lines; *p;) {
		size_t n = strcspn(p, "\t"), m = strcspn(p + n + 1, "\n");
		fprintf(out, "  %-48.*s %.*s\n", (int)n, p, (int)m, p + n + 1);
		p += n + 1 + m + 1;
	}
}

static void print_flags(FILE *out, unsigned long long which)
{
	for (int f = 0; f < FLAG_COUNT; f++) {
		if (!(which & FLAG_BIT(f)))
			continue;
		struct arena a = {0};
		const char *name = arena_printf(&a, "--%s%s%s", flags[f].name, flags[f].arg ? " " : "", flags[f].arg ? flags[f].arg : "");
		if (flags[f].letter)
			name = arena_printf(&a, "-%c, %s", flags[f].letter, name);
		fprintf(out, "  %-20s ", name);
		if (strlen(name) > 20)
			fprintf(out, "\n  %-20s ", "");
		size_t len = strlen(flags[f].help);
		fprintf(out, "%.*s\n", (int)len, flags[f].help);
		arena_clear(&a);
	}
}

static void overview(FILE *out)
{
	fputs("gatedrill: learn Amazon API Gateway for the AWS Certified Developer - Associate exam\n\n"
	      "Examples:\n"
	      "  gatedrill                      the home screen\n"
	      "  gatedrill review               what is due today\n"
	      "  gatedrill search timeout       find cards\n\n"
	      "Commands:\n", out);
	for (size_t i = 0; i < command_count; i++)
		if (!commands[i].hidden)
			fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\nOptions everywhere:\n", out);
	print_flags(out, FLAGS_EVERYWHERE);
	fputs("\n`gatedrill help COMMAND` says more; so do man gatedrill, gatedrill-deck(5) and gatedrill-keys(7).\n", out);
}

static void command_help(FILE *out, const struct command *k)
{
	fprintf(out, "gatedrill %s: %s\n\nUsage: gatedrill %s %s\n\nExamples:\n", k->name, k->summary, k->name, k->args);
	print_examples(out, k->examples);
	fputc('\n', out);
	wrap(out, k->about, "");
	if (k->flags) {
		fputs("\nOptions:\n", out);
		print_flags(out, k->flags);
	}
	if (strstr(k->args, "QUERY")) {
		fputs("\nQueries:\n", out);
		for (size_t i = 0; i < query_term_count; i++)
			fprintf(out, "  %-20s %s\n", query_terms[i].form, query_terms[i].help);
	}
	fputs("\nOptions everywhere: `gatedrill help`.\n", out);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (str_eq(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* ---- parts of the manual --------------------------------------------------------------------------------------- */

static void flag_mdoc(struct str *out, int f)
{
	str_addf(out, ".It ");
	if (flags[f].letter)
		str_addf(out, "Fl %c , ", flags[f].letter);
	str_addf(out, "Fl Fl %s", flags[f].name);
	if (flags[f].arg)
		str_addf(out, " Ar %s", flags[f].arg);
	str_addf(out, "\n%s\n", flags[f].help);
}

static void flags_mdoc(struct str *out)
{
	for (int f = 0; f < FLAG_COUNT; f++)
		if (FLAGS_EVERYWHERE & FLAG_BIT(f))
			flag_mdoc(out, f);
}

/* Sentences on lines of their own, as mdoc wants; a line that begins with a dot or quote would be a macro. */
static void sentences_mdoc(struct str *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (p[0] == ' ' && p > text && (p[-1] == '.' || p[-1] == ':'))
			str_addc(out, p[-1] == '.' ? '\n' : ' ');
		else if (*p == '\\')
			str_add(out, "\\e");
		else
			str_addc(out, *p);
	}
	str_addc(out, '\n');
}

static void examples_mdoc(struct str *out, const char *lines)
{
	str_add(out, ".Bd -literal -offset indent\n");
	for (const char *p = lines; *p;) {
		size_t n = strcspn(p, "\t"), m = strcspn(p + n + 1, "\n");
		str_addn(out, p, n);
		str_addc(out, '\n');
		p += n + 1 + m + 1;
	}
	str_add(out, ".Ed\n");
}

static void commands_mdoc(struct str *out)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		str_addf(out, ".Ss %s\n", k->name);
		str_addf(out, ".Nm Cm %s Ar %s\n.Pp\n", k->name, k->args);
		sentences_mdoc(out, k->about);
		if (k->flags) {
			str_add(out, ".Bl -tag -width Ds\n");
			for (int f = 0; f < FLAG_COUNT; f++)
				if (k->flags & FLAG_BIT(f))
					flag_mdoc(out, f);
			str_add(out, ".El\n");
		}
		examples_mdoc(out, k->examples);
	}
}

static void query_mdoc(struct str *out)
{
	for (size_t i = 0; i < query_term_count; i++)
		str_addf(out, ".It Li %s\n%s\n", query_terms[i].form, query_terms[i].help);
}

static const struct {
	const char *name;
	void (*write)(struct str *out);
} parts[] = {
	{"commands", commands_mdoc}, {"flags", flags_mdoc},         {"settings", config_mdoc}, {"query", query_mdoc},
	{"deck-keys", deck_keys_mdoc}, {"lint", lint_rules_mdoc},
};

static int print_mdoc(struct call *c, const char *part)
{
	struct str out = {0};
	bool known = str_eq(part, "keys");
	if (known)
		c->host->keys_mdoc(&out);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!str_eq(part, parts[i].name))
			continue;
		parts[i].write(&out);
		known = true;
	}
	fputs(str_c(&out), c->out);
	str_clear(&out);
	return known ? EXIT_DONE : call_usage(c, "--mdoc knows commands, flags, keys, settings, query, deck-keys and lint");
}

int run_help(struct call *c)
{
	const struct command *k = call_has(c, FLAG_HELP) ? c->command : NULL;
	if (call_has(c, FLAG_MDOC))
		return print_mdoc(c, c->value[FLAG_MDOC]);
	if (call_has(c, FLAG_COMPLETION))
		return completion_print(c->out, c->value[FLAG_COMPLETION]) ? EXIT_DONE : call_usage(c, "--completion knows bash, zsh and fish");
	if (!k && c->arg_count) {
		k = find_command(c->args[0]);
		if (!k)
			return call_usage(c, "there is no command \"%s\"", c->args[0]);
	}
	if (k)
		command_help(c->out, k);
	else
		overview(c->out);
	return EXIT_DONE;
}
