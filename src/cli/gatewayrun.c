/* gatewayrun.c -- `gatedrill gateway run` and `gatedrill gateway cert`: a gateway on the line. A
 * request is a line: a summary, an access log in the format that was asked for, its execution log,
 * or its whole trace as JSON. Lines gather while there is work and leave when there is none. */
#include "base/file.h"
#include "base/random.h"
#include "base/utf8.h"
#include "cli/gateway.h"
#include "gateway/cert.h"
#include "gateway/serve.h"
#include "study/certificates.h"

#include <string.h>

/* The formats that the console offers for access logs. */
static const struct {
	const char *name, *format;
} formats[] = {
	{"clf", "$context.identity.sourceIp $context.identity.caller $context.identity.user "
		"[$context.requestTime] \"$context.httpMethod $context.resourcePath "
		"$context.protocol\" $context.status $context.responseLength $context.requestId "
		"$context.extendedRequestId"},
	{"json", "{ \"requestId\":\"$context.requestId\", "
		 "\"extendedRequestId\":\"$context.extendedRequestId\", "
		 "\"ip\": \"$context.identity.sourceIp\", "
		 "\"caller\":\"$context.identity.caller\", \"user\":\"$context.identity.user\", "
		 "\"requestTime\":\"$context.requestTime\", "
		 "\"httpMethod\":\"$context.httpMethod\", "
		 "\"resourcePath\":\"$context.resourcePath\", \"status\":\"$context.status\", "
		 "\"protocol\":\"$context.protocol\", "
		 "\"responseLength\":\"$context.responseLength\" }"},
	{"xml", "<request id=\"$context.requestId\"> "
		"<extendedRequestId>$context.extendedRequestId</extendedRequestId> "
		"<ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> "
		"<user>$context.identity.user</user> "
		"<requestTime>$context.requestTime</requestTime> "
		"<httpMethod>$context.httpMethod</httpMethod> "
		"<resourcePath>$context.resourcePath</resourcePath> "
		"<status>$context.status</status> <protocol>$context.protocol</protocol> "
		"<responseLength>$context.responseLength</responseLength> </request>"},
	{"csv", "$context.identity.sourceIp,$context.identity.caller,$context.identity.user,"
		"$context.requestTime,$context.httpMethod,$context.resourcePath,"
		"$context.protocol,$context.status,$context.responseLength,$context.requestId,"
		"$context.extendedRequestId"},
};

struct gateway_run {
	struct call *call;
	const char *format; /* access log; NULL: none */
	bool stage_format;  /* the format each stage is set to */
	bool execution;     /* execution log */
	bool json, summary; /* summary: none of the others */
	bool wrote;         /* something is waiting in the output */
	int off_min;        /* of local time */
	struct str line;
};

/* ---- lines --------------------------------------------------------------------------- */

static void write_line(struct gateway_run *r, const char *text)
{
	struct arena a = {0};
	struct call *c = r->call;
	fputs(c->out_is_terminal ? utf8_clean(&a, text) : text, c->out);
	putc('\n', c->out);
	r->wrote = true;
	arena_clear(&a);
}

static void add_time(struct gateway_run *r, int64_t ms)
{
	int64_t s = ms / 1000 + r->off_min * 60LL;
	str_addf(&r->line, "%02d:%02d:%02d", (int)(s / 3600 % 24), (int)(s / 60 % 60),
		 (int)(s % 60));
}

/* "09:15:00 200 GET /dev/products 0.4 ms", and what went wrong. */
static void summarize(struct gateway_run *r, struct gw_exchange *x)
{
	const struct gw_trace *t = &x->trace;
	add_time(r, t->began_ms);
	if (t->status)
		str_addf(&r->line, " %d", t->status);
	str_addf(&r->line, " %s %s", t->method ? t->method : "-", t->path ? t->path : "-");
	if (x->api)
		str_addf(&r->line, " %.1f ms", (double)t->total_us / 1000);
	if (x->error_type)
		str_addf(&r->line, " %s", x->error_type);
	if (x->error_message || t->error)
		str_addf(&r->line, ": %s", x->error_message ? x->error_message : t->error);
	write_line(r, str_c(&r->line));
}

