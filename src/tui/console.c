/* console.c -- talking over WebSockets: connections by name, what was said on them with times and
 * directions, a line to say more. Connections are those of the rig, so that what a lab opened can
 * be talked over here; they stay open when the screen is left. */
#include "base/utf8.h"
#include "tui/desk.h"
#include "tui/sign.h"
#include "tui/trace.h"

#include <stdlib.h>
#include <string.h>

#define MAX_READY 400

enum { DIAL_NAME, DIAL_API, DIAL_PATH, DIAL_KEY, DIAL_TOKEN, DIAL_HEADERS, DIAL_COUNT };

static const struct field dial_fields[DIAL_COUNT] = {
	[DIAL_NAME] = {"Name", "of the connection: alice"},
	[DIAL_API] = {"API", "its id; empty: the path is taken as it is"},
	[DIAL_PATH] = {"Path", "stage and query: /live?room=1"},
	[DIAL_KEY] = {"API key", "sent as x-api-key"},
	[DIAL_TOKEN] = {"Token", "sent as Authorization"},
	[DIAL_HEADERS] = {"Headers", "name: value, a line each", .several = true},
};

struct console {
	struct view view;
	struct rig *rig;
	const struct lab *lab;
	struct desk *desk;
	struct sheet dial;
	bool dialing;
	struct line line;
};

static struct console *self(struct view *v)
{
	return (struct console *)v;
}

static const struct gateway *gateway_of(const struct console *s)
{
	return serve_runtime(rig_serve(s->rig))->gateway;
}

/* ---- connections --------------------------------------------------------------------- */

static size_t open_ones(const struct console *s, const char **names)
{
	return rig_connections(s->rig, names, MAX_RIG_CONNECTIONS);
}

