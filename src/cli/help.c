/* help.c -- `gatedrill help` and --help. All of it is printed from the tables of commands, flags
 * and query terms and laid out in 80 columns, with what a learner wants first on top: examples. */
#include "cli/help.h"
#include "base/suggest.h"
#include "study/query.h"

#include <string.h>

#define WIDTH 79
#define NAME_COLUMN 23 /* where the meaning of a flag, a term or a verb begins */

void help_wrap(FILE *out, const char *text, int col, int indent, int width)
{
	bool first = true;
	for (const char *p = text; *p;) {
		int n = (int)strcspn(p, " ");
		if (!first && col + 1 + n > width) {
			fprintf(out, "\n%*s", indent, "");
			col = indent;
		} else if (!first) {
			fputc(' ', out);
			col++;
		}
		fwrite(p, 1, (size_t)n, out);
		col += n;
		first = false;
		p += n;
		p += strspn(p, " ");
	}
	fputc('\n', out);
}

const char *help_pair(struct arena *a, const char *lines, const char **left, const char **right)
{
	if (!lines || !*lines)
		return NULL;
	size_t n = strcspn(lines, "\t"), m = strcspn(lines + n + 1, "\n");
	*left = arena_strndup(a, lines, n);
	*right = arena_strndup(a, lines + n + 1, m);
	return lines + n + 1 + m + 1;
}

/* "  name    meaning", the meaning below when the name is too long. */
static void print_entry(FILE *out, const char *name, const char *meaning, int column)
{
	int n = (int)strlen(name);
	if (2 + n + 2 > column)
		fprintf(out, "  %s\n%*s", name, column, "");
	else
		fprintf(out, "  %-*s", column - 2, name);
	help_wrap(out, meaning, column, column, WIDTH);
}

static void print_pairs(FILE *out, const char *lines, int column)
{
	struct arena a = {0};
	const char *left, *right;
	while ((lines = help_pair(&a, lines, &left, &right)) != NULL)
		print_entry(out, left, right, column);
	arena_clear(&a);
}

/* Commands are long: their meanings stand in one column behind the longest. */
static void print_examples(FILE *out, const char *lines)
{
	struct arena a = {0};
	const char *left, *right;
	int column = 0;
	for (const char *p = lines; (p = help_pair(&a, p, &left, &right)) != NULL;)
		if ((int)strlen(left) + 5 > column)
			column = (int)strlen(left) + 5;
	print_pairs(out, lines, column);
	arena_clear(&a);
}

static void print_flags(FILE *out, unsigned long long which)
{
	for (int f = 0; f < FLAG_COUNT; f++) {
		if (!(which & FLAG_BIT(f)))
			continue;
		struct arena a = {0};
		const char *name =
			arena_printf(&a, "--%s%s%s", flags[f].name, flags[f].arg ? " " : "",
				     flags[f].arg ? flags[f].arg : "");
		if (flags[f].letter)
			name = arena_printf(&a, "-%c, %s", flags[f].letter, name);
		print_entry(out, name, flags[f].help, NAME_COLUMN);
		arena_clear(&a);
	}
}

static void print_queries(FILE *out)
{
	fputs("\nQueries:\n", out);
	for (size_t i = 0; i < query_term_count; i++)
		print_entry(out, query_terms[i].form, query_terms[i].help, NAME_COLUMN);
	fputs("  Quote a query for your shell where it has spaces, >, <, *, ( or \".\n", out);
}

static void overview(FILE *out)
{
	fputs("gatedrill: learn Amazon API Gateway for the AWS Certified Developer -\n"
	      "Associate exam\n\n"
	      "Examples:\n"
	      "  gatedrill                  the home screen\n"
	      "  gatedrill review           what is due today\n"
	      "  gatedrill search timeout   find cards\n\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < command_count; i++)
		if (!commands[i].hidden)
			print_entry(out, commands[i].name, commands[i].summary, 13);
	fputs("\nOptions everywhere:\n", out);
	print_flags(out, FLAGS_EVERYWHERE);
	fputs("\n`gatedrill help COMMAND` says more. Manual pages: gatedrill(1),\n"
	      "gatedrill-deck(5), gatedrill-exam(5), gatedrill-keys(7).\n",
	      out);
}

void help_usage(FILE *out, const struct command *k)
{
	int indent = fprintf(out, "Usage: gatedrill %s ", k->name);
	help_wrap(out, k->args, indent, indent, WIDTH + 1);
}

static void command_help(FILE *out, const struct command *k)
{
	fprintf(out, "gatedrill %s: %s\n\n", k->name, k->summary);
	help_usage(out, k);
	fputs("\nExamples:\n", out);
	print_examples(out, k->examples);
	fputc('\n', out);
	help_wrap(out, k->about, 0, 0, WIDTH);
	if (k->verbs) {
		fputc('\n', out);
		print_pairs(out, k->verbs, NAME_COLUMN);
	}
	if (k->flags) {
		fputs("\nOptions:\n", out);
		print_flags(out, k->flags);
	}
	if (strstr(k->args, "QUERY"))
		print_queries(out);
	fputs("\nOptions everywhere: see `gatedrill help`.\n", out);
}

static int unknown_command(struct call *c, const char *name)
{
	const char *names[64];
	size_t n = 0;
	for (size_t i = 0; i < command_count && n < ARRAY_LEN(names); i++)
		names[n++] = commands[i].name;
	const char *near = suggest(name, names, n);
	if (near)
		return call_usage(c, "there is no command \"%s\", did you mean \"%s\"?", name,
				  near);
	return call_usage(c, "there is no command \"%s\"; `gatedrill help` lists them", name);
}

int run_help(struct call *c)
{
	const struct command *k = call_has(c, FLAG_HELP) ? c->command : NULL;
	if (call_has(c, FLAG_MDOC))
		return mdoc_print(c, c->value[FLAG_MDOC])
			       ? EXIT_DONE
			       : call_usage(c, "--mdoc knows %s", mdoc_parts);
	if (call_has(c, FLAG_COMPLETION))
		return completion_print(c->out, c->value[FLAG_COMPLETION])
			       ? EXIT_DONE
			       : call_usage(c, "--completion knows bash, zsh and fish");
	if (!k && c->arg_count) {
		k = command_find(c->args[0]);
		if (!k)
			return unknown_command(c, c->args[0]);
	}
	if (k)
		command_help(c->out, k);
	else
		overview(c->out);
	return EXIT_DONE;
}
