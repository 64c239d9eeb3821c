/* labline.c -- see labline.h. Words are split as a shell does it, with quotes and backslashes, but
 * for what is said and for bodies without a quote: JSON is taken as it stands, to the end of the
 * line. */
#include "cli/labline.h"

#include <ctype.h>
#include <string.h>

struct reader {
	struct arena *arena;
	const char *at; /* what is left of the line */
	struct lab_action *out;
	const char *why;
};

static bool wrong(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

static void skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " \t");
}

/* The next word without its quotes; NULL: there is none. */
static char *next_word(struct reader *r)
{
	skip_blanks(r);
	if (!*r->at)
		return NULL;
	char *word = arena_alloc(r->arena, strlen(r->at) + 1);
	size_t n = 0;
	char quote = 0;
	for (; *r->at && (quote || !strchr(" \t", *r->at)); r->at++) {
		char c = *r->at;
		if (c == quote)
			quote = 0;
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else if (c == '\\' && quote != '\'' && r->at[1])
			word[n++] = *++r->at;
		else
			word[n++] = c;
	}
	word[n] = '\0';
	return word;
}

static char *rest_of_line(struct reader *r)
{
	skip_blanks(r);
	char *text = arena_strdup(r->arena, r->at);
	r->at += strlen(r->at);
	return text;
}

/* -- the parts of requests --------------------------------------------------------------------- */

static bool read_header(struct reader *r)
{
	char *text = next_word(r);
	char *colon = text ? strchr(text, ':') : NULL;
	struct lab_action *out = r->out;
	if (!colon || colon == text)
		return wrong(r, "-H takes a header with its value, such as -H 'x-api-key: abc'.");
	if (out->header_count >= MAX_LAB_MATCHES)
		return wrong(r, "That is too many headers.");
	if (!out->headers)
		out->headers = arena_alloc(r->arena, MAX_LAB_MATCHES * sizeof(*out->headers));
	*colon = '\0';
	out->headers[out->header_count++] =
		(struct lab_pair){.name = text, .value = str_trim(r->arena, colon + 1)};
	return true;
}

static bool read_body(struct reader *r)
{
	skip_blanks(r);
	bool quoted = *r->at == '\'' || *r->at == '"';
	r->out->body = quoted ? next_word(r) : rest_of_line(r);
	return true;
}

static bool read_api(struct reader *r)
{
	r->out->api = next_word(r);
	return r->out->api || wrong(r, "--api takes the id of an API.");
}

static bool read_host(struct reader *r)
{
	r->out->host = next_word(r);
	return r->out->host || wrong(r, "--host takes the name of a host.");
}

static bool read_certificate(struct reader *r)
{
	r->out->certificate = true;
	return true;
}

static const struct {
	const char *word, *other;
	bool (*read)(struct reader *r);
	bool body; /* connections have none */
} options[] = {
	{"-H", "--header", read_header, false},
	{"-d", "--body", read_body, true},
	{"--api", "--api", read_api, false},
	{"--host", "--host", read_host, false},
	{"--cert", "--certificate", read_certificate, false},
};

static bool read_options(struct reader *r, bool body)
{
	const char *word;
	while ((word = next_word(r)) != NULL) {
		size_t i = 0;
		while (i < ARRAY_LEN(options) && !str_eq(word, options[i].word) &&
		       !str_eq(word, options[i].other))
			i++;
		if (i == ARRAY_LEN(options) || (options[i].body && !body))
			return wrong(r, body ? "Behind the path come -H 'name: value', -d BODY, "
					       "--api API, --host HOST and --cert."
					     : "Behind the path come -H 'name: value', --api API, "
					       "--host HOST and --cert.");
		if (!options[i].read(r))
			return false;
	}
	return true;
}

/* "@alice": a connection by its name. */
static void read_name(struct reader *r)
{
	skip_blanks(r);
	if (*r->at == '@' && r->at[1] && !strchr(" \t", r->at[1]))
		r->out->as = next_word(r) + 1;
}

/* -- one for each verb ------------------------------------------------------------------------- */

static bool is_method(const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)word[i]) && word[i] != '-')
			return false;
	return n > 0;
}

