/* stackparts.c -- what stands beside the APIs of a stack file: functions, credentials, target
 * groups of private integrations, custom domains. */
#include "gateway/stackread.h"

#include "base/file.h"
#include "gateway/function.h"

#include <ctype.h>
#include <string.h>

static bool is_http(const char *url)
{
	return (str_starts(url, "http://") && url[7]) || (str_starts(url, "https://") && url[8]);
}

static bool url_ok(struct stack *s, const struct node *n, const char *url)
{
	return is_http(url) ||
	       SHAPE_ERROR(&s->r, n, "gateway-value",
			   "\"%s\" must be an address that begins with http:// or https://",
			   shape_brief(&s->r, url));
}

/* -- functions --------------------------------------------------------------------------------- */

struct function_in {
	struct gw_function f;
	double timeout_s;
};
#define IN(m) SHAPE_AT(function_in, m)
static const struct shape_key function_keys[] = {
	{.name = "builtin",
	 .type = SHAPE_TEXT,
	 IN(f.builtin),
	 .help = "One that is there already: echo, allow, deny, fail, slow and others; "
		 "gatedrill-gateway(7) lists them."},
	{.name = "command",
	 .type = SHAPE_TEXTS,
	 .at = offsetof(struct function_in, f.command),
	 .count = offsetof(struct function_in, f.command_count),
	 .max = 100,
	 .help = "A program and its arguments: it gets the event on standard input and writes its "
		 "result on standard output. It runs in the folder of the stack file, and only if "
		 "commands are allowed."},
	{.name = "endpoint",
	 .type = SHAPE_TEXT,
	 IN(f.endpoint),
	 .help = "The address of something that speaks the Lambda Invoke API."},
	{.name = "timeout",
	 .type = SHAPE_REAL,
	 IN(timeout_s),
	 .min = 0.001,
	 .max = 900,
	 .help = "Seconds, at most 900; 3 unless it says otherwise."},
	{.name = "memory",
	 .type = SHAPE_INT,
	 IN(f.memory_mb),
	 .min = 16,
	 .max = 10240,
	 .help = "Memory of a command in MB; 128 unless it says otherwise."},
	{.name = "concurrency",
	 .type = SHAPE_INT,
	 IN(f.concurrency),
	 .min = 1,
	 .max = 1000,
	 .help = "How many may run at once; 10 unless it says otherwise."},
};
const struct shape stack_function_shape = {"function", "Keys of a function", function_keys,
					   ARRAY_LEN(function_keys), false};

static void unknown_builtin(struct stack *s, const struct node *n, const char *name)
{
	const char **names = arena_alloc(s->r.arena, (builtin_count + 1) * sizeof(*names));
	for (size_t i = 0; i < builtin_count; i++)
		names[i] = builtins[i].name;
	shape_unknown(&s->r, node_get(n, "builtin"), "gateway-unknown-builtin", "builtin function",
		      name, names, builtin_count);
}

static void set_kind(struct stack *s, const struct node *n, struct gw_function *f)
{
	int kinds = (f->builtin != NULL) + (f->command != NULL) + (f->endpoint != NULL);
	if (kinds != 1) {
		SHAPE_ERROR(&s->r, n->key, "gateway-function",
			    "the function \"%s\" must have one of builtin, command and endpoint",
			    shape_brief(&s->r, f->name));
		return;
	}
	if (f->builtin && !builtin_find(f->builtin))
		unknown_builtin(s, n, f->builtin);
	f->kind = f->builtin ? GW_BUILTIN : f->command ? GW_COMMAND : GW_HTTP_ENDPOINT;
	if (f->endpoint)
		url_ok(s, n, f->endpoint);
	if (f->command && !f->command_count)
		SHAPE_ERROR(&s->r, n, "gateway-value", "\"command\" is empty");
	if (f->kind == GW_COMMAND && !f->trusted)
		SHAPE_WARN(&s->r, n->key, "gateway-command",
			   "the command of \"%s\" will not run: --allow-commands lets it, if you "
			   "trust this file",
			   shape_brief(&s->r, f->name));
}

static bool function_name_ok(struct stack *s, const struct node *key)
{
	const char *p = key->text;
	while (isalnum((unsigned char)*p) || *p == '-' || *p == '_')
		p++;
	if (*p || !key->len || key->len > 64)
		return SHAPE_ERROR(&s->r, key, "gateway-value",
				   "\"%s\" cannot name a function: letters, digits, \"-\" and "
				   "\"_\", at most 64",
				   shape_brief(&s->r, key->text));
	return !gateway_function(s->g, key->text) ||
	       SHAPE_ERROR(&s->r, key, "gateway-twice", "there are two functions \"%s\"",
			   key->text);
}

