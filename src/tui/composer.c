/* composer.c -- a request as a form: what goes into it, the answer below it, or the tally of a
 * burst. What was written stays on the desk of the gateway until that is closed. */
#include "base/file.h"
#include "gateway/cert.h"
#include "gateway/http.h"
#include "tui/desk.h"
#include "tui/sign.h"
#include "tui/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_READY 400
#define BODY_FILE "request-body.json"
#define MAX_BODY ((size_t)10 << 20)

struct composer {
	struct view view;
	struct rig *rig;
	const struct lab *lab;
	struct desk *desk;
	struct sheet sheet;
	bool certificate; /* of the lab's ready request: shown */
	bool to_answer;   /* the eye is on the answer until a key is pressed */
	char *body_file;  /* in the editor; NULL: none */
};

static struct composer *self(struct view *v)
{
	return (struct composer *)v;
}

static const struct field fields[REQ_COUNT] = {
	[REQ_METHOD] = {"Method", "GET"},
	[REQ_API] = {"API", "its id; empty: the path is taken as it is"},
	[REQ_PATH] = {"Path", "stage and all: /dev/pets?kind=cat"},
	[REQ_KEY] = {"API key", "sent as x-api-key"},
	[REQ_TOKEN] = {"Token", "sent as Authorization"},
	[REQ_HEADERS] = {"Headers", "name: value, a line each", .several = true},
	[REQ_BODY] = {"Body", "nothing", .several = true},
	[REQ_BURST] = {"Burst", "20 1 sends 20 a second for 1 second; empty: one request"},
};

/* ---- what is in it ------------------------------------------------------------------- */

static const struct gateway *gateway_of(const struct composer *s)
{
	return serve_runtime(rig_serve(s->rig))->gateway;
}

static const char *text_of(const struct composer *s, int field, struct arena *a)
{
	struct str text = {0};
	sheet_text(&s->sheet, field, &text);
	char *copy = arena_strndup(a, str_c(&text), text.len);
	str_clear(&text);
	return copy;
}

/* Two headers have fields of their own. */
static void add_header(struct composer *s, struct str *others, const char *name, const char *value)
{
	if (gw_name_eq(name, "x-api-key"))
		sheet_set(&s->sheet, REQ_KEY, value);
	else if (gw_name_eq(name, "Authorization"))
		sheet_set(&s->sheet, REQ_TOKEN, value);
	else
		str_addf(others, "%s%s: %s", others->len ? "\n" : "", name, value);
}

static void empty(struct composer *s)
{
	for (int i = 0; i < REQ_COUNT; i++)
		sheet_set(&s->sheet, i, "");
	s->certificate = false;
}

static void fill_from_action(struct composer *s, const struct lab_action *a)
{
	struct str headers = {0};
	char burst[64];
	empty(s);
	sheet_set(&s->sheet, REQ_METHOD, a->method);
	sheet_set(&s->sheet, REQ_PATH, a->target);
	sheet_set(&s->sheet, REQ_API, a->api ? a->api : "");
	if (a->host)
		add_header(s, &headers, "Host", a->host);
	for (size_t i = 0; i < a->header_count; i++)
		add_header(s, &headers, a->headers[i].name, a->headers[i].value);
	sheet_set(&s->sheet, REQ_HEADERS, str_c(&headers));
	sheet_set(&s->sheet, REQ_BODY, a->body ? a->body : "");
	snprintf(burst, sizeof(burst), "%g %g", a->burst_rate, a->burst_seconds);
	if (a->burst_rate > 0)
		sheet_set(&s->sheet, REQ_BURST, burst);
	s->certificate = a->certificate;
	str_clear(&headers);
}

/* The gateway's own address says nothing. */
static bool is_own_address(const struct composer *s, const char *host)
{
	const char *at = strstr(serve_url(rig_serve(s->rig)), "://");
	return at && str_eq(at + 3, host);
}