static bool read_send(struct reader *r)
{
	static const char usage[] =
		"send takes a method and a path with its stage, such as: send GET /dev/items";
	char *word = next_word(r);
	r->out->method = NULL;
	if (word && *word != '/') {
		if (!is_method(word))
			return wrong(r, usage);
		for (char *c = word; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		r->out->method = word;
		word = next_word(r);
	}
	if (!word || *word != '/')
		return wrong(r, usage);
	r->out->target = word;
	if (!read_options(r, true))
		return false;
	if (!r->out->method)
		r->out->method = r->out->body ? "POST" : "GET";
	return true;
}

static bool read_connect(struct reader *r)
{
	read_name(r);
	r->out->target = next_word(r);
	if (!r->out->target || *r->out->target != '/')
		return wrong(r, "connect takes a path with its stage, such as: connect /live, or "
				"connect @alice /live to give the connection a name.");
	return read_options(r, false);
}

static bool read_say(struct reader *r)
{
	read_name(r);
	r->out->body = rest_of_line(r);
	return true;
}

static bool read_close(struct reader *r)
{
	long long code = 1000;
	read_name(r);
	const char *word = next_word(r);
	if (word && !str_to_i64(word, 1000, 4999, &code))
		return wrong(r, "close takes a close code from 1000 to 4999, or none.");
	r->out->code = (int)code;
	return true;
}

static bool read_wait(struct reader *r)
{
	const char *word = next_word(r);
	if (!word || !lab_line_span(word, &r->out->wait_ms))
		return wrong(r, "wait takes a time of at most 3h, such as 500ms, 2s or 11m.");
	return true;
}

static bool read_stage(struct reader *r)
{
	char *word = next_word(r);
	char *slash = word ? strchr(word, '/') : NULL;
	if (!slash || slash == word || !slash[1])
		return wrong(r, "That takes an API and a stage, such as: deploy shop/dev");
	*slash = '\0';
	r->out->api = word;
	r->out->stage = slash + 1;
	return true;
}

static const struct {
	const char *word;
	enum lab_verb verb;
	bool (*read)(struct reader *r);
} verbs[] = {
	{"send", LAB_SEND, read_send},        {"connect", LAB_CONNECT, read_connect},
	{"say", LAB_SAY, read_say},           {"close", LAB_CLOSE, read_close},
	{"wait", LAB_WAIT, read_wait},        {"deploy", LAB_DEPLOY, read_stage},
	{"promote", LAB_PROMOTE, read_stage},
};

static size_t find_verb(const char *line)
{
	size_t n = strcspn(line, " \t"), i = 0;
	while (i < ARRAY_LEN(verbs) && (strncmp(verbs[i].word, line, n) != 0 || verbs[i].word[n]))
		i++;
	return n ? i : ARRAY_LEN(verbs);
}

bool lab_line_verb(const char *line, enum lab_verb *out)
{
	size_t i = find_verb(line);
	if (i == ARRAY_LEN(verbs))
		return false;
	*out = verbs[i].verb;
	return true;
}

bool lab_line_read(struct arena *a, const char *line, struct lab_action *out, const char **why)
{
	size_t i = find_verb(line);
	struct reader r = {.arena = a, .at = line, .out = out};
	*out = (struct lab_action){0};
	*why = "";
	if (i == ARRAY_LEN(verbs))
		return false;
	out->verb = verbs[i].verb;
	r.at += strlen(verbs[i].word);
	bool ok = verbs[i].read(&r);
	skip_blanks(&r);
	if (ok && *r.at)
		ok = wrong(&r, arena_printf(a, "What is this: %s", r.at));
	if (!ok)
		*why = r.why;
	return ok;
}

bool lab_line_span(const char *text, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	char number[16] = "";
	size_t digits = strspn(text, "0123456789");
	long long n;
	if (!digits || digits >= sizeof(number))
		return false;
	memcpy(number, text, digits);
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (str_eq(text + digits, units[i].unit) &&
		    str_to_i64(number, 0, MAX_LAB_WAIT_MS / units[i].ms, &n)) {
			*ms = n * units[i].ms;
			return true;
		}
	return false;
}
