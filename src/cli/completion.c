/* completion.c -- completion scripts for three shells, from the tables of commands and flags. Names
 * of decks and tags are asked of the program when they are needed. */
#include "cli/cli.h"
#include "cli/help.h"
#include "study/query.h"

#include <string.h>

/* The words that may follow a command and are no flags, one blank before each. */
static void print_words(FILE *out, const struct command *k)
{
	struct arena a = {0};
	const char *verb, *meaning;
	const char *before = "";
	for (const char *p = k->verbs; (p = help_pair(&a, p, &verb, &meaning)) != NULL;) {
		const char *word = arena_strndup(&a, verb, strcspn(verb, " "));
		if (!str_eq(word, before))
			fprintf(out, " %s", word);
		before = word;
	}
	for (size_t i = 0; k->run == run_help && i < command_count; i++)
		if (!commands[i].hidden)
			fprintf(out, " %s", commands[i].name);
	for (size_t i = 0; k->run == run_config && i < config_key_count; i++)
		fprintf(out, " %s", config_keys[i].name);
	arena_clear(&a);
}

static bool takes_words(const struct command *k)
{
	return k->verbs || k->run == run_help || k->run == run_config;
}

static bool takes_query(const struct command *k)
{
	return strstr(k->args, "QUERY") != NULL;
}

/* The terms of queries that need no store. */
static void print_terms(FILE *out)
{
	for (size_t i = 0; i < query_state_count; i++)
		fprintf(out, " is:%s", query_states[i]);
	for (int k = 0; k < CARD_KIND_COUNT; k++)
		fprintf(out, " kind:%s", card_kind_names[k]);
}

static void print_flag_words(FILE *out, unsigned long long which)
{
	for (int f = 0; f < FLAG_COUNT; f++)
		if (which & FLAG_BIT(f))
			fprintf(out, " --%s", flags[f].name);
}

/* Flags whose argument is the next word, as patterns of a shell's `case`. */
static void print_flags_with_argument(FILE *out)
{
	bool any = false;
	for (int f = 0; f < FLAG_COUNT; f++) {
		if (!flags[f].arg)
			continue;
		fprintf(out, "%s--%s", any ? "|" : "", flags[f].name);
		if (flags[f].letter)
			fprintf(out, "|-%c", flags[f].letter);
		any = true;
	}
}

/* bash splits words at colons, so "tag:we" arrives as three words; it is put together first, and
 * what stands before the last colon is taken off the replies again. Flags are offered where one is
 * begun, a command's own words only as its first. */
static const char bash_head[] = "# bash completion for gatedrill\n"
				"_gatedrill_terms() {\n"
				"\tgatedrill plumbing words tag 2>/dev/null | sed 's/^/tag:/'\n"
				"\tgatedrill plumbing words deck 2>/dev/null | sed 's/^/deck:/'\n"
				"\techo";
static const char bash_words[] =
	"\n"
	"}\n"
	"_gatedrill() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd='' verb='' "
	"words='' flags='' skip='' w\n"
	"\tif [[ $cur == : ]]; then cur=$prev:; elif [[ $prev == : ]]; then "
	"cur=${COMP_WORDS[COMP_CWORD-2]}:$cur; fi\n"
	"\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	"\t\tif [[ $skip ]]; then skip=''; continue; fi\n"
	"\t\tcase $w in\n"
	"\t\t";
static const char bash_middle[] =
	") skip=1 ;;\n"
	"\t\t-*) ;;\n"
	"\t\t*) if [[ ! $cmd ]]; then cmd=$w; elif [[ ! $verb ]]; then verb=$w; fi ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tCOMPREPLY=()\n"
	"\tif [[ $prev == --db || $prev == --backup || $prev == --restore ]]; then compopt -o "
	"default; fi\n"
	"\tif [[ $skip ]]; then return; fi\n"
	"\tcase $cmd in\n";
static const char bash_tail[] =
	"\" ;;\n"
	"\tesac\n"
	"\tif [[ $cur == -* ]]; then words=$flags; fi\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"\tif [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then "
	"COMPREPLY=(\"${COMPREPLY[@]#\"${cur%\"${cur##*:}\"}\"}\"); fi\n"
	"\tif [[ $verb == lint || $verb == fmt ]]; then compopt -o default; fi\n"
	"}\n"
	"complete -F _gatedrill gatedrill\n";

static void bash(FILE *out)
{
	fputs(bash_head, out);
	print_terms(out);
	fputs(bash_words, out);
	print_flags_with_argument(out);
	fputs(bash_middle, out);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		fprintf(out, "\t%s) flags=\"", k->name);
		print_flag_words(out, k->flags | FLAGS_EVERYWHERE);
		fputs("\"", out);
		if (takes_query(k))
			fputs("; words=$(_gatedrill_terms)", out);
		if (takes_words(k)) {
			fputs("; if [[ ! $verb ]]; then words=\"", out);
			print_words(out, k);
			fputs("\"; fi", out);
		}
		if (k->run == run_deck)
			fputs("; if [[ $verb == show ]]; then "
			      "words=$(gatedrill plumbing words deck 2>/dev/null); fi",
			      out);
		if (k->run == run_tree)
			fputs("; words=$(gatedrill plumbing words tree 2>/dev/null)", out);
		if (k->run == run_lab)
			fputs("; words=$(gatedrill plumbing words lab 2>/dev/null)", out);
		fputs(" ;;\n", out);
	}
	fputs("\t*) words=\"", out);
	for (size_t i = 0; i < command_count; i++)
		if (!commands[i].hidden)
			fprintf(out, "%s%s", i ? " " : "", commands[i].name);
	fputs("\"; flags=\"", out);
	print_flag_words(out, FLAGS_EVERYWHERE);
	fputs(bash_tail, out);
}