static void fill_from_request(struct composer *s, const struct probe_request *q)
{
	struct str headers = {0};
	char *body = xstrndup(q->body.p ? q->body.p : "", q->body.len);
	empty(s);
	sheet_set(&s->sheet, REQ_METHOD, q->method);
	sheet_set(&s->sheet, REQ_PATH, q->target);
	if (q->host && !is_own_address(s, q->host))
		add_header(s, &headers, "Host", q->host);
	for (size_t i = 0; i < q->headers.count; i++)
		add_header(s, &headers, q->headers.items[i].name, q->headers.items[i].value);
	sheet_set(&s->sheet, REQ_HEADERS, str_c(&headers));
	sheet_set(&s->sheet, REQ_BODY, body);
	str_clear(&headers);
	free(body);
}

/* What was written last, else the first that is ready. */
static void fill_from_desk(struct composer *s)
{
	struct arena a = {0};
	struct pick_row row;
	struct lab_action action;
	for (int i = 0; i < REQ_COUNT && s->desk->draft[REQ_METHOD]; i++)
		sheet_set(&s->sheet, i, s->desk->draft[i]);
	if (!s->desk->draft[REQ_METHOD] && ready_rows(s->rig, s->lab, LAB_SEND, &a, &row, 1) &&
	    ready_find(s->rig, s->lab, row.arg, &a, &action))
		fill_from_action(s, &action);
	arena_clear(&a);
}

static void keep_on_desk(struct composer *s)
{
	struct arena a = {0};
	for (int i = 0; i < REQ_COUNT; i++) {
		free(s->desk->draft[i]);
		s->desk->draft[i] = xstrdup(text_of(s, i, &a));
	}
	arena_clear(&a);
}

/* ---- what is made of it -------------------------------------------------------------- */

/* {NAME} is the id of a connection that was opened as NAME. */
static const char *with_ids(const struct composer *s, const char *text, struct arena *a)
{
	struct str out = {0};
	for (const char *p = text; *p;) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		const char *name = end ? arena_strndup(a, p + 1, (size_t)(end - p - 1)) : NULL;
		const char *id = name ? rig_connection_id(s->rig, name) : NULL;
		if (id) {
			gw_percent_encode(&out, id, strlen(id), "");
			p = end + 1;
		} else {
			str_addc(&out, *p++);
		}
	}
	char *copy = arena_strdup(a, str_c(&out));
	str_clear(&out);
	return copy;
}

static bool read_headers(const struct composer *s, struct probe_request *q, struct arena *a)
{
	const char *text = text_of(s, REQ_HEADERS, a);
	for (int n = 1; *text; n++) {
		size_t len = strcspn(text, "\n");
		char *line = str_trim(a, arena_strndup(a, text, len));
		char *colon = strchr(line, ':');
		if (*line && (!colon || colon == line)) {
			app_say(s->view.app, STYLE_WARN,
				"Line %d of the headers has no colon: name: value", n);
			return false;
		}
		if (*line) {
			*colon = '\0';
			const char *value = str_trim(a, colon + 1);
			if (gw_name_eq(line, "Host"))
				q->host = value;
			else
				gw_headers_add(a, &q->headers, line, value);
		}
		text += len + (text[len] == '\n');
	}
	return true;
}

static bool find_api(const struct composer *s, struct probe_request *q, struct arena *a)
{
	const struct gateway *g = gateway_of(s);
	const char *id = str_trim(a, text_of(s, REQ_API, a));
	if (!id[0] || s->sheet.fields[REQ_API].hidden)
		return true;
	for (size_t i = 0; i < g->api_count; i++)
		if (str_eq(g->apis[i].id, id)) {
			q->api = id;
			return true;
		}
	app_say(s->view.app, STYLE_WARN, "There is no API \"%s\" here.", id);
	return false;
}

static void show_certificate(const struct composer *s, struct probe_request *q, struct arena *a)
{
	const char *dir = path_join(a, s->view.app->study->paths->state, "tls");
	if (!s->certificate)
		return;
	q->cert = path_join(a, dir, CERT_CLIENT);
	q->key = path_join(a, dir, CERT_CLIENT_KEY);
}

