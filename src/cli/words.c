/* words.c -- see words.h. */
#include "cli/words.h"

#include <string.h>

static const char *skip_space(const char *s)
{
	return s + strspn(s, " \t");
}

int word_find(struct plain *p, const struct word *words, size_t n, bool whole, bool letters)
{
	const char *line = skip_space(str_c(&p->line));
	bool colon = line[0] == ':' && line[1] != ':';
	const char *s = line + colon;
	size_t len = strcspn(s, " \t");
	p->arg = str_starts(line, "::") ? line + 1 : line;
	for (size_t i = 0; len && i < n; i++) {
		bool name = !strncmp(words[i].name, s, len) && !words[i].name[len];
		bool letter = words[i].letter && len == 1 && *s == words[i].letter;
		if (!(name && (colon || whole)) && !(letter && (colon || letters)))
			continue;
		p->arg = skip_space(s + len);
		return (int)i;
	}
	return colon ? -2 : -1;
}

bool words_hint(struct plain *p, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i].letter && p->arg[0] == words[i].letter && !p->arg[1]) {
			plain_say(p, "Commands in one letter begin with a colon here, such as :%c.",
				  words[i].letter);
			return true;
		}
	return false;
}

void words_say(struct plain *p, const struct word *words, size_t n)
{
	struct arena a = {0};
	for (size_t i = 0; i < n; i++) {
		const struct word *w = &words[i];
		const char *name = arena_printf(&a, "%s%s%s", w->name, w->arg ? " " : "",
						w->arg ? w->arg : "");
		const char *letter = w->letter ? arena_printf(&a, "or :%c", w->letter) : "";
		plain_say(p, ":%-13s %-5s  %s", name, letter, w->help);
	}
	arena_clear(&a);
}
