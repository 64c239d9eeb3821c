/* mdoc.c -- the tables as mdoc source: what tests/gen-man.sh puts between the markers of the manual
 * pages.
 *
 * The rooms that own a table write its macros; their sentences come as they are. One filter then
 * does for all what mdoc asks of text: a new line for each sentence, short lines, and no line that
 * begins like a macro by accident. */
#include "cli/help.h"
#include "cli/words.h"
#include "deck/blueprint.h"
#include "deck/dtree.h"
#include "deck/keys.h"
#include "deck/lab.h"
#include "deck/lint.h"
#include "deck/prices.h"
#include "gateway/function.h"
#include "gateway/stack.h"
#include "study/query.h"

#include <ctype.h>
#include <string.h>

#define FILL 78

/* ---- texts --------------------------------------------------------------------------- */

/* A word of running text. A hyphen that begins a flag must stay one when it is copied from the
 * page. */
static void add_word(struct str *out, const char *p, size_t n, bool starts_line)
{
	if (starts_line && (*p == '.' || *p == '\''))
		str_add(out, "\\&");
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '-' && n > 2 && (strspn(p, "`('\"") == i || (i && p[i - 1] == '-')) &&
		    p[0] != '\\')
			str_add(out, "\\-");
		else
			str_addc(out, p[i]);
	}
}

/* One paragraph: sentences on lines of their own, none over FILL columns. */
static void add_text(struct str *out, const char *text)
{
	size_t col = 0;
	bool ended = false;
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, " ");
		if (col && (ended || col + 1 + n > FILL)) {
			str_addc(out, '\n');
			col = 0;
		} else if (col) {
			str_addc(out, ' ');
			col++;
		}
		size_t before = out->len;
		add_word(out, p, n, !col);
		col += out->len - before;
		ended = n > 1 && (p[n - 1] == '.' || p[n - 1] == '?');
		p += n;
		p += strspn(p, " ");
	}
	str_addc(out, '\n');
}

/* Macro lines as they are, text lines filled; what stands in a literal display is left alone. */
static void add_filled(struct str *out, const char *source)
{
	struct arena a = {0};
	bool literal = false;
	for (const char *p = source; *p;) {
		size_t n = strcspn(p, "\n");
		char *line = arena_strndup(&a, p, n);
		literal = (literal || str_starts(line, ".Bd -literal")) && !str_starts(line, ".Ed");
		if (literal || *line == '.' || !*line)
			str_addf(out, "%s\n", line);
		else
			add_text(out, line);
		p += n + (p[n] == '\n');
	}
	arena_clear(&a);
}

/* Text to be typed: what roff would change is escaped. */
static void add_verbatim(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"')
			str_add(out, "\\(dq");
		else if (*text == '-')
			str_add(out, "\\-");
		else if (*text == '\\')
			str_add(out, "\\e");
		else if (*text == '~')
			str_add(out, "\\(ti");
		else if (*text == '\'')
			str_add(out, "\\(aq");
		else
			str_addc(out, *text);
	}
}

/* The same as one argument of a macro: quoted, and its first sign is no delimiter. */
static void add_argument(struct str *out, const char *text)
{
	str_add(out, "\"\\&");
	add_verbatim(out, text);
	str_addc(out, '"');
}

/* "[KEY [VALUE]]" with the macros of a synopsis: Oo Ar KEY Oo Ar VALUE Oc Oc. */
static void add_synopsis(struct str *out, const char *text)
{
	while (*text) {
		size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		size_t w = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
		if (str_starts(text, "...")) {
			str_add(out, " ...");
			n = 3;
		} else if (n) {
			str_addf(out, " Ar %.*s", (int)n, text);
		} else if (str_starts(text, "--")) {
			str_addf(out, " Fl Fl %.*s", (int)w - 2, text + 2);
			n = w;
		} else if (w) {
			str_addf(out, " Cm %.*s", (int)w, text);
			n = w;
		} else {
			str_add(out, *text == '['   ? " Oo"
				     : *text == ']' ? " Oc"
				     : *text == '|' ? " |"
						    : "");
			n = 1;
		}
		text += n;
	}
}

/* "some words" as a sentence. */
static void add_sentence(struct str *out, const char *text)
{
	str_addf(out, "%c%s%s\n", toupper((unsigned char)text[0]), text[0] ? text + 1 : "",
		 str_ends(text, ".") ? "" : ".");
}

/* ---- tables -------------------------------------------------------------------------- */

static const char list_begin[] = ".Bl -tag -width Ds\n", list_end[] = ".El\n";

static void add_flags(struct str *out, unsigned long long which)
{
	str_add(out, list_begin);
	for (int f = 0; f < FLAG_COUNT; f++) {
		if (!(which & FLAG_BIT(f)))
			continue;
		str_add(out, ".It ");
		if (flags[f].letter)
			str_addf(out, "Fl %c , ", flags[f].letter);
		str_addf(out, "Fl Fl %s", flags[f].name);
		if (flags[f].arg)
			str_addf(out, " Ar %s", flags[f].arg);
		str_addc(out, '\n');
		add_sentence(out, flags[f].help);
	}
	str_add(out, list_end);
}

static void flags_part(struct str *out)
{
	add_flags(out, FLAGS_EVERYWHERE);
}

