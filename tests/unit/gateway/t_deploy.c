/* t_deploy.c -- deployments: what stages serve when files change, canaries, snapshots that are
 * damaged; and exports, which must load as the same API. */
#include "base/file.h"
#include "base/json.h"
#include "gateway/deffile.h"
#include "gateway/deploy.h"
#include "gateway/exportapi.h"
#include "gateway/openapi.h"
#include "gateway/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1795800000000

/* A folder with a stack of three APIs, and the state beside it. */
struct world {
	struct arena arena;
	char *folder, *stack, *openapi, *state;
	const char *title, *canary; /* of the files as they are written next */
};
struct loaded {
	struct gateway g;
	struct deploy p;
	struct diags d;
};

static void write_text(const char *path, const char *text)
{
	struct diags d = {0};

	if (!file_write(path, text, strlen(text), &d))
		fail_msg("%s", diags_first(&d));
}

static void write_files(struct world *w)
{
	write_text(w->openapi, arena_printf(&w->arena,
					    "openapi: 3.0.1\n"
					    "info: {title: x, version: '1'}\n"
					    "paths: {/%s: {get: {x-amazon-apigateway-integration: "
					    "{type: http_proxy, uri: 'http://127.0.0.1:9/', "
					    "payloadFormatVersion: '1.0'}}}}\n",
					    w->title));
	write_text(arena_printf(&w->arena, "%s/rest.yaml", w->folder),
		   arena_printf(&w->arena,
				"openapi: 3.0.1\n"
				"info: {title: x, version: '1'}\n"
				"paths: {/%s: {get: {x-amazon-apigateway-integration: "
				"{type: mock, responses: {'4..': {statusCode: 400}}}}}}\n",
				w->title));
	write_text(w->stack,
		   arena_printf(&w->arena,
				"gateway: shop\n"
				"apis:\n"
				"- {apiId: rest, type: REST, openapi: rest.yaml, stages: "
				"{dev: {variables: {v: %s}%s}, prod: {}}}\n"
				"- {apiId: http, type: HTTP, openapi: http.yaml, stages: "
				"{$default: {}, v1: {}}}\n"
				"- {apiId: ws, type: WEBSOCKET, routeSelectionExpression: a, "
				"routes: {%s: {}}, stages: {live: {}}}\n",
				w->title, w->canary ? w->canary : "", w->title));
}

static int setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	const char *tmp = getenv("TMPDIR");

	w->folder = mkdtemp(arena_printf(&w->arena, "%s/deploy.XXXXXX", tmp ? tmp : "/tmp"));
	assert_non_null(w->folder);
	w->stack = arena_printf(&w->arena, "%s/shop.yaml", w->folder);
	w->openapi = arena_printf(&w->arena, "%s/http.yaml", w->folder);
	w->state = arena_printf(&w->arena, "%s/state", w->folder);
	w->title = "one";
	write_files(w);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	arena_clear(&w->arena);
	free(w);
	return 0;
}

static struct deploy_options options(const struct world *w)
{
	return (struct deploy_options){.state = w->state, .now_ms = NOW};
}

static void load(struct world *w, struct loaded *l)
{
	const char *files[] = {w->stack};
	const struct load_options o = {0};
	const struct deploy_options serve = options(w);

	*l = (struct loaded){0};
	if (!gateway_load(&l->g, files, 1, &o, &l->d))
		fail_msg("%s", diags_first(&l->d));
	if (!deploy_open(&l->p, &l->g, &serve, &l->d))
		fail_msg("%s", diags_first(&l->d));
}

static void loaded_clear(struct loaded *l)
{
	gateway_clear(&l->g);
	diags_clear(&l->d);
}

/* The path or route that a stage serves, without a slash. */
static const char *served(const struct gw_api *api)
{
	if (api->type == GW_REST)
		return api->root->child->part;
	return api->type == GW_HTTP ? api->routes[0].path + 1 : api->routes[0].key;
}

static const char *serves(const struct loaded *l, const char *api, const char *stage)
{
	const struct deploy_stage *s = deploy_find(&l->p, api, stage);

	assert_non_null(s);
	assert_non_null(s->served->deployment);
	return served(s->served);
}

static void change(struct world *w, const char *title)
{
	w->title = title;
	write_files(w);
}

static const char *create(struct world *w, const char *api, const char *stage, bool *canary)
{
	struct loaded l;
	const char *id;
	const struct deploy_options o = options(w);

	load(w, &l);
	const struct gw_api *a = gateway_api(&l.g, api);

	if (!deploy_create(&l.g, a, gw_api_stage(a, stage), "by hand", &o, &id, canary, &l.d))
		fail_msg("%s", diags_first(&l.d));
	id = arena_strdup(&w->arena, id);
	loaded_clear(&l);
	return id;
}

