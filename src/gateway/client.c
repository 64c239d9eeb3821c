/* client.c -- see client.h. curl tells which sockets it waits for and for how long; each socket is
 * a uv_poll_t, the time a uv_timer_t. curl forbids calls into it from its own callbacks, so answers
 * are collected there and handed out by deliver(), which the loop enters with no curl frame below
 * it.
 *
 * Handles are kept after use: curl_easy_reset() is cheaper than a new one, and the multi handle
 * keeps the connections. */
#include "gateway/client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define KEPT_HANDLES 64
#define RESUME_MS 10 /* how long who takes pieces is left alone when he asks to wait */

struct sock { /* a socket of curl */
	uv_poll_t poll;
	struct client *client;
	curl_socket_t fd;
};
struct call { /* a call under way */
	struct client *client;
	struct call *next, *prev;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	gw_done *done;
	gw_piece *piece; /* NULL: the body is collected */
	bool paused;     /* who takes the pieces waits */
	void *arg;
	struct arena arena; /* texts of the answer */
	struct gw_headers answer;
	struct str body;
	size_t header_bytes, max_bytes;
	bool too_large;
	int64_t began_us;
	char error[CURL_ERROR_SIZE];
};
struct client {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t *timer;
	uv_timer_t *resume; /* runs while calls are paused */
	struct call *first; /* all under way */
	size_t running;
	CURL *kept[KEPT_HANDLES];
	size_t kept_count;
	bool closing;
	char *home; /* NULL: none */
};

static int64_t now_us(void)
{
	return (int64_t)(uv_hrtime() / 1000);
}

/* ---- answers ------------------------------------------------------------------------- */

static void on_resume(uv_timer_t *timer);

/* The piece goes on at once, or stays with curl until the timer asks again. */
static size_t hand_on(struct call *call, const char *p, size_t bytes)
{
	long status = 0;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	struct gw_call_result head = {.end = GW_CALL_DONE,
				      .status = (int)status,
				      .headers = call->answer,
				      .us = now_us() - call->began_us};
	switch (call->piece(call->arg, &head, (struct slice){p, bytes})) {
	case GW_PIECE_TAKEN:
		return bytes;
	case GW_PIECE_WAIT:
		call->paused = true;
		uv_timer_start(call->client->resume, on_resume, RESUME_MS, RESUME_MS);
		return CURL_WRITEFUNC_PAUSE;
	case GW_PIECE_STOP:
		break;
	}
	return 0;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct call *call = arg;
	size_t bytes = size * n;
	if (call->piece)
		return hand_on(call, p, bytes);
	if (bytes > call->max_bytes - call->body.len) {
		call->too_large = true;
		return 0;
	}
	str_addn(&call->body, p, bytes);
	return bytes;
}

/* One line at a time. A status line begins the headers anew: what came before was a 1xx. */
static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct call *call = arg;
	size_t bytes = size * n;
	size_t len = bytes;
	const char *colon;
	while (len > 0 && (p[len - 1] == '\n' || p[len - 1] == '\r'))
		len--;
	call->header_bytes += bytes;
	if (call->header_bytes > MAX_CLIENT_HEADERS) {
		call->too_large = true;
		return 0;
	}
	if (len > 5 && memcmp(p, "HTTP/", 5) == 0) {
		call->answer.count = 0;
	} else if (len > 0 && (colon = memchr(p, ':', len)) != NULL && colon > p) {
		char *name = arena_strndup(&call->arena, p, (size_t)(colon - p));
		char *value = arena_strndup(&call->arena, colon + 1, len - (size_t)(colon + 1 - p));
		gw_headers_add(&call->arena, &call->answer, name, str_trim(&call->arena, value));
	}
	return bytes;
}

static enum gw_call_end end_of(const struct call *call, CURLcode code)
{
	if (call->too_large)
		return GW_CALL_TOO_LARGE;
	switch ((int)code) {
	case CURLE_OK:
		return GW_CALL_DONE;
	case CURLE_OPERATION_TIMEDOUT:
		return GW_CALL_TIMEOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return GW_CALL_NO_HOST;
	default:
		return GW_CALL_REFUSED;
	}
}

static void unlink_call(struct client *c, struct call *call)
{
	if (call->prev)
		call->prev->next = call->next;
	else
		c->first = call->next;
	if (call->next)
		call->next->prev = call->prev;
	c->running--;
}

/* Tell the caller, then give everything back. The call must be out of curl's hands. */
static void finish(struct call *call, enum gw_call_end end, const char *message)
{
	struct client *c = call->client;
	long status = 0;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	struct gw_call_result r = {
		.end = end,
		.status = (int)status,
		.headers = call->answer,
		.body = {str_c(&call->body), call->body.len},
		.us = now_us() - call->began_us,
		.message = message,
	};
	unlink_call(c, call);
	if (c->kept_count < KEPT_HANDLES && !c->closing) {
		curl_easy_reset(call->easy);
		c->kept[c->kept_count++] = call->easy;
	} else {
		curl_easy_cleanup(call->easy);
	}
	call->done(call->arg, &r);
	curl_slist_free_all(call->headers);
	curl_slist_free_all(call->connect_to);
	str_clear(&call->body);
	arena_clear(&call->arena);
	free(call);
}

