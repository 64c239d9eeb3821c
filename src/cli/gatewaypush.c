/* gatewaypush.c -- `gatedrill gateway push ADDRESS ID...`: what an SDK's post-to-connection does,
 * for functions written in sh. They find this program in $GATEDRILL. */
#include "cli/gateway.h"

#include "base/file.h"
#include "gateway/push.h"
#include "gateway/wsapi.h"

static void on_gone(void *ctx, const char *id)
{
	const struct call *c = ctx;
	fprintf(c->out, "%s\n", id);
}

/* --body TEXT or @FILE, else all of the input. */
static bool read_text(struct call *c, struct str *out, struct diags *d)
{
	const char *text = c->value[FLAG_BODY];
	char piece[4096];
	size_t n;
	if (text && *text == '@')
		return file_read(text + 1, MAX_WS_MESSAGE, out, d);
	if (text)
		str_add(out, text);
	while (!text && out->len <= MAX_WS_MESSAGE && (n = fread(piece, 1, sizeof(piece), c->in)))
		str_addn(out, piece, n);
	return out->len <= MAX_WS_MESSAGE ||
	       diag_fail(d, "gateway-push", "a message has at most 128 KB");
}

int gateway_push(struct call *c)
{
	struct diags d = {0};
	struct str text = {0};
	struct push p = {.gone = on_gone, .ctx = c};
	if (c->arg_count < 2)
		return call_usage(c, "gateway push takes an address and ids of connections");
	p.address = c->args[1];
	p.ids = c->args + 2;
	p.id_count = (size_t)c->arg_count - 2;
	bool ok = read_text(c, &text, &d);
	p.text = (struct slice){str_c(&text), text.len};
	ok = ok && push_run(&p, &d);
	call_report(c, &d);
	diags_clear(&d);
	str_clear(&text);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