static bool is_open(const struct console *s, const char *name)
{
	const char *names[MAX_RIG_CONNECTIONS];
	size_t n = open_ones(s, names);
	for (size_t i = 0; i < n; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

/* The open one after the one that is talked over. */
static void next_connection(struct console *s)
{
	const char *names[MAX_RIG_CONNECTIONS];
	size_t n = open_ones(s, names), at = n;
	for (size_t i = 0; i < n; i++)
		if (str_eq(names[i], s->desk->talking))
			at = i;
	if (n)
		desk_talk(s->desk, names[at + 1 < n ? at + 1 : 0]);
}

/* When the one that is talked over has closed, another one is. */
static void layout(struct view *v, const struct frame *f)
{
	struct console *s = self(v);
	(void)f;
	if (!s->desk->talking || !is_open(s, s->desk->talking))
		next_connection(s);
}

/* "alice", "bob" and so on: the first that is not open. */
static const char *free_name(const struct console *s)
{
	static const char *const names[] = {"alice", "bob", "carol", "dave", "erin", "frank"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!is_open(s, names[i]))
			return names[i];
	return "";
}

/* ---- opening one --------------------------------------------------------------------- */

static void fill_dial(struct console *s, const struct lab_action *a)
{
	struct str headers = {0};
	struct sheet *f = &s->dial;
	sheet_set(f, DIAL_NAME, a->as ? a->as : free_name(s));
	sheet_set(f, DIAL_API, a->api ? a->api : "");
	sheet_set(f, DIAL_PATH, a->target ? a->target : "/");
	sheet_set(f, DIAL_KEY, "");
	sheet_set(f, DIAL_TOKEN, "");
	if (a->host)
		str_addf(&headers, "Host: %s", a->host);
	for (size_t i = 0; i < a->header_count; i++) {
		const struct lab_pair *h = &a->headers[i];
		if (gw_name_eq(h->name, "x-api-key"))
			sheet_set(f, DIAL_KEY, h->value);
		else if (gw_name_eq(h->name, "Authorization"))
			sheet_set(f, DIAL_TOKEN, h->value);
		else
			str_addf(&headers, "%s%s: %s", headers.len ? "\n" : "", h->name, h->value);
	}
	sheet_set(f, DIAL_HEADERS, str_c(&headers));
	str_clear(&headers);
}

static void begin_dial(struct console *s)
{
	struct arena a = {0};
	struct pick_row row;
	struct lab_action action = {0};
	s->dialing = true;
	s->dial.at = DIAL_PATH;
	if (s->dial.fields[DIAL_PATH].line.text.len)
		sheet_set(&s->dial, DIAL_NAME, free_name(s));
	else if (ready_rows(s->rig, s->lab, LAB_CONNECT, &a, &row, 1) &&
		 ready_find(s->rig, s->lab, row.arg, &a, &action))
		fill_dial(s, &action);
	arena_clear(&a);
}

static const char *text_of(const struct console *s, int field, struct arena *a)
{
	struct str text = {0};
	sheet_text(&s->dial, field, &text);
	char *copy = str_trim(a, str_c(&text));
	str_clear(&text);
	return copy;
}

static void add_pair(struct lab_action *a, const char *name, const char *value)
{
	a->headers[a->header_count++] = (struct lab_pair){.name = name, .value = value};
}

/* Host among them decides where it goes. */
static bool read_headers(const struct console *s, struct lab_action *out, struct arena *a)
{
	const char *text = text_of(s, DIAL_HEADERS, a);
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = str_trim(a, arena_strndup(a, text, len));
		char *colon = strchr(line, ':');
		if (*line && (!colon || colon == line))
			return false;
		if (*line) {
			*colon = '\0';
			const char *value = str_trim(a, colon + 1);
			if (gw_name_eq(line, "Host"))
				out->host = value;
			else
				add_pair(out, line, value);
		}
		text += len + (text[len] == '\n');
	}
	return true;
}

static void connect(struct console *s)
{
	struct arena a = {0};
	const char *name = text_of(s, DIAL_NAME, &a), *api = text_of(s, DIAL_API, &a);
	const char *key = text_of(s, DIAL_KEY, &a), *token = text_of(s, DIAL_TOKEN, &a);
	struct lab_action action = {.verb = LAB_CONNECT,
				    .target = text_of(s, DIAL_PATH, &a),
				    .api = api[0] && !s->dial.fields[DIAL_API].hidden ? api : NULL,
				    .as = name[0] ? name : "client"};
	action.headers = arena_alloc(&a, (MAX_AREA_ROWS + 2) * sizeof(*action.headers));
	if (key[0])
		add_pair(&action, "x-api-key", key);
	if (token[0])
		add_pair(&action, "Authorization", token);
	if (!read_headers(s, &action, &a))
		app_say(s->view.app, STYLE_WARN, "Headers are lines of: name: value");
	else if (is_open(s, action.as))
		app_say(s->view.app, STYLE_WARN, "%s is open already: take another name.",
			action.as);
	else if (desk_do(s->desk, &action))
		s->dialing = false; /* it is talked over once it is open */
	arena_clear(&a);
}

/* ---- talking ------------------------------------------------------------------------- */

static void say(struct console *s)
{
	const char *name = s->desk->talking;
	struct lab_action action = {.verb = LAB_SAY, .as = name, .body = str_c(&s->line.text)};
	if (!s->line.text.len)
		return;
	if (!name || !is_open(s, name))
		app_say(s->view.app, STYLE_WARN, "No connection is open: C-o opens one.");
	else if (desk_do(s->desk, &action))
		line_set(&s->line, "");
}

static void hang_up(struct console *s, const char *arg)
{
	const char *name = s->desk->talking;
	long long code;
	struct lab_action action = {.verb = LAB_CLOSE, .as = name};
	if (!str_to_i64(arg, 1000, 4999, &code)) {
		app_say(s->view.app, STYLE_WARN, "A close code is a number from 1000 to 4999.");
		return;
	}
	action.code = (int)code;
	if (!name || !is_open(s, name))
		app_say(s->view.app, STYLE_WARN, "No connection is open.");
	else
		desk_do(s->desk, &action);
}

static void choose_ready(struct console *s, const char *arg)
{
	struct arena a = {0};
	struct lab_action action;
	enum lab_verb verb = s->dialing ? LAB_CONNECT : LAB_SAY;
	if (!arg) {
		struct pick_row *rows = arena_alloc(&a, MAX_READY * sizeof(*rows));
		size_t n = ready_rows(s->rig, s->lab, verb, &a, rows, MAX_READY);
		app_push(s->view.app,
			 pick_view(s->view.app, s->dialing ? "Ready connections" : "Ready messages",
				   rows, n, CMD_READY_ONES));
	} else if (!ready_find(s->rig, s->lab, arg, &a, &action) || action.verb != verb) {
		app_say(s->view.app, STYLE_WARN, "There is none of that name.");
	} else if (s->dialing) {
		fill_dial(s, &action);
		s->dial.at = s->dial.count;
	} else {
		line_set(&s->line, action.body ? action.body : "");
		if (action.as && is_open(s, action.as))
			desk_talk(s->desk, action.as);
	}
	arena_clear(&a);
}

static void open_trace(struct console *s)
{
	const struct ring *ring = serve_ring(rig_serve(s->rig));
	for (uint64_t n = ring_last(ring); n && n + RING_TRACES > ring_last(ring); n--) {
		const struct gw_trace *t = ring_get(ring, n);
		if (t && t->connection_id) {
			app_push(s->view.app, trace_view_of(s->view.app, s->rig, s->lab, t, n));
			return;
		}
	}
	app_say(s->view.app, STYLE_PLAIN, "Nothing came over a WebSocket yet.");
}

/* ---- commands ------------------------------------------------------------------------ */

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct console *s = self(v);
	enum sheet_result r = s->dialing ? sheet_command(&s->dial, id) : SHEET_OTHER;
	if (id == CMD_CONNECT || r == SHEET_SUBMIT)
		connect(s);
	else if (r == SHEET_DONE)
		return VIEW_STAY;
	else if (id == CMD_SAY)
		say(s);
	else if (id == CMD_DIAL)
		begin_dial(s);
	else if (id == CMD_NEXT_CONNECTION)
		next_connection(s);
	else if (id == CMD_HANG_UP)
		hang_up(s, arg);
	else if (id == CMD_READY_ONES)
		choose_ready(s, arg);
	else if (id == CMD_ANSWER_TRACE)
		open_trace(s);
	else if (id == CMD_BACK && s->dialing && s->desk->said_count)
		s->dialing = false;
	else
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct console *s = (const struct console *)v;
	const char *names[MAX_RIG_CONNECTIONS];
	if (id == CMD_SAY || id == CMD_HANG_UP)
		return s->desk->talking && is_open(s, s->desk->talking);
	if (id == CMD_NEXT_CONNECTION)
		return open_ones(s, names) > 1;
	return id != CMD_ANSWER_TRACE || s->desk->said_count;
}

