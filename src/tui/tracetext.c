/* tracetext.c -- what a stage kept for who looks: headers, events, templates, answers. JSON is laid
 * out, since an event on one line cannot be read; what is no JSON stays as it is. */
#include "base/json.h"
#include "tui/trace.h"

#include <string.h>

#define MAX_SHOWN_LINES 2000 /* of one value */
#define VALUE_COL 26         /* where short values stand, counted from the name */

/* A list or a map with something in it, on lines of its own; NULL: it is none. */
static const char *laid_out(struct arena *a, const char *text)
{
	struct node *root;
	struct str out = {0};
	struct json_out j = {.out = &out, .indent = true};
	const char *first = text + strspn(text, " \t\r\n");
	if ((*first != '{' && *first != '[') ||
	    !json_read_wire(a, (struct slice){text, strlen(text)}, &root))
		return NULL;
	json_node(&j, NULL, root);
	char *copy = arena_strdup(a, str_c(&out));
	str_clear(&out);
	return copy;
}

void trace_text_draw(struct page *p, const char *text, int hang)
{
	const char *json = laid_out(&p->arena, text);
	const char *s = json ? json : text;
	for (int n = 0; *s; n++) {
		size_t len = strcspn(s, "\n");
		size_t shown = len && s[len - 1] == '\r' ? len - 1 : len;
		page_line(p);
		if (n == MAX_SHOWN_LINES) {
			page_pad(p, hang);
			page_addf(p, STYLE_DIM, "... and %zu bytes more", strlen(s));
			return;
		}
		page_broken(p, json ? STYLE_CODE : STYLE_PLAIN, hang,
			    arena_strndup(&p->arena, s, shown));
		s += len + (s[len] == '\n');
	}
}

static bool fits(const struct page *p, const char *value, int hang)
{
	return !strpbrk(value, "\n{[") && (int)strlen(value) <= p->width - hang - VALUE_COL;
}

void trace_details_draw(struct page *p, const struct gw_detail *d, int hang)
{
	for (; d; d = d->next) {
		const char *value = d->value ? d->value : "";
		page_line(p);
		page_pad(p, hang);
		page_cut(p, STYLE_ACCENT, d->name, p->width - hang);
		if (fits(p, value, hang)) {
			page_add(p, STYLE_PLAIN, " ");
			page_pad(p, hang + VALUE_COL);
			page_add(p, STYLE_PLAIN, value[0] ? value : "(empty)");
		} else {
			trace_text_draw(p, value, hang + 2);
		}
	}
}