/* Brackets and colons end a description in zsh; our help holds neither quotes nor backslashes. */
static void zsh_text(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("[]:", *s))
			fputc('\\', out);
		if (*s == '\'')
			fputs("'\\'", out);
		fputc(*s, out);
	}
}

static void zsh_flags(FILE *out, unsigned long long which)
{
	for (int f = 0; f < FLAG_COUNT; f++) {
		if (!(which & FLAG_BIT(f)))
			continue;
		fprintf(out, " \\\n\t\t\t'--%s[", flags[f].name);
		zsh_text(out, flags[f].help);
		fputs("]", out);
		if (flags[f].arg)
			fprintf(out, ":%s:%s", flags[f].arg,
				str_eq(flags[f].arg, "FILE") ? "_files" : " ");
		fputs("'", out);
	}
}

static void zsh(FILE *out)
{
	fputs("#compdef gatedrill\n"
	      "_gatedrill_terms() {\n"
	      "\tlocal -a terms=(${(f)\"$(gatedrill plumbing words tag 2>/dev/null | sed "
	      "'s/^/tag:/'; gatedrill plumbing words deck 2>/dev/null | sed 's/^/deck:/')\"}\n"
	      "\t\t",
	      out);
	print_terms(out);
	fputs(")\n"
	      "\tcompadd -a terms\n"
	      "}\n"
	      "_gatedrill() {\n"
	      "\tlocal state line\n"
	      "\t_arguments -C '1:command:->command' '*::argument:->argument'\n"
	      "\tcase $state in\n"
	      "\tcommand)\n"
	      "\t\tlocal -a names=(",
	      out);
	for (size_t i = 0; i < command_count; i++) {
		if (commands[i].hidden)
			continue;
		fprintf(out, "\n\t\t\t'%s:", commands[i].name);
		zsh_text(out, commands[i].summary);
		fputs("'", out);
	}
	fputs(")\n\t\t_describe command names ;;\n"
	      "\targument)\n"
	      "\t\tcase $line[1] in\n",
	      out);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		fprintf(out, "\t\t%s) _arguments", k->name);
		zsh_flags(out, k->flags | FLAGS_EVERYWHERE);
		if (takes_query(k))
			fputs(" \\\n\t\t\t'*:query:_gatedrill_terms'", out);
		if (takes_words(k)) {
			fputs(" \\\n\t\t\t'1:word:(", out);
			print_words(out, k);
			fputs(")'", out);
		}
		if (k->run == run_deck)
			fputs(" \\\n\t\t\t'*:deck or file:{compadd ${(f)\"$(gatedrill plumbing "
			      "words deck 2>/dev/null)\"}; _files}'",
			      out);
		if (k->run == run_tree)
			fputs(" \\\n\t\t\t'1:tree:{compadd ${(f)\"$(gatedrill plumbing "
			      "words tree 2>/dev/null)\"}}'",
			      out);
		if (k->run == run_lab)
			fputs(" \\\n\t\t\t'1:lab:{compadd ${(f)\"$(gatedrill plumbing "
			      "words lab 2>/dev/null)\"}}'",
			      out);
		fputs(" ;;\n", out);
	}
	fputs("\t\tesac ;;\n\tesac\n}\n_gatedrill \"$@\"\n", out);
}

static void fish_flags(FILE *out, const char *when, unsigned long long which)
{
	for (int f = 0; f < FLAG_COUNT; f++) {
		if (!(which & FLAG_BIT(f)))
			continue;
		fprintf(out, "complete -c gatedrill%s -l %s", when, flags[f].name);
		if (flags[f].letter)
			fprintf(out, " -s %c", flags[f].letter);
		if (flags[f].arg)
			fputs(str_eq(flags[f].arg, "FILE") ? " -r -F" : " -x", out);
		fprintf(out, " -d \"%s\"\n", flags[f].help);
	}
}

static void fish(FILE *out)
{
	fputs("# fish completion for gatedrill\ncomplete -c gatedrill -f\n", out);
	fish_flags(out, "", FLAGS_EVERYWHERE);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		char when[128];
		if (!k->hidden)
			fprintf(out,
				"complete -c gatedrill -n __fish_use_subcommand -a %s -d \"%s\"\n",
				k->name, k->summary);
		snprintf(when, sizeof(when), " -n '__fish_seen_subcommand_from %s'", k->name);
		fish_flags(out, when, k->flags);
		if (takes_words(k)) {
			fprintf(out, "complete -c gatedrill%s -a '", when);
			print_words(out, k);
			fputs("'\n", out);
		}
		if (takes_query(k)) {
			fprintf(out,
				"complete -c gatedrill%s -a '(gatedrill plumbing words tag "
				"2>/dev/null | sed s/^/tag:/; gatedrill plumbing words deck "
				"2>/dev/null | sed s/^/deck:/)",
				when);
			print_terms(out);
			fputs("'\n", out);
		}
		if (k->run == run_deck)
			fprintf(out,
				"complete -c gatedrill%s -F -a '(gatedrill plumbing words deck "
				"2>/dev/null)'\n",
				when);
		if (k->run == run_tree)
			fprintf(out,
				"complete -c gatedrill%s -a '(gatedrill plumbing words tree "
				"2>/dev/null)'\n",
				when);
		if (k->run == run_lab)
			fprintf(out,
				"complete -c gatedrill%s -a '(gatedrill plumbing words lab "
				"2>/dev/null)'\n",
				when);
	}
}

bool completion_print(FILE *out, const char *shell)
{
	static const struct {
		const char *name;
		void (*print)(FILE *out);
	} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
	for (size_t i = 0; i < ARRAY_LEN(shells); i++)
		if (str_eq(shell, shells[i].name)) {
			shells[i].print(out);
			return true;
		}
	return false;
}