static bool make_request(const struct composer *s, struct probe_request *q, struct arena *a)
{
	const char *method = str_trim(a, text_of(s, REQ_METHOD, a));
	const char *key = text_of(s, REQ_KEY, a), *token = text_of(s, REQ_TOKEN, a);
	const char *path = str_trim(a, text_of(s, REQ_PATH, a));
	*q = (struct probe_request){.method = method[0] ? method : "GET"};
	q->target = with_ids(s, path[0] ? path : "/", a);
	if (strpbrk(q->method, " \t") || strpbrk(q->target, " \t")) {
		app_say(s->view.app, STYLE_WARN,
			"A method or a path has no blanks; in a path write %%20.");
		return false;
	}
	if (!find_api(s, q, a) || !read_headers(s, q, a))
		return false;
	if (key[0])
		gw_headers_add(a, &q->headers, "x-api-key", key);
	if (token[0])
		gw_headers_add(a, &q->headers, "Authorization", token);
	show_certificate(s, q, a);
	const char *body = text_of(s, REQ_BODY, a);
	q->body = (struct slice){body, strlen(body)};
	return true;
}

/* "20 1", "20 a second for 1": the numbers count. False: there is something else than two. */
static bool read_burst(const struct composer *s, struct arena *a, double *rate, double *seconds)
{
	static const char digits[] = "0123456789.";
	double *const numbers[] = {rate, seconds};
	size_t n = 0;
	for (const char *p = text_of(s, REQ_BURST, a); *(p += strcspn(p, digits));) {
		size_t len = strspn(p, digits);
		if (n == 2 || !str_to_double(arena_strndup(a, p, len), 0, 1e6, numbers[n++]))
			return false;
		p += len;
	}
	return n == 2 && *rate >= MIN_PROBE_RATE && *rate <= MAX_PROBE_RATE && *seconds > 0 &&
	       *seconds <= MAX_BURST_SECONDS;
}

static void send_burst(struct composer *s, const struct probe_request *q, struct arena *a)
{
	double rate = 0, seconds = 0;
	if (!read_burst(s, a, &rate, &seconds))
		app_say(s->view.app, STYLE_WARN,
			"A burst is two numbers: requests a second up to %d, and seconds up to %d.",
			MAX_PROBE_RATE, MAX_BURST_SECONDS);
	else if (!desk_burst(s->desk, q, rate, seconds))
		app_say(s->view.app, STYLE_WARN, "A burst runs already.");
}

static void send_it(struct composer *s)
{
	struct arena a = {0};
	struct probe_request q;
	if (s->desk->bursting) {
		probe_burst_stop(rig_probe(s->rig));
		return;
	}
	if (make_request(s, &q, &a)) {
		s->to_answer = true;
		if (s->sheet.fields[REQ_BURST].line.text.len)
			send_burst(s, &q, &a);
		else
			desk_send(s->desk, &q);
	}
	arena_clear(&a);
}

/* ---- the body in an editor ----------------------------------------------------------- */

static void edit_body(struct composer *s)
{
	struct arena a = {0};
	struct diags d = {0};
	const char *dir = s->view.app->study->paths->state;
	const char *file = path_join(&a, dir, BODY_FILE);
	const char *body = text_of(s, REQ_BODY, &a);
	if (file_mkdirs(dir, &d) && file_write_private(file, body, strlen(body), &d)) {
		free(s->body_file);
		s->body_file = xstrdup(file);
		app_edit(s->view.app, file, 1);
	}
	app_report(s->view.app, &d);
	arena_clear(&a);
}

/* Editors end a file with a newline that nobody typed. */
static void edited(struct view *v)
{
	struct composer *s = self(v);
	struct str text = {0};
	struct diags d = {0};
	if (s->body_file && file_read(s->body_file, MAX_BODY, &text, &d)) {
		if (text.len && text.p[text.len - 1] == '\n')
			str_truncate(&text, text.len - 1);
		sheet_set(&s->sheet, REQ_BODY, str_c(&text));
		remove(s->body_file);
	}
	free(s->body_file);
	s->body_file = NULL;
	app_report(v->app, &d);
	str_clear(&text);
}

/* ---- commands ------------------------------------------------------------------------ */