static void files_change_nothing_until_they_are_deployed(void **state)
{
	struct world *w = *state;
	struct loaded l;
	bool canary;

	load(w, &l);
	assert_string_equal(serves(&l, "rest", "dev"), "one");
	assert_int_equal(l.d.count, 0);
	assert_string_equal(deploy_find(&l.p, "rest", "dev")->served->deployment,
			    deploy_find(&l.p, "rest", "prod")->served->deployment);
	assert_true(deploy_find(&l.p, "rest", "dev")->created_ms == NOW);
	assert_null(deploy_find(&l.p, "rest", "test"));
	loaded_clear(&l);
	change(w, "two");
	load(w, &l);
	assert_string_equal(serves(&l, "rest", "dev"), "one");
	assert_string_equal(serves(&l, "ws", "live"), "one");
	assert_string_equal(serves(&l, "http", "$default"), "two");
	assert_string_equal(serves(&l, "http", "v1"), "one");
	assert_true(deploy_find(&l.p, "rest", "dev")->behind);
	assert_int_equal(l.d.count, 4); /* a note for each stage that is behind */
	assert_string_equal(l.d.items[0].code, "gateway-behind");
	/* Stages take no deployment: variables are the file's, also those of a snapshot. */
	assert_string_equal(deploy_find(&l.p, "rest", "dev")->served->stages[0].variables[0].value,
			    "two");
	loaded_clear(&l);
	create(w, "rest", "dev", &canary);
	create(w, "ws", "live", &canary);
	assert_false(canary);
	load(w, &l);
	assert_string_equal(serves(&l, "rest", "dev"), "two");
	assert_string_equal(serves(&l, "rest", "prod"), "one");
	assert_string_equal(serves(&l, "ws", "live"), "two");
	assert_string_equal(deploy_find(&l.p, "rest", "dev")->description, "by hand");
	assert_false(deploy_find(&l.p, "rest", "dev")->behind);
	loaded_clear(&l);
}

static void a_stage_can_go_back(void **state)
{
	struct world *w = *state;
	struct loaded l;
	const struct deploy_options o = options(w);
	bool canary;

	load(w, &l);
	const char *first =
		arena_strdup(&w->arena, deploy_find(&l.p, "rest", "dev")->served->deployment);

	loaded_clear(&l);
	change(w, "two");
	const char *second = create(w, "rest", "dev", &canary);

	assert_string_not_equal(first, second);
	load(w, &l);
	const struct gw_api *rest = gateway_api(&l.g, "rest");
	struct deployment *all;
	size_t n;

	assert_true(deploy_list(&l.g, rest, &o, &all, &n, &l.d));
	assert_int_equal(n, 2);
	assert_true(deploy_point(&l.g, rest, &rest->stages[0], first, &o, &l.d));
	assert_false(deploy_point(&l.g, rest, &rest->stages[0], "../../x", &o, &l.d));
	assert_false(deploy_point(&l.g, rest, &rest->stages[0], "abcdef", &o, &l.d));
	assert_non_null(strstr(l.d.items[l.d.count - 1].text, "has no deployment \"abcdef\""));
	loaded_clear(&l);
	load(w, &l);
	assert_string_equal(serves(&l, "rest", "dev"), "one");
	loaded_clear(&l);
}

static void a_canary_takes_new_deployments(void **state)
{
	struct world *w = *state;
	struct loaded l;
	const struct deploy_options o = options(w);
	const char *id;
	bool canary;

	load(w, &l);
	const struct gw_api *rest = gateway_api(&l.g, "rest");

	assert_false(deploy_promote(&l.g, rest, &rest->stages[0], &o, &id, &l.d));
	assert_string_equal(l.d.items[0].code, "gateway-canary");
	loaded_clear(&l);
	w->canary = ", canarySettings: {percentTraffic: 10}";
	change(w, "two");
	const char *made = create(w, "rest", "dev", &canary);

	assert_true(canary);
	load(w, &l);
	const struct deploy_stage *s = deploy_find(&l.p, "rest", "dev");

	assert_string_equal(served(s->served), "one");
	assert_string_equal(served(s->canary), "two");
	assert_string_equal(s->stage->canary->deployment, made);
	assert_false(s->behind);
	rest = gateway_api(&l.g, "rest");
	assert_true(deploy_promote(&l.g, rest, &rest->stages[0], &o, &id, &l.d));
	assert_string_equal(id, made);
	loaded_clear(&l);
	load(w, &l);
	s = deploy_find(&l.p, "rest", "dev");
	assert_string_equal(served(s->served), "two");
	assert_null(s->canary);
	loaded_clear(&l);
}