static void add_verbs(struct str *out, const struct command *k)
{
	struct arena a = {0};
	const char *verb, *meaning;
	if (!k->verbs)
		return;
	str_add(out, list_begin);
	for (const char *p = k->verbs; (p = help_pair(&a, p, &verb, &meaning)) != NULL;) {
		str_add(out, ".It");
		add_synopsis(out, verb);
		str_addc(out, '\n');
		add_sentence(out, meaning);
	}
	str_add(out, list_end);
	arena_clear(&a);
}

static void add_examples(struct str *out, const char *lines)
{
	struct arena a = {0};
	const char *command, *meaning;
	str_add(out, ".Bd -literal -offset indent\n");
	while ((lines = help_pair(&a, lines, &command, &meaning)) != NULL) {
		add_verbatim(out, command);
		str_addc(out, '\n');
	}
	str_add(out, ".Ed\n");
	arena_clear(&a);
}

static void commands_part(struct str *out)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		str_addf(out, ".Ss %s\n.Nm\n.Op Ar options\n.Cm %s", k->name, k->name);
		add_synopsis(out, k->args);
		str_addf(out, "\n.Pp\n%s\n", k->about);
		add_verbs(out, k);
		if (k->flags) {
			str_add(out, ".Pp\nOptions:\n");
			add_flags(out, k->flags);
		}
		str_add(out, ".Pp\nExamples:\n");
		add_examples(out, k->examples);
	}
}

static void query_part(struct str *out)
{
	str_add(out, ".Bl -tag -width \"prop:lapses>3\"\n");
	for (size_t i = 0; i < query_term_count; i++) {
		str_add(out, ".It Ic ");
		add_argument(out, query_terms[i].form);
		str_addf(out, "\n%s\n", query_terms[i].help);
	}
	str_add(out, list_end);
}

static void settings_part(struct str *out)
{
	str_add(out, list_begin);
	config_mdoc(out);
	str_add(out, list_end);
}

static void line_commands_part(struct str *out)
{
	str_add(out, list_begin);
	for (int i = 0; i < PLAIN_COMMAND_COUNT; i++) {
		const struct plain_command *k = &plain_commands[i];
		str_addf(out, ".It Ic \\&:%s", k->name);
		if (k->arg)
			str_addf(out, " Ar %s", k->arg);
		str_addf(out, " , Ic \\&:%c\\&\n", k->letter);
		add_sentence(out, k->help);
	}
	str_add(out, list_end);
}

static void words_part(struct str *out, const struct word *words, size_t n)
{
	str_add(out, list_begin);
	for (size_t i = 0; i < n; i++) {
		str_addf(out, ".It Ic \\&:%s", words[i].name);
		if (words[i].arg)
			str_addf(out, " Ar %s", words[i].arg);
		if (words[i].letter)
			str_addf(out, " , Ic \\&:%c\\&", words[i].letter);
		str_addc(out, '\n');
		add_sentence(out, words[i].help);
	}
	str_add(out, list_end);
}

static void quiz_commands_part(struct str *out)
{
	words_part(out, quiz_words, quiz_word_count);
}

static void exam_commands_part(struct str *out)
{
	words_part(out, exam_words, exam_word_count);
}

static void result_commands_part(struct str *out)
{
	words_part(out, result_words, result_word_count);
}

static void lab_commands_part(struct str *out)
{
	words_part(out, lab_words, lab_word_count);
}

static void builtins_part(struct str *out)
{
	for (size_t i = 0; i < builtin_count; i++)
		str_addf(out, ".It Ic %s\n%s\n", builtins[i].name, builtins[i].help);
}

static const struct {
	const char *name;
	void (*write)(struct str *out); /* NULL: the key table of the host */
} parts[] = {
	{"commands", commands_part},
	{"flags", flags_part},
	{"keys", NULL},
	{"line-commands", line_commands_part},
	{"quiz-commands", quiz_commands_part},
	{"exam-commands", exam_commands_part},
	{"result-commands", result_commands_part},
	{"lab-commands", lab_commands_part},
	{"settings", settings_part},
	{"query", query_part},
	{"deck-keys", deck_keys_mdoc},
	{"exam-keys", blueprint_keys_mdoc},
	{"matrix-keys", matrix_keys_mdoc},
	{"tree-keys", dtree_keys_mdoc},
	{"lab-keys", lab_keys_mdoc},
	{"prices-keys", prices_keys_mdoc},
	{"lint", lint_rules_mdoc},
	{"stack-keys", stack_mdoc},
	{"builtins", builtins_part},
};
const char mdoc_parts[] =
	"commands, flags, keys, line-commands, quiz-commands, exam-commands, result-commands, "
	"lab-commands, settings, query, deck-keys, exam-keys, matrix-keys, tree-keys, lab-keys, "
	"prices-keys, "
	"lint, stack-keys and builtins";

bool mdoc_print(struct call *c, const char *part)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!str_eq(part, parts[i].name))
			continue;
		struct str source = {0}, filled = {0};
		(parts[i].write ? parts[i].write : c->host->keys_mdoc)(&source);
		add_filled(&filled, str_c(&source));
		fputs(str_c(&filled), c->out);
		str_clear(&source);
		str_clear(&filled);
		return true;
	}
	return false;
}
