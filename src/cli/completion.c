/* completion.c -- completion scripts for three shells, from the tables of commands and flags. Names of decks and tags are asked of the program when they are needed. */
#include "cli/cli.h"
#include "cli/help.h"

#include <string.h>

/* Words that follow a command and are no flags. */
static const struct {
	const char *command, *words;
} verbs[] = {
	{"deck", "list show lint fmt new"},
	{"plumbing", "fsrs words"},
	{"help", "review deck search stats config doctor"},
};

static const char *verbs_of(const char *command)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_eq(verbs[i].command, command))
			return verbs[i].words;
	return "";
}

static bool takes_query(const struct command *k)
{
	return strstr(k->args, "QUERY") != NULL;
}

static void print_flag_words(FILE *out, unsigned long long which)
{
	for (int f = 0; f < FLAG_COUNT; f++)
		if (which & FLAG_BIT(f))
			fprintf(out, " --%s", flags[f].name);
}

static void bash(FILE *out)
{
	fputs("# bash completion for gatedrill\n"
	      "_gatedrill_terms() {\n"
	      "\tgatedrill plumbing words tag 2>/dev/null | sed 's/^/tag:/'\n"
	      "\tgatedrill plumbing words deck 2>/dev/null | sed 's/^/deck:/'\n"
	      "\techo is:due is:new is:learn is:review is:suspended is:leech is:flagged\n"
	      "}\n"
	      "_gatedrill() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= words= w\n"
	      "\t[[ ${COMP_WORDS[COMP_CWORD-1]} == : ]] && cur=${COMP_WORDS[COMP_CWORD-2]}:$cur\n"
	      "\t[[ $cur == : ]] && cur=${COMP_WORDS[COMP_CWORD-1]}:\n"
	      "\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do [[ $w != -* ]] && { cmd=$w; break; }; done\n"
	      "\tcase $cmd in\n", out);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		fprintf(out, "\t%s) words=\"%s", k->name, verbs_of(k->name));
		print_flag_words(out, k->flags | FLAGS_EVERYWHERE);
		fputs("\"", out);
		if (takes_query(k))
			fputs("; words+=\" $(_gatedrill_terms)\"", out);
		if (str_eq(k->name, "deck"))
			fputs("; words+=\" $(gatedrill plumbing words deck 2>/dev/null)\"", out);
		if (str_eq(k->name, "config"))
			for (size_t s = 0; s < config_key_count; s++)
				fprintf(out, "; words+=' %s'", config_keys[s].name);
		fputs(" ;;\n", out);
	}
	fputs("\t*) words=\"", out);
	for (size_t i = 0; i < command_count; i++)
		if (!commands[i].hidden)
			fprintf(out, "%s%s", i ? " " : "", commands[i].name);
	print_flag_words(out, FLAGS_EVERYWHERE);
	fputs("\" ;;\n\tesac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "\t[[ $cur == *:* && $COMP_WORDBREAKS == *:* ]] && COMPREPLY=(\"${COMPREPLY[@]#\"${cur%\"${cur##*:}\"}\"}\")\n"
	      "\t[[ $cmd == deck && ${#COMPREPLY[@]} -eq 0 ]] && compopt -o default\n"
	      "}\n"
	      "complete -F _gatedrill gatedrill\n", out);
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
			fprintf(out, ":%s:%s", flags[f].arg, str_eq(flags[f].arg, "FILE") ? "_files" : " ");
		fputs("'", out);
	}
}

static void zsh(FILE *out)
{
	fputs("#compdef gatedrill\n"
	      "_gatedrill_terms() {\n"
	      "\tlocal -a terms=(${(f)\"$(gatedrill plumbing words tag 2>/dev/null | sed 's/^/tag:/'; gatedrill plumbing words deck 2>/dev/null | sed 's/^/deck:/')\"}\n"
	      "\t\tis:due is:new is:learn is:review is:suspended is:leech is:flagged)\n"
	      "\tcompadd -a terms\n"
	      "}\n"
	      "_gatedrill() {\n"
	      "\tlocal state line\n"
	      "\t_arguments -C '1:command:->command' '*::argument:->argument'\n"
	      "\tcase $state in\n"
	      "\tcommand)\n"
	      "\t\tlocal -a names=(", out);
	for (size_t i = 0; i < command_count; i++) {
		if (commands[i].hidden)
			continue;
		fprintf(out, "\n\t\t\t'%s:", commands[i].name);
		zsh_text(out, commands[i].summary);
		fputs("'", out);
	}
	fputs(")\n\t\t_describe command names ;;\n"
	      "\targument)\n"
	      "\t\tcase $line[1] in\n", out);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *k = &commands[i];
		fprintf(out, "\t\t%s) _arguments", k->name);
		zsh_flags(out, k->flags | FLAGS_EVERYWHERE);
		if (takes_query(k))
			fputs(" \\\n\t\t\t'*:query:_gatedrill_terms'", out);
		else if (str_eq(k->name, "deck"))
			fputs(" \\\n\t\t\t'1:verb:(list show lint fmt new)' '*:deck or file:{compadd ${(f)\"$(gatedrill plumbing words deck 2>/dev/null)\"}; _files}'", out);
		else if (verbs_of(k->name)[0])
			fprintf(out, " \\\n\t\t\t'1:word:(%s)'", verbs_of(k->name));
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
			fprintf(out, "complete -c gatedrill -n __fish_use_subcommand -a %s -d \"%s\"\n", k->name, k->summary);
		snprintf(when, sizeof(when), " -n '__fish_seen_subcommand_from %s'", k->name);
		fish_flags(out, when, k->flags);
		if (verbs_of(k->name)[0])
			fprintf(out, "complete -c gatedrill%s -a '%s'\n", when, verbs_of(k->name));
		if (takes_query(k))
			fprintf(out, "complete -c gatedrill%s -a '(gatedrill plumbing words tag 2>/dev/null | sed s/^/tag:/; gatedrill plumbing words deck 2>/dev/null | sed s/^/deck:/)'\n", when);
		if (str_eq(k->name, "deck"))
			fprintf(out, "complete -c gatedrill%s -F -a '(gatedrill plumbing words deck 2>/dev/null)'\n", when);
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