static void write_execution(struct gateway_run *r, const struct gw_trace *t)
{
	const char *p = t->log ? str_c(t->log) : "";
	while (*p) {
		size_t n = strcspn(p, "\n");
		str_reset(&r->line);
		str_addf(&r->line, "(%s) ", t->request_id ? t->request_id : "-");
		str_addn(&r->line, p, n);
		write_line(r, str_c(&r->line));
		p += n + (p[n] == '\n');
	}
}

static void write_access(struct gateway_run *r, struct gw_exchange *x)
{
	const char *format = r->format;
	if (r->stage_format)
		format = x->stage ? x->stage->access_log : NULL;
	if (!format || !x->api)
		return;
	str_reset(&r->line);
	gw_access_log(&r->line, x, format);
	write_line(r, str_c(&r->line));
}

static void on_answered(void *ctx, struct gw_exchange *x)
{
	struct gateway_run *r = ctx;
	str_reset(&r->line);
	if (r->json) {
		trace_json(&r->line, &x->trace);
		write_line(r, str_c(&r->line));
		return;
	}
	if (r->summary)
		summarize(r, x);
	if (r->execution)
		write_execution(r, &x->trace);
	write_access(r, x);
}

static void on_pause(void *ctx)
{
	struct gateway_run *r = ctx;
	if (r->wrote)
		fflush(r->call->out);
	r->wrote = false;
}

static void on_changed(void *ctx, struct diags *d)
{
	struct gateway_run *r = ctx;
	call_note(r->call, d->errors ? "definitions have changed, but have errors: what was served "
				       "is served on"
				     : "definitions have changed and are served");
	call_report(r->call, d);
}

static void on_ready(void *ctx, struct serve *s)
{
	struct gateway_run *r = ctx;
	struct str addresses = {0};
	FILE *out = r->json ? r->call->err : r->call->out;
	fprintf(out, "listening on %s\n", serve_url(s));
	if (!call_has(r->call, FLAG_QUIET)) {
		serve_addresses(s, &addresses);
		fputs(str_c(&addresses), out);
	}
	fflush(out);
	str_clear(&addresses);
}

/* ---- options ------------------------------------------------------------------------- */

static bool read_port(struct call *c, int *port)
{
	long long n;
	*port = SERVE_PORT;
	if (!call_has(c, FLAG_PORT))
		return true;
	if (!str_to_i64(c->value[FLAG_PORT], 0, 65535, &n)) {
		call_usage(c, "--port takes a number up to 65535, or 0 for any that is free");
		return false;
	}
	*port = (int)n;
	return true;
}

static bool read_scale(struct call *c, double *scale)
{
	const char *text = c->value[FLAG_TIME_SCALE];
	*scale = 1;
	if (!text || str_to_double(text, MIN_TIME_SCALE, MAX_TIME_SCALE, scale))
		return true;
	call_usage(c,
		   "--time-scale takes a number from %g to %d: 60 lets a minute pass in a second",
		   MIN_TIME_SCALE, MAX_TIME_SCALE);
	return false;
}

/* "clf", "stage,execution", last perhaps a format with $context in it. */
static bool read_log(struct gateway_run *r, struct arena *a)
{
	const char *text = r->call->value[FLAG_LOG];
	r->summary = !text;
	while (text && *text) {
		size_t n = strcspn(text, ","), i = 0;
		if (memchr(text, '$', n)) { /* a format, commas and all */
			r->format = text;
			return true;
		}
		const char *word = arena_strndup(a, text, n);
		while (i < ARRAY_LEN(formats) && !str_eq(word, formats[i].name))
			i++;
		if (i < ARRAY_LEN(formats))
			r->format = formats[i].format;
		else if (str_eq(word, "stage"))
			r->stage_format = true;
		else if (str_eq(word, "execution"))
			r->execution = true;
		else
			return call_usage(r->call, "--log takes clf, json, xml, csv, stage, "
						   "execution, or a format with $context") < 0;
		text += n + (text[n] == ',');
	}
	return true;
}

static void warn_of_listening(struct call *c)
{
	call_note(c, "warning: with --listen others on the network can reach these APIs and, where "
		     "commands may run, start them");
}

/* The certificates of `gatedrill gateway cert`, made now if they were never made. */
static bool find_certificates(struct call *c, struct serve_options *o, struct arena *a,
			      struct diags *d)
{
	const char *dir;
	bool made;
	if (!call_has(c, FLAG_TLS))
		return true;
	if (!certificates_find(o, c->paths->state, clock_now(&c->clock).ms, a, &dir, &made, d))
		return false;
	if (made)
		call_note(c, arena_printf(
				     a, "certificates were made in %s; give clients %s/%s to trust",
				     dir, dir, CERT_AUTHORITY));
	return true;
}

