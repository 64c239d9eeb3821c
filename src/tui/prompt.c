/* prompt.c -- the line above the footer asks something: the name of a command, an argument, yes or
 * no. It stands over the view it is for, which stays in sight, and hands on what was given only
 * once it has gone itself (app_next). */
#include "base/utf8.h"
#include "tui/line.h"
#include "tui/view.h"

#include <stdlib.h>
#include <string.h>

struct prompt {
	struct view view;
	struct line line;
	int id;        /* the command it is for, -1: one is asked for by name */
	bool confirms; /* yes or no, and no line */
	char *arg;     /* of the command to confirm */
};

static struct prompt *self(struct view *v)
{
	return (struct prompt *)v;
}

static enum context asker(const struct view *v)
{
	return v->below->ops->context(v->below);
}

/* "flag 3": the command and what follows it. */
static enum view_result run_line(struct prompt *p)
{
	struct arena a = {0};
	char *text = str_trim(&a, str_c(&p->line.text));
	size_t n = strcspn(text, " ");
	const char *rest = str_trim(&a, text + n);
	text[n] = '\0';
	int id = keys_named(asker(&p->view), text);
	if (id >= 0)
		app_next(p->view.app, (enum command_id)id, rest[0] ? rest : NULL, false);
	else if (n)
		app_say(p->view.app, STYLE_WARN, "There is no command \"%s\" here; ? lists them.",
			text);
	arena_clear(&a);
	return VIEW_BACK;
}

/* The rest of the name, as far as all commands that begin so agree. */
static void complete(struct prompt *p)
{
	const char *typed = str_c(&p->line.text);
	const char *common = NULL;
	size_t n = 0;
	for (int i = 0; i < CMD_COUNT; i++) {
		const char *name = key_commands[i].name;
		if (!keys_works(asker(&p->view), (enum command_id)i) || !str_starts(name, typed))
			continue;
		size_t same = 0;
		while (common && same < n && common[same] == name[same])
			same++;
		n = common ? same : strlen(name);
		common = name;
	}
	if (common && n > p->line.text.len) {
		char *text = xstrndup(common, n);
		line_set(&p->line, text);
		free(text);
	}
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct prompt *p = self(v);
	(void)arg;
	if (id == CMD_BACK || id == CMD_NO)
		return VIEW_BACK;
	if (id == CMD_YES) {
		app_next(v->app, (enum command_id)p->id, p->arg, true);
		return VIEW_BACK;
	}
	if (id == CMD_COMPLETE) {
		if (p->id < 0)
			complete(p);
		return VIEW_STAY;
	}
	if (id != CMD_ENTER)
		return VIEW_OTHER;
	if (p->id < 0)
		return run_line(p);
	if (p->line.text.len)
		app_next(v->app, (enum command_id)p->id, str_c(&p->line.text), false);
	return VIEW_BACK;
}

static void typed(struct view *v, uint32_t key)
{
	line_key(&self(v)->line, key);
}

static bool can(const struct view *v, enum command_id id)
{
	return id != CMD_COMPLETE || ((const struct prompt *)v)->id < 0;
}

/* What the name typed so far stands for. */
static const char *meaning(const struct prompt *p, struct arena *a)
{
	char *text = str_trim(a, str_c(&p->line.text));
	text[strcspn(text, " ")] = '\0';
	int id = text[0] ? keys_named(asker(&p->view), text) : -1;
	return id < 0 ? ""
		      : arena_printf(a, "%s: %s", key_commands[id].name, key_commands[id].help);
}

static const char *question(const struct prompt *p, struct arena *a)
{
	const struct view *below = p->view.below;
	enum command_id id = (enum command_id)p->id;
	const char *asks = below->ops->asks ? below->ops->asks(below, id, a) : NULL;
	return asks ? asks : key_commands[id].confirm;
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct prompt *p = (const struct prompt *)v;
	struct page *page = &c->body;
	int cursor;
	page_line(page);
	if (p->confirms) {
		page_add(page, STYLE_WARN, question(p, &page->arena));
		page_add(page, STYLE_PLAIN, " y or n ");
		canvas_cursor(c, page_cols(page));
		return;
	}
	page_add(page, STYLE_ACCENT, p->id < 0 ? ":" : key_commands[p->id].argument);
	if (p->id >= 0)
		page_add(page, STYLE_PLAIN, " ");
	int from = page_cols(page);
	page_add(page, STYLE_PLAIN,
		 line_window(&p->line, &page->arena, page->width - from, &cursor));
	canvas_cursor(c, from + cursor);
	if (p->id < 0) {
		page_add(page, STYLE_PLAIN, "   ");
		page_add(page, STYLE_DIM, meaning(p, &page->arena));
	}
}

static bool open_prompt(struct view *v, struct diags *d)
{
	struct prompt *p = self(v);
	struct arena a = {0};
	(void)d;
	if (p->id >= 0 && !p->confirms && v->below->ops->offers) {
		const char *text = v->below->ops->offers(v->below, (enum command_id)p->id, &a);
		if (text)
			line_set(&p->line, text);
	}
	arena_clear(&a);
	return true;
}

static enum context context(const struct view *v)
{
	return ((const struct prompt *)v)->confirms ? CTX_CONFIRM : CTX_PROMPT;
}

static void close_prompt(struct view *v)
{
	line_clear(&self(v)->line);
	free(self(v)->arg);
	free(v);
}

static const struct view_ops ops = {
	.name = "prompt",
	.wide = true,
	.overlay = true,
	.context = context,
	.open = open_prompt,
	.draw = draw,
	.command = command,
	.can = can,
	.typed = typed,
	.close = close_prompt,
};

static struct prompt *new_prompt(struct app *app, int id)
{
	struct prompt *p = xcalloc(1, sizeof(*p));
	p->view.ops = &ops;
	p->view.app = app;
	p->id = id;
	return p;
}

struct view *prompt_view(struct app *app)
{
	return &new_prompt(app, -1)->view;
}

struct view *argument_view(struct app *app, enum command_id id)
{
	return &new_prompt(app, (int)id)->view;
}

struct view *confirm_view(struct app *app, enum command_id id, const char *arg)
{
	struct prompt *p = new_prompt(app, (int)id);
	p->confirms = true;
	p->arg = arg ? xstrdup(arg) : NULL;
	return &p->view;
}