static void what_follows_its_file_is_not_deployed(void **state)
{
	struct world *w = *state;
	struct loaded l;
	const struct deploy_options o = options(w);
	const char *id;
	bool canary;

	load(w, &l);
	const struct gw_api *http = gateway_api(&l.g, "http");

	assert_false(deploy_create(&l.g, http, gw_api_stage(http, "$default"), NULL, &o, &id,
				   &canary, &l.d));
	assert_string_equal(l.d.items[0].code, "gateway-auto-deploy");
	loaded_clear(&l);
}

static void damage_is_told(void **state)
{
	struct world *w = *state;
	struct loaded l;
	const struct deploy_options o = options(w);
	struct diags d = {0};
	const char **names = NULL;
	size_t n = 0;

	load(w, &l);
	loaded_clear(&l);
	change(w, "two");
	const char *top = arena_printf(&w->arena, "%s/gateway", w->state);
	static const char *const ends[] = {".def", NULL};

	assert_true(file_walk(top, ends, &w->arena, &names, &n, &d));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		write_text(names[i], "openapi: 3.0.1\npaths: {x: {}}\n");
	const char *files[] = {w->stack};
	const struct load_options lo = {0};

	l = (struct loaded){0};
	assert_true(gateway_load(&l.g, files, 1, &lo, &l.d));
	assert_false(deploy_open(&l.p, &l.g, &o, &l.d));
	assert_non_null(strstr(diags_first(&l.d), "cannot be served any more"));
	loaded_clear(&l);
	diags_clear(&d);
}

static void without_a_state_folder_the_file_is_served(void **state)
{
	struct world *w = *state;
	struct loaded l;

	write_text(w->state, "a file where a folder should be");
	load(w, &l);
	assert_string_equal(serves(&l, "rest", "dev"), "one");
	assert_true(l.d.warnings > 0);
	assert_string_equal(l.d.items[0].code, "gateway-deployment");
	assert_true(deploy_find(&l.p, "rest", "dev")->created_ms == 0);
	loaded_clear(&l);
}

static void old_deployments_go(void **state)
{
	struct world *w = *state;
	struct loaded l;
	struct deploy_options o = options(w);
	struct deployment *all;
	const char *id;
	bool canary;
	size_t n;

	load(w, &l);
	const struct gw_api *rest = gateway_api(&l.g, "rest");

	for (int i = 0; i < MAX_DEPLOYMENTS + 5; i++) {
		o.now_ms++;
		assert_true(
			deploy_create(&l.g, rest, &rest->stages[0], NULL, &o, &id, &canary, &l.d));
	}
	assert_true(deploy_list(&l.g, rest, &o, &all, &n, &l.d));
	/* The oldest of all is still served by another stage. */
	assert_int_equal(n, MAX_DEPLOYMENTS + 1);
	assert_string_equal(all[0].id, id);
	loaded_clear(&l);
	load(w, &l);
	assert_string_equal(serves(&l, "rest", "prod"), "one");
	loaded_clear(&l);
}

/* -- exports ----------------------------------------------------------------------------------- */