static const char *offers(const struct view *v, enum command_id id, struct arena *a)
{
	(void)v;
	(void)a;
	return id == CMD_HANG_UP ? "1000" : NULL;
}

static void typed(struct view *v, uint32_t key)
{
	struct console *s = self(v);
	if (s->dialing)
		sheet_typed(&s->dial, key);
	else
		line_key(&s->line, key);
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct console *s = (const struct console *)v;
	const char *names[MAX_RIG_CONNECTIONS];
	size_t n = open_ones(s, names);
	*left = s->dialing ? "WebSocket · a new connection" : "WebSocket";
	*right = n ? arena_printf(a, "%zu open · %s", n, serve_url(rig_serve(s->rig)))
		   : serve_url(rig_serve(s->rig));
}

static const struct {
	const char *arrow, *word; /* word: where there is no text */
	enum style style;
} kinds[] = {
	[SAID_OPENED] = {SIGN_DOT, "open", STYLE_RIGHT},
	[SAID_REFUSED] = {SIGN_WRONG, "refused", STYLE_WRONG},
	[SAID_OUT] = {"→", "", STYLE_PLAIN},
	[SAID_IN] = {"←", "", STYLE_ACCENT},
	[SAID_CLOSED] = {SIGN_DOT, "closed", STYLE_WARN},
	[SAID_FAILED] = {SIGN_WRONG, "", STYLE_WARN},
};

