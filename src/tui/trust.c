/* trust.c -- labs and proofs from elsewhere whose functions run commands: what would run is shown
 * and asked about before it does. Only what came with the program runs unasked. */
#include "tui/drawlab.h"

#include <string.h>

char *trust_asked(struct diags *d)
{
	struct str text = {0};
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->items[i].code, "lab-commands") == 0)
			str_addf(&text, "%s\n", d->items[i].text);
	if (!text.len)
		return NULL;
	char *out = xstrdup(str_c(&text));
	str_clear(&text);
	diags_clear(d);
	return out;
}

void trust_draw(struct canvas *c, const char *what, const char *commands)
{
	struct page *p = &c->body;
	page_line(p);
	page_addf(p, STYLE_WARN, "This %s did not come with the program.", what);
	page_gap(p);
	page_line(p);
	page_words(p, STYLE_PLAIN, 0, "What it runs on this machine has all of your rights:");
	page_gap(p);
	for (const char *line = commands; *line;) {
		size_t n = strcspn(line, "\n");
		page_line(p);
		page_pad(p, 2);
		page_log(p, STYLE_CODE, 4, arena_strndup(&p->arena, line, n));
		line += n + (line[n] == '\n');
	}
	page_gap(p);
	page_line(p);
	page_add(p, STYLE_STRONG, "May they run?");
	page_add(p, STYLE_ACCENT, "   y");
	page_add(p, STYLE_PLAIN, " yes, this time");
	page_add(p, STYLE_ACCENT, "   n");
	page_add(p, STYLE_PLAIN, " no");
}