static const char rest_document[] =
	"openapi: 3.0.1\n"
	"info: {title: 'yes', version: '1'}\n"
	"x-amazon-apigateway-request-validators: {a: {validateRequestBody: true}}\n"
	"x-amazon-apigateway-gateway-responses:\n"
	"  DEFAULT_4XX: {statusCode: 418, responseParameters: "
	"{gatewayresponse.header.X: \"'1'\"}, responseTemplates: {text/plain: \"no\\n  way \"}}\n"
	"x-amazon-apigateway-policy: {Statement: [{Effect: Allow, Principal: '*', Action: "
	"execute-api:Invoke, Resource: execute-api:/*}]}\n"
	"x-amazon-apigateway-api-key-source: AUTHORIZER\n"
	"x-amazon-apigateway-binary-media-types: ['image/*']\n"
	"x-amazon-apigateway-minimum-compression-size: 0\n"
	"components:\n"
	"  schemas:\n"
	"    Pet: {type: object, required: ['true', '1'], maximum: 1.50, items: [], not: {}}\n"
	"  securitySchemes:\n"
	"    key: {type: apiKey, name: x-api-key, in: header}\n"
	"    iam: {type: apiKey, name: Authorization, in: header, "
	"x-amazon-apigateway-authtype: awsSigv4}\n"
	"    tok: {type: apiKey, name: X-T, in: header, x-amazon-apigateway-authorizer: {type: "
	"token, identityValidationExpression: a.c, authorizerUri: "
	"'arn:aws:lambda:us-east-1:1:function:f:live'}}\n"
	"    req: {type: apiKey, name: Unused, in: header, x-amazon-apigateway-authorizer: {type: "
	"request, identitySource: 'method.request.header.A,context.b', "
	"authorizerResultTtlInSeconds: 5, authorizerUri: "
	"'arn:aws:lambda:us-east-1:1:function:f'}}\n"
	"    pool: {type: apiKey, name: Authorization, in: header, "
	"x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: "
	"['arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_X']}}\n"
	"    jwt: {type: oauth2, x-amazon-apigateway-authorizer: {type: jwt, jwtConfiguration: "
	"{defaultAlgorithms: [ES256], issuers: [{issuer: 'https://i.example', audiences: [a]}, "
	"{issuer: 'https://j.example', audiences: [b], additionalClaims: [{claimName: team, "
	"format: SINGLE_STRING, expectedValues: [red], required: true}]}]}}}\n"
	"paths:\n"
	"  /a/{id}:\n"
	"    get:\n"
	"      security: [{tok: []}, {key: []}]\n"
	"      parameters: [{name: q, in: query}, {name: id, in: path, required: true}]\n"
	"      x-amazon-apigateway-integration: {type: http, httpMethod: ANY, uri: "
	"'http://127.0.0.1:9/{id}', requestParameters: {integration.request.path.id: "
	"method.request.path.id}, cacheKeyParameters: [method.request.path.id], cacheNamespace: n, "
	"tlsConfig: {insecureSkipVerification: true}, timeoutInMillis: 500, responses: "
	"{'4..': {statusCode: '400', responseParameters: {method.response.header.X: \"'a'\"}, "
	"contentHandling: CONVERT_TO_TEXT}, default: {statusCode: 200}}}\n"
	"      responses: {'200': {description: x, headers: {X: {}}}}\n"
	"    post:\n"
	"      security: [{req: []}]\n"
	"      requestBody: {content: {application/json: {schema: {$ref: "
	"'#/components/schemas/Pet'}}}}\n"
	"      x-amazon-apigateway-request-validator: a\n"
	"      x-amazon-apigateway-integration: {type: aws, passthroughBehavior: never, uri: "
	"'arn:aws:apigateway:us-east-1:sqs:path/1/q', requestTemplates: {application/json: "
	"\"#set($a = 1)\\n  \\n$a\\t'\"}, contentHandling: CONVERT_TO_BINARY}\n"
	"    put: {security: [{pool: [s]}], x-amazon-apigateway-integration: {type: aws_proxy, "
	"httpMethod: POST, responseTransferMode: STREAM, uri: "
	"'arn:aws:lambda:us-east-1:1:function:f'}}\n"
	"    patch: {security: [{jwt: [t]}], x-amazon-apigateway-integration: {type: http_proxy, "
	"connectionType: VPC_LINK, connectionId: lb}}\n"
	"  /b: {x-amazon-apigateway-any-method: {security: [{iam: []}], "
	"x-amazon-apigateway-integration: {type: mock}}}\n";

static const char http_document[] =
	"openapi: 3.0.1\n"
	"info: {title: Pets, version: '1'}\n"
	"x-amazon-apigateway-importexport-version: '1.0'\n"
	"x-amazon-apigateway-cors: {allowOrigins: ['https://a.example'], allowMethods: [GET], "
	"allowHeaders: ['*'], exposeHeaders: [x], maxAge: 0, allowCredentials: true}\n"
	"components:\n"
	"  securitySchemes:\n"
	"    fn: {type: apiKey, name: x, in: header, x-amazon-apigateway-authorizer: {type: "
	"request, authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true, "
	"identitySource: $request.header.x, authorizerUri: "
	"'arn:aws:lambda:us-east-1:1:function:f'}}\n"
	"paths:\n"
	"  /$default: {x-amazon-apigateway-any-method: {isDefaultRoute: true, "
	"x-amazon-apigateway-integration: {type: aws_proxy, payloadFormatVersion: '2.0', uri: "
	"'arn:aws:lambda:us-east-1:1:function:f'}}}\n"
	"  /p: \n"
	"    get: {security: [{fn: []}], x-amazon-apigateway-integration: {type: http_proxy, "
	"httpMethod: GET, payloadFormatVersion: '1.0', uri: 'http://127.0.0.1:9/', "
	"requestParameters: {append:header.a: b}, responseParameters: {'200': {remove:header.c: "
	"\"''\"}}}}\n"
	"    post: {x-amazon-apigateway-integration: {type: http_proxy, payloadFormatVersion: "
	"'1.0', uri: 'http://127.0.0.1:9/'}}\n";