void stack_functions(struct stack *s, const struct node *n)
{
	if (!shape_is(&s->r, n, NODE_MAP, "functions"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct function_in in = {
			.f = {.name = e->key->text,
			      .folder = s->folder,
			      .memory_mb = 128,
			      .concurrency = 10,
			      .trusted = s->trusted,
			      .pos = node_pos(e->key, s->path)},
			.timeout_s = 3,
		};
		if (!function_name_ok(s, e->key) ||
		    !shape_read(&s->r, e, &stack_function_shape, &in))
			continue;
		in.f.timeout_ms = (int)(in.timeout_s * 1000 + 0.5);
		set_kind(s, e, &in.f);
		s->g->functions[s->g->function_count++] = in.f;
	}
}

/* -- credentials ------------------------------------------------------------------------------- */

struct credential_in {
	struct gw_credential c;
	const struct node *policy;
};
#undef IN
#define IN(m) SHAPE_AT(credential_in, m)
static const struct shape_key credential_keys[] = {
	{.name = "accessKeyId",
	 .type = SHAPE_TEXT,
	 .required = true,
	 IN(c.access_key),
	 .help = "As AKIAIOSFODNN7EXAMPLE. Never write real ones here."},
	{.name = "secretAccessKey",
	 .type = SHAPE_TEXT,
	 .required = true,
	 IN(c.secret_key),
	 .help = "What requests are signed with."},
	{.name = "sessionToken",
	 .type = SHAPE_TEXT,
	 IN(c.session_token),
	 .help = "For temporary ones: what must be sent along."},
	{.name = "arn",
	 .type = SHAPE_TEXT,
	 IN(c.arn),
	 .help = "Whose they are; arn:aws:iam::ACCOUNT:user/demo unless it says otherwise."},
	{.name = "account", .type = SHAPE_TEXT, IN(c.account), .help = "The account of that user."},
	{.name = "userId", .type = SHAPE_TEXT, IN(c.user_id), .help = "The user's unique id."},
	{.name = "policy",
	 .type = SHAPE_NODE,
	 IN(c.policy),
	 .help = "An IAM policy: what they may call. Without one, nothing of itself."},
	{.name = "expired",
	 .type = SHAPE_BOOL,
	 IN(c.expired),
	 .help = "True: to see what expired ones are answered."},
};
const struct shape stack_credential_shape = {"credential", "Keys of a credential", credential_keys,
					     ARRAY_LEN(credential_keys), false};

void stack_credentials(struct stack *s, const struct node *n)
{
	struct gateway *g = s->g;
	if (!shape_is(&s->r, n, NODE_LIST, "credentials"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct gw_credential c = {0};
		if (!shape_read(&s->r, e, &stack_credential_shape, &c))
			continue;
		if (c.policy && (!shape_is(&s->r, c.policy, NODE_MAP, "policy") ||
				 !node_get(c.policy, "Statement"))) {
			SHAPE_ERROR(&s->r, c.policy, "gateway-policy",
				    "\"Statement\" is missing: a policy is a list of statements");
			continue;
		}
		if (!c.account)
			c.account = g->account;
		if (!c.arn)
			c.arn = arena_printf(s->r.arena, "arn:aws:iam::%s:user/demo", c.account);
		if (!c.user_id && c.access_key)
			c.user_id = arena_printf(s->r.arena, "AIDA%s",
						 gw_short_id(s->r.arena, c.access_key, 12));
		g->credentials[g->credential_count++] = c;
	}
}

/* -- targets of private integrations ----------------------------------------------------------- */

struct target_in {
	struct gw_target t;
	int kind;
};
static const char *const kind_words[] = {
	[GW_NLB] = "NLB", [GW_ALB] = "ALB", [GW_CLOUD_MAP] = "CLOUD_MAP", NULL};
#undef IN
#define IN(m) SHAPE_AT(target_in, m)
static const struct shape_key target_keys[] = {
	{.name = "urls",
	 .type = SHAPE_TEXTS,
	 .required = true,
	 .max = MAX_TARGET_URLS,
	 .at = offsetof(struct target_in, t.urls),
	 .count = offsetof(struct target_in, t.url_count),
	 .help = "The addresses of its backends, taken in turn."},
	{.name = "kind",
	 .type = SHAPE_WORD,
	 IN(kind),
	 .words = kind_words,
	 .help = "NLB (unless it says otherwise), ALB or CLOUD_MAP."},
	{.name = "version",
	 .type = SHAPE_INT,
	 IN(t.version),
	 .min = 1,
	 .max = 2,
	 .help = "Of the VPC link: 1 or 2. Version 2 sends the stage's name in the path."},
};
const struct shape stack_target_shape = {"target group", "Keys of a target group", target_keys,
					 ARRAY_LEN(target_keys), false};

void stack_targets(struct stack *s, const struct node *n)
{
	if (!shape_is(&s->r, n, NODE_MAP, "targets"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct target_in in = {.t = {.name = e->key->text, .version = 1}};
		if (!shape_read(&s->r, e, &stack_target_shape, &in))
			continue;
		for (size_t i = 0; i < in.t.url_count; i++)
			url_ok(s, e, in.t.urls[i]);
		in.t.kind = in.kind;
		s->g->targets[s->g->target_count++] = in.t;
	}
}

/* -- domains ----------------------------------------------------------------------------------- */

struct domain_in {
	struct gw_domain d;
	int endpoint;
	const struct node *mappings, *tls;
	const char *truststore;
};
struct mapping_in {
	const char *base_path;
	const struct node *stage;
};
static const char *const endpoint_words[] = {"REGIONAL", "EDGE", "PRIVATE", NULL};

static void read_tls(struct shape_reader *r, const struct node *n, void *out)
{
	static const struct shape_key keys[] = {
		{.name = "truststoreUri",
		 .type = SHAPE_TEXT,
		 .required = true,
		 SHAPE_AT(domain_in, truststore)},
		{.name = "truststoreVersion", .type = SHAPE_DOC},
	};
	static const struct shape shape = {"mutualTlsAuthentication", NULL, keys, ARRAY_LEN(keys),
					   false};
	shape_read(r, n, &shape, out);
}

#undef IN
#define IN(m) SHAPE_AT(domain_in, m)
static const struct shape_key domain_keys[] = {
	{.name = "domainName",
	 .type = SHAPE_TEXT,
	 .required = true,
	 IN(d.name),
	 .help = "The name that requests have in Host."},
	{.name = "mappings",
	 .type = SHAPE_NODE,
	 .required = true,
	 IN(mappings),
	 .help = "A list of maps with apiId, stage and basePath; no basePath takes what the others "
		 "leave."},
	{.name = "endpointType",
	 .type = SHAPE_WORD,
	 IN(endpoint),
	 .words = endpoint_words,
	 .help = "REGIONAL (unless it says otherwise), EDGE or PRIVATE."},
	{.name = "mutualTlsAuthentication",
	 .type = SHAPE_READ,
	 .read = read_tls,
	 .help = "A map whose truststoreUri is a file of PEM certificates: clients must show one "
		 "that it vouches for."},
	{.name = "securityPolicy",
	 .type = SHAPE_IDLE,
	 .teach = "TLS is what the gateway was started with"},
	{.name = "certificateArn",
	 .type = SHAPE_IDLE,
	 .teach = "certificates are those the gateway was started with"},
};
const struct shape stack_domain_shape = {"domain", "Keys of a custom domain", domain_keys,
					 ARRAY_LEN(domain_keys), false};

static bool base_path_ok(struct stack *s, const struct node *n, const char *path)
{
	for (const char *p = path; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("$-_.+!*'()/", *p))
			return SHAPE_ERROR(&s->r, n, "gateway-value",
					   "\"%s\" cannot be a base path",
					   shape_brief(&s->r, path));
	return *path != '/' ||
	       SHAPE_ERROR(&s->r, n, "gateway-value", "a base path has no slash at its start");
}

static void read_mapping(struct stack *s, const struct node *n, struct gw_domain *d)
{
	static const struct shape_key keys[] = {
		{.name = "basePath", .type = SHAPE_TEXT, SHAPE_AT(mapping_in, base_path)},
		{.name = "apiId", .type = SHAPE_DOC},
		{.name = "stage", .type = SHAPE_DOC},
	};
	static const struct shape shape = {"mapping", NULL, keys, ARRAY_LEN(keys), false};
	struct mapping_in in = {.base_path = ""};
	if (!shape_read(&s->r, n, &shape, &in) || !base_path_ok(s, n, in.base_path))
		return;
	/* The rest is a stage of an API, as in plans. */
	struct node stage = {.kind = NODE_MAP, .line = n->line, .col = n->col};
	struct node parts[2];
	size_t count = 0;
	for (const struct node *e = n->child; e; e = e->next)
		if (!str_eq(e->key->text, "basePath") && count < ARRAY_LEN(parts)) {
			parts[count] = *e;
			parts[count].next = NULL;
			if (count)
				parts[0].next = &parts[1];
			count++;
		}
	stage.child = count ? parts : NULL;
	stage.count = count;
	if (!stack_api_stage(s, &stage, NULL, &d->mappings[d->mapping_count].api,
			     &d->mappings[d->mapping_count].stage))
		return;
	d->mappings[d->mapping_count].base_path = in.base_path;
	for (size_t i = 0; i < d->mapping_count; i++)
		if (str_eq(d->mappings[i].base_path, in.base_path))
			SHAPE_ERROR(&s->r, n, "gateway-twice",
				    "the base path \"%s\" is mapped twice", in.base_path);
	d->mapping_count++;
}

void stack_domains(struct stack *s, const struct node *n)
{
	if (!shape_is(&s->r, n, NODE_LIST, "domains"))
		return;
	for (const struct node *e = n->child; e; e = e->next) {
		struct domain_in in = {0};
		if (!shape_read(&s->r, e, &stack_domain_shape, &in) ||
		    !shape_is(&s->r, in.mappings, NODE_LIST, "mappings"))
			continue;
		in.d.endpoint = (enum gw_endpoint)in.endpoint;
		if (in.truststore && stack_may_read(s, e, in.truststore))
			in.d.truststore = stack_path(s, in.truststore);
		in.d.mappings = arena_alloc(s->r.arena,
					    (in.mappings->count + 1) * sizeof(in.d.mappings[0]));
		for (const struct node *m = in.mappings->child; m; m = m->next)
			read_mapping(s, m, &in.d);
		s->g->domains[s->g->domain_count++] = in.d;
	}
}