static void choose_ready(struct composer *s, const char *arg)
{
	struct arena a = {0};
	struct lab_action action;
	if (!arg) {
		struct pick_row *rows = arena_alloc(&a, MAX_READY * sizeof(*rows));
		size_t n = ready_rows(s->rig, s->lab, LAB_SEND, &a, rows, MAX_READY);
		app_push(s->view.app,
			 pick_view(s->view.app, "Ready requests", rows, n, CMD_READY_ONES));
	} else if (ready_find(s->rig, s->lab, arg, &a, &action) && action.verb == LAB_SEND) {
		fill_from_action(s, &action);
		s->sheet.at = s->sheet.count;
	} else {
		app_say(s->view.app, STYLE_WARN, "There is no ready request \"%s\".", arg);
	}
	arena_clear(&a);
}

static void open_trace(struct composer *s)
{
	const struct gw_trace *t = ring_get(serve_ring(rig_serve(s->rig)), s->desk->answer.trace);
	if (t)
		app_push(s->view.app, trace_view_of(s->view.app, s->rig, s->lab, t, t->number));
	else
		app_say(s->view.app, STYLE_WARN, "Its trace is gone: newer ones took its place.");
}

static enum view_result command(struct view *v, enum command_id id, const char *arg)
{
	struct composer *s = self(v);
	enum sheet_result r = sheet_command(&s->sheet, id);
	if (r != SHEET_OTHER)
		s->to_answer = false;
	if (id == CMD_SEND || r == SHEET_SUBMIT)
		send_it(s);
	else if (id == CMD_READY_ONES)
		choose_ready(s, arg);
	else if (id == CMD_BODY_EDITOR)
		edit_body(s);
	else if (id == CMD_ANSWER_TRACE)
		open_trace(s);
	else if (r == SHEET_OTHER)
		return VIEW_OTHER;
	return VIEW_STAY;
}

static bool can(const struct view *v, enum command_id id)
{
	const struct composer *s = (const struct composer *)v;
	return id != CMD_ANSWER_TRACE || s->desk->answer.trace;
}

static void typed(struct view *v, uint32_t key)
{
	struct composer *s = self(v);
	s->to_answer = false;
	sheet_typed(&s->sheet, key);
}

/* ---- picture ------------------------------------------------------------------------- */

static void header(const struct view *v, struct arena *a, const char **left, const char **right)
{
	const struct composer *s = (const struct composer *)v;
	const struct gateway *g = gateway_of(s);
	*left = s->lab              ? arena_printf(a, "Request · %s", s->lab->title)
		: g->api_count == 1 ? arena_printf(a, "Request · %s", g->apis[0].id)
				    : "Request";
	*right = serve_url(rig_serve(s->rig));
}

static const char *no_answer(enum gw_call_end end)
{
	switch (end) {
	case GW_CALL_TIMEOUT:
		return "No answer in time";
	case GW_CALL_TOO_LARGE:
		return "The answer is too large";
	case GW_CALL_NO_HOST:
		return "No request can be made of this";
	case GW_CALL_REFUSED:
	case GW_CALL_DONE:
	case GW_CALL_ERROR:
	case GW_CALL_CRASHED:
	case GW_CALL_DENIED:
	case GW_CALL_TOO_LARGE_REQUEST:
	case GW_CALL_BUSY:
		break;
	}
	return "No answer: the connection ended";
}

static void draw_status(struct page *p, const struct answer *a)
{
	char ms[16];
	struct gw_trace as = {.status = a->status};
	page_line(p);
	if (a->end != GW_CALL_DONE) {
		page_addf(p, STYLE_WRONG, SIGN_WRONG " %s", no_answer(a->end));
		if (a->message.len)
			page_addf(p, STYLE_PLAIN, ": %s", str_c(&a->message));
		return;
	}
	trace_ms(ms, a->us);
	page_addf(p, trace_style(&as), "%d %s", a->status, http_reason(a->status));
	page_addf(p, STYLE_DIM, "   %s ms", ms);
	if (a->trace)
		page_end(
			p, STYLE_DIM,
			arena_printf(&p->arena, "request %llu, C-t", (unsigned long long)a->trace));
}

static void draw_headers(struct page *p, const struct answer *a)
{
	for (const char *line = str_c(&a->headers); *line;) {
		size_t n = strcspn(line, "\n");
		page_line(p);
		page_add(p, STYLE_DIM, arena_strndup(&p->arena, line, n));
		line += n + (line[n] == '\n');
	}
}