/* Hand out what has ended. A caller may ask for more calls meanwhile. */
static void deliver(struct client *c)
{
	CURLMsg *m;
	int left;
	while ((m = curl_multi_info_read(c->multi, &left)) != NULL) {
		struct call *call;
		CURLcode code = m->data.result;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		curl_multi_remove_handle(c->multi, call->easy);
		const char *message = call->error[0] ? call->error : curl_easy_strerror(code);
		finish(call, end_of(call, code), code == CURLE_OK ? NULL : message);
	}
}

/* ---- the loop ------------------------------------------------------------------------ */

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct sock *s = poll->data;
	struct client *c = s->client; /* s may go within the call below */
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;
	int running;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(c->multi, s->fd, flags, &running);
	deliver(c);
}

static void on_timer(uv_timer_t *timer)
{
	struct client *c = timer->data;
	int running;
	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	deliver(c);
}

static void on_resume(uv_timer_t *timer)
{
	struct client *c = timer->data;
	uv_timer_stop(timer);
	for (struct call *call = c->first; call; call = call->next) {
		if (!call->paused)
			continue;
		call->paused = false; /* the piece comes again from within: it may pause again */
		curl_easy_pause(call->easy, CURLPAUSE_CONT);
	}
	deliver(c);
}

static int want_timer(CURLM *multi, long ms, void *arg)
{
	struct client *c = arg;
	(void)multi;
	if (ms < 0)
		uv_timer_stop(c->timer);
	else
		uv_timer_start(c->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static void free_handle(uv_handle_t *h)
{
	free(h->data);
}

static void free_timer(uv_handle_t *h)
{
	free(h);
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *of_socket)
{
	struct client *c = arg;
	struct sock *s = of_socket;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s) {
			uv_poll_stop(&s->poll);
			uv_close((uv_handle_t *)&s->poll, free_handle);
			curl_multi_assign(c->multi, fd, NULL);
		}
		return 0;
	}
	if (!s) {
		s = xcalloc(1, sizeof(*s));
		s->client = c;
		s->fd = fd;
		if (uv_poll_init_socket(c->loop, &s->poll, fd) != 0) {
			free(s);
			return -1;
		}
		s->poll.data = s;
		curl_multi_assign(c->multi, fd, s);
	}
	int events =
		(what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	uv_poll_start(&s->poll, events, on_poll);
	return 0;
}

struct client *client_new(uv_loop_t *loop)
{
	struct client *c = xcalloc(1, sizeof(*c));
	curl_global_init(CURL_GLOBAL_DEFAULT);
	c->loop = loop;
	c->multi = curl_multi_init();
	c->timer = xcalloc(1, sizeof(*c->timer));
	uv_timer_init(loop, c->timer);
	c->timer->data = c;
	c->resume = xcalloc(1, sizeof(*c->resume));
	uv_timer_init(loop, c->resume);
	c->resume->data = c;
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, 256L);
	return c;
}

void client_free(struct client *c)
{
	if (!c)
		return;
	c->closing = true;
	for (struct call *call = c->first, *next; call; call = next) {
		next = call->next;
		curl_multi_remove_handle(c->multi, call->easy);
		finish(call, GW_CALL_REFUSED, "the gateway stops");
	}
	for (size_t i = 0; i < c->kept_count; i++)
		curl_easy_cleanup(c->kept[i]);
	curl_multi_cleanup(c->multi); /* closes kept connections: their sockets are taken back */
	uv_timer_stop(c->timer);
	uv_close((uv_handle_t *)c->timer, free_timer);
	uv_timer_stop(c->resume);
	uv_close((uv_handle_t *)c->resume, free_timer);
	free(c->home);
	free(c);
}

void client_home(struct client *c, const char *address, int port)
{
	free(c->home);
	c->home = xasprintf(strchr(address, ':') ? "[%s]:%d" : "%s:%d", address, port);
}

size_t client_running(const struct client *c)
{
	return c->running;
}

/* ---- a call -------------------------------------------------------------------------- */

/* curl's own headers are taken out unless the caller gives them: it knows what to send. */
static void add_headers(struct call *call, const struct gw_http_call *from)
{
	static const char *const unwanted[] = {"Accept", "Expect", "Content-Type",
					       "Transfer-Encoding"};
	struct str line = {0};
	for (size_t i = 0; i < from->headers.count; i++) {
		const struct gw_header *h = &from->headers.items[i];
		str_reset(&line);
		str_add(&line, h->name);
		if (h->value[0])
			str_addf(&line, ": %s", h->value);
		else
			str_addc(&line, ';'); /* an empty value, as curl spells it */
		call->headers = curl_slist_append(call->headers, str_c(&line));
	}
	for (size_t i = 0; i < ARRAY_LEN(unwanted); i++) {
		if (gw_headers_first(&from->headers, unwanted[i]))
			continue;
		str_reset(&line);
		str_addf(&line, "%s:", unwanted[i]);
		call->headers = curl_slist_append(call->headers, str_c(&line));
	}
	str_clear(&line);
}