static bool read_options(struct gateway_run *r, struct serve_options *o, struct arena *a)
{
	struct call *c = r->call;
	r->json = call_has(c, FLAG_JSON);
	if (call_has(c, FLAG_TRUSTSTORE) && !call_has(c, FLAG_TLS)) {
		call_usage(c, "--truststore is for --tls: certificates are shown in a handshake");
		return false;
	}
	if (!read_port(c, &o->port) || !read_scale(c, &o->time_scale) || !read_log(r, a))
		return false;
	if (r->json || call_has(c, FLAG_QUIET))
		r->summary = false;
	o->listen = c->value[FLAG_LISTEN];
	o->truststore = c->value[FLAG_TRUSTSTORE];
	o->watch = call_has(c, FLAG_WATCH);
	o->detailed = r->json;
	o->log = r->execution;
	if (o->listen)
		warn_of_listening(c);
	return true;
}

/* ---- the verbs ----------------------------------------------------------------------- */

/* Is it a definition that is at fault? */
static bool is_about_file(const struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].level == DIAG_ERROR)
			return d->items[i].pos.file || str_starts(d->items[i].code, "file-");
	return false;
}

/* On a terminal requests are shown as they come, and can be made there. */
static int run_on_screen(struct call *c, const struct serve_options *o, struct diags *d)
{
	struct study s;
	const struct study_options settings = {
		.paths = c->paths, .clock = c->clock, .has_seed = c->has_seed, .seed = c->seed};
	const struct start start = {.gateway = o, .no_colour = call_no_colour(c)};
	if (!study_open_settings(&s, &settings, d))
		return EXIT_FAILED;
	int code = c->host->tui(&s, &start, d);
	study_close(&s);
	return code == EXIT_FAILED && is_about_file(d) ? EXIT_INVALID : code;
}

static int run_by_line(const struct serve_options *o, struct diags *d)
{
	if (serve_run(o, on_ready, d))
		return EXIT_DONE;
	return is_about_file(d) ? EXIT_INVALID : EXIT_FAILED;
}

int gateway_run(struct call *c)
{
	struct gateway_run r = {.call = c, .off_min = clock_now(&c->clock).off_min};
	struct serve_options o = {
		.files = c->args + 1,
		.file_count = (size_t)c->arg_count - 1,
		.load = {.share = c->paths->share,
			 .allow_commands = call_has(c, FLAG_ALLOW_COMMANDS),
			 .type = c->value[FLAG_TYPE]},
		.state = c->paths->state,
		.program = c->paths->program,
		.clock = c->clock,
		.seed = c->has_seed ? c->seed : rng_system_seed(),
		.answered = on_answered,
		.changed = on_changed,
		.pause = on_pause,
		.ctx = &r,
	};
	struct arena a = {0};
	struct diags d = {0};
	int code = EXIT_USAGE;
	if (c->arg_count < 2)
		return call_usage(c, "gateway run takes files: stack files or OpenAPI files");
	if (read_options(&r, &o, &a)) {
		bool lines = c->plain || !r.summary;
		code = EXIT_FAILED;
		if (find_certificates(c, &o, &a, &d))
			code = lines ? run_by_line(&o, &d) : run_on_screen(c, &o, &d);
	}
	call_report(c, &d);
	str_clear(&r.line);
	arena_clear(&a);
	return code;
}

int gateway_cert(struct call *c)
{
	struct arena a = {0};
	struct diags d = {0};
	const char *dir = path_join(&a, c->paths->state, "tls");
	bool ok =
		cert_make(dir, c->args + 1, (size_t)c->arg_count - 1, clock_now(&c->clock).ms, &d);
	if (ok)
		fprintf(c->out,
			"In %s:\n  %s  the authority: give it to clients to trust, and as "
			"--truststore\n  %s, %s  for `gatedrill gateway run --tls`\n  %s, %s  for "
			"clients that must show a certificate\n",
			dir, CERT_AUTHORITY, CERT_SERVER, CERT_SERVER_KEY, CERT_CLIENT,
			CERT_CLIENT_KEY);
	call_report(c, &d);
	arena_clear(&a);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