static void draw_answer(struct page *p, const struct answer *a)
{
	if (a->waiting) {
		page_line(p);
		page_add(p, STYLE_DIM, "Waiting for the answer ...");
		return;
	}
	draw_status(p, a);
	draw_headers(p, a);
	if (a->body.len) {
		page_line(p);
		trace_text_draw(p, str_c(&a->body), 0);
	}
	if (a->bytes > a->body.len) {
		page_line(p);
		page_addf(p, STYLE_DIM, "... %zu bytes in all", a->bytes);
	}
}

#define TALLY_COLS 30

static void draw_burst(struct page *p, const struct desk *d)
{
	static const char *const names[] = {"no answer", "1xx", "2xx", "3xx", "4xx", "5xx"};
	const struct probe_burst *b = &d->burst;
	page_line(p);
	page_addf(p, STYLE_STRONG, "%g a second for %g s", b->rate, b->seconds);
	page_addf(p, STYLE_PLAIN, "   %llu sent, %llu answered%s", (unsigned long long)b->sent,
		  (unsigned long long)b->answered, d->bursting ? "; C-s stops it" : "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct gw_trace as = {.status = (int)i * 100};
		uint64_t n = b->by_status[i];
		if (!n)
			continue;
		page_line(p);
		page_addf(p, trace_style(&as), "%-10s%6llu  ", names[i], (unsigned long long)n);
		page_bar(p, trace_style(&as), SIGN_BAR,
			 (int)lround(TALLY_COLS * (double)n / (double)b->answered));
	}
}

static void draw(const struct view *v, struct canvas *c)
{
	const struct composer *s = (const struct composer *)v;
	struct page *p = &c->body;
	sheet_draw(&s->sheet, c);
	if (s->certificate) {
		page_add(p, STYLE_DIM, "   shows the client certificate");
	}
	if (!s->desk->answer.asked && !s->desk->burst_asked)
		return;
	page_gap(p);
	int from = (int)p->count;
	if (s->desk->burst_asked)
		draw_burst(p, s->desk);
	else
		draw_answer(p, &s->desk->answer);
	if (s->to_answer) {
		c->focus_from = from;
		c->focus_to = (int)p->count - 1;
	}
}

static enum context context(const struct view *v)
{
	return sheet_in_text(&((const struct composer *)v)->sheet) ? CTX_COMPOSER_TEXT
								   : CTX_COMPOSER;
}

static void close_composer(struct view *v)
{
	struct composer *s = self(v);
	keep_on_desk(s);
	sheet_clear(&s->sheet);
	free(s->body_file);
	free(s);
}

static const struct view_ops ops = {
	.name = "composer",
	.wide = true,
	.context = context,
	.header = header,
	.draw = draw,
	.command = command,
	.can = can,
	.typed = typed,
	.edited = edited,
	.close = close_composer,
};

static struct composer *new_composer(struct app *app, struct rig *rig, const struct lab *lab)
{
	struct composer *s = xcalloc(1, sizeof(*s));
	s->view.ops = &ops;
	s->view.app = app;
	s->view.scroll.follow = true;
	s->rig = rig;
	s->lab = lab;
	s->desk = desk_of(app, rig);
	memcpy(s->sheet.fields, fields, sizeof(fields));
	s->sheet.count = REQ_COUNT;
	s->sheet.button = "Send";
	s->sheet.at = REQ_PATH;
	s->sheet.fields[REQ_API].hidden = gateway_of(s)->api_count < 2;
	return s;
}

struct view *composer_of(struct app *app, struct rig *rig, const struct lab *lab,
			 const struct gw_trace *t)
{
	struct composer *s = new_composer(app, rig, lab);
	struct arena a = {0};
	struct probe_request q;
	if (t && probe_from_trace(&q, t, &a)) {
		fill_from_request(s, &q);
	} else {
		fill_from_desk(s);
		if (t)
			app_say(app, STYLE_WARN,
				"Of this request too little was kept to begin with it.");
	}
	arena_clear(&a);
	return &s->view;
}

struct view *composer_view(struct app *app, struct rig *rig, const struct lab *lab, uint64_t from)
{
	const struct ring *ring = serve_ring(rig_serve(rig));
	return composer_of(app, rig, lab, from ? ring_get(ring, from) : NULL);
}