static void connect_to(struct call *call, const char *host, const char *port, const char *where)
{
	char *to = xasprintf("%s:%s:%s", host, port, where);
	call->connect_to = curl_slist_append(NULL, to);
	free(to);
	curl_easy_setopt(call->easy, CURLOPT_CONNECT_TO, call->connect_to);
}

/* Is it another API of this gateway? With a port it is an address as any other. */
static bool is_home(const struct client *c, CURLU *u, const char *host)
{
	static const char below[] = ".execute-api.localhost";
	size_t n = strlen(host), tail = sizeof(below) - 1;
	char *port = NULL;
	bool has_port = curl_url_get(u, CURLUPART_PORT, &port, 0) == CURLUE_OK;
	curl_free(port);
	return c->home && !has_port && n > tail && gw_name_eq(host + n - tail, below);
}

/* A certificate may be for another name than the address: ask for that name at that address. False:
 * the URL makes no sense. */
static bool set_address(struct call *call, const struct gw_http_call *from)
{
	CURLU *u = curl_url();
	char *host = NULL;
	char *port = NULL;
	char *url = NULL;
	bool ok = curl_url_set(u, CURLUPART_URL, from->url, CURLU_PATH_AS_IS) == CURLUE_OK &&
		  curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		  curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
	if (ok && from->verify) {
		char *where = xasprintf("%s:%s", host, port);
		connect_to(call, from->verify, port, where);
		ok = curl_url_set(u, CURLUPART_HOST, from->verify, 0) == CURLUE_OK;
		free(where);
	} else if (ok && is_home(call->client, u, host)) {
		connect_to(call, host, port, call->client->home);
	}
	ok = ok && curl_url_get(u, CURLUPART_URL, &url, 0) == CURLUE_OK;
	if (ok)
		curl_easy_setopt(call->easy, CURLOPT_URL, from->verify ? url : from->url);
	curl_free(host);
	curl_free(port);
	curl_free(url);
	curl_url_cleanup(u);
	return ok;
}

static void set_method(CURL *easy, const struct gw_http_call *from)
{
	if (strcmp(from->method, "HEAD") == 0) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		return;
	}
	bool sends = from->body.len > 0 || strcmp(from->method, "POST") == 0 ||
		     strcmp(from->method, "PUT") == 0 || strcmp(from->method, "PATCH") == 0;
	if (sends) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)from->body.len);
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, from->body.len ? from->body.p : "");
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, from->method);
}

static void set_tls(CURL *easy, const struct gw_http_call *from)
{
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, from->insecure ? 0L : 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, from->insecure ? 0L : 2L);
	if (from->client_cert) {
		curl_easy_setopt(easy, CURLOPT_SSLCERT, from->client_cert);
		/* A kept connection may be one on which nobody asked for it. */
		curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	}
	if (from->client_key)
		curl_easy_setopt(easy, CURLOPT_SSLKEY, from->client_key);
}

static void set_options(struct call *call, const struct gw_http_call *from)
{
	CURL *easy = call->easy;
	long timeout_ms = (long)(from->timeout_ms > 0 ? from->timeout_ms : 1);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)call);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
	if (from->piece && from->idle_ms > 0) {
		curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)(from->idle_ms / 1000));
	}
	set_method(easy, from);
	set_tls(easy, from);
}

void client_http(struct client *c, const struct gw_http_call *from, gw_done *done, void *arg)
{
	if (c->closing || c->running >= MAX_CLIENT_CALLS) {
		struct gw_call_result busy = {.end = GW_CALL_BUSY,
					      .message = "too many calls at once"};
		done(arg, &busy);
		return;
	}
	struct call *call = xcalloc(1, sizeof(*call));
	call->client = c;
	call->done = done;
	call->piece = from->piece;
	call->arg = arg;
	call->max_bytes = from->max_bytes ? from->max_bytes : MAX_CLIENT_BODY;
	call->began_us = now_us();
	call->easy = c->kept_count ? c->kept[--c->kept_count] : curl_easy_init();
	call->next = c->first;
	if (c->first)
		c->first->prev = call;
	c->first = call;
	c->running++;
	add_headers(call, from);
	set_options(call, from);
	if (!set_address(call, from))
		finish(call, GW_CALL_NO_HOST, "this is no address");
	else if (curl_multi_add_handle(c->multi, call->easy) != CURLM_OK)
		finish(call, GW_CALL_REFUSED, "the call could not be made");
}
