/* traceact.c -- what can be done with a request that was seen: send it again, keep it for a shell.
 */
#include "base/file.h"
#include "tui/trace.h"

#define CURL_FILE "requests.sh"
#define MAX_CURL_FILE ((size_t)4 << 20)

static bool asked_for(struct app *app, const struct gw_trace *t, struct arena *a,
		      struct probe_request *q)
{
	if (t->kind != GW_TRACE_REQUEST)
		app_say(app, STYLE_WARN,
			"Only requests can be sent again; w talks over a WebSocket.");
	else if (!probe_from_trace(q, t, a))
		app_say(app, STYLE_WARN, "Of this request too little was kept to send it again.");
	else
		return true;
	return false;
}

/* What comes of it is seen in the list. */
static void on_done(void *arg, const struct gw_call_result *result)
{
	(void)arg;
	(void)result;
}

void trace_resend(struct app *app, struct rig *rig, const struct gw_trace *t)
{
	struct arena a = {0};
	struct probe_request q;
	if (asked_for(app, t, &a, &q)) {
		probe_send(rig_probe(rig), &q, on_done, NULL);
		app_say(app, STYLE_PLAIN, "Sent again.");
	}
	arena_clear(&a);
}

/* The file stays one that a shell can run. */
static bool append(const char *dir, const char *file, const char *line, struct diags *d)
{
	struct str text = {0};
	struct file_stat there;
	bool ok = file_mkdirs(dir, d) &&
		  (!file_stat(file, &there) || file_read(file, MAX_CURL_FILE, &text, d));
	if (ok) {
		if (!text.len)
			str_add(&text, "#!/bin/sh\n");
		str_addf(&text, "%s\n", line);
		ok = file_write_private(file, str_c(&text), text.len, d);
	}
	str_clear(&text);
	return ok;
}

static void save(struct app *app, struct rig *rig, const struct probe_request *q, struct arena *a)
{
	struct diags d = {0};
	struct str line = {0};
	const char *dir = app->study->paths->state;
	const char *file = path_join(a, dir, CURL_FILE);
	probe_curl(&line, rig_probe(rig), q);
	if (append(dir, file, str_c(&line), &d))
		app_push(app, note_view(app, "The request as a command",
					arena_printf(a, " %s\n\nIt was added to the end of\n %s",
						     str_c(&line), file),
					file, 1));
	app_report(app, &d);
	str_clear(&line);
}

void trace_save_curl(struct app *app, struct rig *rig, const struct gw_trace *t)
{
	struct arena a = {0};
	struct probe_request q;
	if (asked_for(app, t, &a, &q))
		save(app, rig, &q, &a);
	arena_clear(&a);
}