static const char *said_text(struct arena *a, const struct said *s)
{
	const char *word = kinds[s->kind].word;
	if (s->code)
		word = arena_printf(a, "%s %d%s", word, s->code, s->text[0] ? ": " : "");
	if (s->bytes > MAX_SAID_BYTES)
		return arena_printf(a, "%s%s ... %zu bytes in all", word, s->text, s->bytes);
	return arena_printf(a, "%s%s", word, s->text);
}

static void draw_said(struct page *p, const struct said *s, int off_min, bool tiny)
{
	int64_t t = s->at_ms / 1000 + off_min * INT64_C(60);
	int hang = tiny ? 2 : 20;
	page_line(p);
	if (!tiny)
		page_addf(p, STYLE_DIM, "%02d:%02d:%02d  ", (int)(t / 3600 % 24),
			  (int)(t / 60 % 60), (int)(t % 60));
	page_cut(p, STYLE_STRONG, s->name, 7);
	page_pad(p, hang - 2);
	const char *arrow = kinds[s->kind].arrow;
	page_add(p, kinds[s->kind].style, p->ascii && s->kind == SAID_IN ? "<-" : arrow);
	page_pad(p, page_cols(p) + 1);
	page_words(p, kinds[s->kind].style, hang < page_cols(p) ? page_cols(p) : hang,
		   said_text(&p->arena, s));
}

static void draw_line(const struct console *s, struct canvas *c)
{
	struct page *p = &c->foot;
	const char *name = s->desk->talking;
	bool open = name && is_open(s, name);
	int cursor;
	page_line(p);
	page_line(p);
	page_addf(p, open ? STYLE_FOCUS : STYLE_DIM, "%s> ", open ? name : "nobody");
	int from = page_cols(p);
	page_add(p, STYLE_PLAIN, line_window(&s->line, &p->arena, p->width - from, &cursor));
	canvas_foot_cursor(c, from + cursor);
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct console *s = (const struct console *)v;
	int off_min = study_now(v->app->study).off_min;
	if (s->dialing) {
		sheet_draw(&s->dial, c);
		return;
	}
	for (size_t i = 0; i < desk_said_count(s->desk); i++)
		draw_said(&c->body, desk_said(s->desk, i), off_min, c->frame->tiny);
	if (c->body.count) {
		c->focus_from = c->focus_to = (int)c->body.count - 1;
	}
	draw_line(s, c);
}

static enum context context(const struct view *v)
{
	const struct console *s = (const struct console *)v;
	if (!s->dialing)
		return CTX_CONSOLE;
	return sheet_in_text(&s->dial) ? CTX_DIAL_TEXT : CTX_DIAL;
}

static void close_console(struct view *v)
{
	struct console *s = self(v);
	sheet_clear(&s->dial);
	line_clear(&s->line);
	free(s);
}

static const struct view_ops ops = {
	.name = "console",
	.wide = true,
	.context = context,
	.layout = layout,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.offers = offers,
	.typed = typed,
	.close = close_console,
};

struct view *console_view(struct app *app, struct rig *rig, const struct lab *lab)
{
	struct console *s = xcalloc(1, sizeof(*s));
	const char *names[MAX_RIG_CONNECTIONS];
	s->view.ops = &ops;
	s->view.app = app;
	s->view.scroll.follow = true;
	s->rig = rig;
	s->lab = lab;
	s->desk = desk_of(app, rig);
	memcpy(s->dial.fields, dial_fields, sizeof(dial_fields));
	s->dial.count = DIAL_COUNT;
	s->dial.button = "Connect";
	s->dial.fields[DIAL_API].hidden = gateway_of(s)->api_count < 2;
	if (!s->desk->said_count && !open_ones(s, names))
		begin_dial(s);
	else if (!s->desk->talking)
		next_connection(s);
	return &s->view;
}