static struct node *parse(struct arena *a, const char *text)
{
	struct node *root;
	struct diags d = {0};

	if (!def_parse(a, "doc", (struct slice){text, strlen(text)}, &root, &d))
		fail_msg("%s:%d: %s in\n%s", d.items[0].pos.file, d.items[0].pos.line,
			 diags_first(&d), text);
	return root;
}

/* The document that is exported of a document. */
static struct node *exported(struct arena *a, const struct node *root, enum gw_type type)
{
	static struct gateway g;
	const struct openapi_options o = {.region = "us-east-1", .account = "1"};
	struct gw_api api = {.id = "shop", .type = type, .file = "doc"};
	struct diags d = {0};

	g.region = "us-east-1";
	g.account = "1";
	if (!openapi_load(&api, a, root, &o, &d))
		fail_msg("%d: %s", d.items[0].pos.line, diags_first(&d));
	struct node *out = export_api(a, &g, &api, "dev");

	gw_api_clear(&api);
	diags_clear(&d);
	return out;
}

static void an_export_loads_as_the_same_api(void **state)
{
	static const struct {
		const char *text;
		enum gw_type type;
	} cases[] = {{rest_document, GW_REST}, {http_document, GW_HTTP}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = {0};
		struct str first = {0}, second = {0}, yaml = {0};
		struct node *once = exported(&a, parse(&a, cases[i].text), cases[i].type);

		json_write(&first, once);
		struct node *twice = exported(&a, parse(&a, str_c(&first)), cases[i].type);

		json_write(&second, twice);
		assert_string_equal(str_c(&first), str_c(&second));
		export_yaml(&yaml, once);
		str_reset(&second);
		json_write(&second, parse(&a, str_c(&yaml)));
		assert_string_equal(str_c(&first), str_c(&second));
		str_clear(&first);
		str_clear(&second);
		str_clear(&yaml);
		arena_clear(&a);
	}
}

/* What was written by hand is in the export: both would agree on a member that was lost. */
static void an_export_leaves_nothing_out(void **state)
{
	static const char *const members[] = {
		"\"title\":\"yes\"",
		"\"statusCode\":418",
		"\"gatewayresponse.header.X\":\"'1'\"",
		"\"no\\n  way \"",
		"arn:aws:execute-api:us-east-1:1:shop/*",
		"\"x-amazon-apigateway-api-key-source\":\"AUTHORIZER\"",
		"\"x-amazon-apigateway-minimum-compression-size\":0",
		"\"required\":[\"true\",\"1\"],\"maximum\":1.50,\"items\":[],\"not\":{}",
		"function:f:live/invocations",
		"\"identityValidationExpression\":\"a.c\"",
		"\"authorizerResultTtlInSeconds\":5",
		"userpool/eu-west-1_X",
		"\"defaultAlgorithms\":[\"ES256\"],\"issuers\":[{\"issuer\":\"https://i.example\"",
		"\"audiences\":[\"b\"],\"additionalClaims\":[{\"claimName\":\"team\","
		"\"format\":\"SINGLE_STRING\",\"expectedValues\":[\"red\"],\"required\":true}]",
		"\"cacheNamespace\":\"n\"",
		"\"insecureSkipVerification\":true",
		"\"timeoutInMillis\":500",
		"\"contentHandling\":\"CONVERT_TO_TEXT\"",
		"\"passthroughBehavior\":\"never\"",
		"\"body-only\"",
		"\"connectionId\":\"lb\"",
		"\"responseTransferMode\":\"STREAM\"",
		"\"security\":[{\"pool\":[\"s\"]}]",
		"\"security\":[{\"tok\":[]},{\"api_key\":[]}]",
		"\"x-amazon-apigateway-any-method\"",
		"\"awsSigv4\"",
	};
	struct arena a = {0};
	struct str all = {0};

	(void)state;
	json_write(&all, exported(&a, parse(&a, rest_document), GW_REST));
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!strstr(str_c(&all), members[i]))
			fail_msg("%s is not in %s", members[i], str_c(&all));
	str_clear(&all);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_change_nothing_until_they_are_deployed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_stage_can_go_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_canary_takes_new_deployments, setup, teardown),
		cmocka_unit_test_setup_teardown(what_follows_its_file_is_not_deployed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(damage_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_state_folder_the_file_is_served, setup,
						teardown),
		cmocka_unit_test_setup_teardown(old_deployments_go, setup, teardown),
		cmocka_unit_test(an_export_loads_as_the_same_api),
		cmocka_unit_test(an_export_leaves_nothing_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
