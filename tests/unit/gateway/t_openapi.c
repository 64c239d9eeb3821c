/* t_openapi.c -- OpenAPI documents into the model of api.h: what becomes of paths, integrations,
 * security, parameters, bodies, policies, routes. Diagnostics have goldens (t_definition.c). */
#include "gateway/deffile.h"
#include "gateway/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct doc {
	struct arena arena;
	struct gw_api api;
	struct diags d;
	bool ok;
};

static void load(struct doc *doc, enum gw_type type, enum openapi_basepath basepath,
		 const char *text)
{
	const struct gw_param keys[] = {
		{"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X", "/keys.json"}};
	struct openapi_options o = {.basepath = basepath,
				    .region = "eu-west-1",
				    .account = "111122223333",
				    .jwks = keys,
				    .jwks_count = 1};
	struct node *root;

	*doc = (struct doc){.api = {.id = "shop", .type = type, .file = "shop.yaml"}};
	assert_true(def_parse(&doc->arena, "shop.yaml", (struct slice){text, strlen(text)}, &root,
			      &doc->d));
	doc->ok = openapi_load(&doc->api, &doc->arena, root, &o, &doc->d);
	if (!doc->ok && doc->d.errors == 0)
		fail_msg("failed without an error");
}

static void load_fine(struct doc *doc, enum gw_type type, enum openapi_basepath basepath,
		      const char *text)
{
	load(doc, type, basepath, text);
	if (!doc->ok)
		fail_msg("%s", diags_first(&doc->d));
}

static void doc_clear(struct doc *doc)
{
	gw_api_clear(&doc->api);
	arena_clear(&doc->arena);
	diags_clear(&doc->d);
}

#define HEAD "openapi: 3.0.1\ninfo: {title: Shop, version: '1'}\n"
#define MOCK "x-amazon-apigateway-integration: {type: mock}"

static const struct gw_resource *resource(const struct doc *doc, const char *path)
{
	for (size_t i = 0; i < doc->api.resource_count; i++)
		if (str_eq(doc->api.resources[i]->path, path))
			return doc->api.resources[i];
	return NULL;
}

static const struct gw_method *method(const struct doc *doc, const char *path, const char *verb)
{
	const struct gw_resource *r = resource(doc, path);

	for (size_t i = 0; r && i < r->method_count; i++)
		if (str_eq(r->methods[i].verb, verb))
			return &r->methods[i];
	fail_msg("no %s %s", verb, path);
	return NULL;
}

static void paths_become_a_tree(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_REST, OPENAPI_IGNORE,
		  HEAD "paths:\n"
		       "  /pets/{id+}: {get: {" MOCK "}}\n"
		       "  /pets/dog: {x-amazon-apigateway-any-method: {" MOCK "}}\n"
		       "  /pets: {post: {" MOCK "}}\n"
		       "  /: {get: {" MOCK "}}\n");
	assert_string_equal(doc.api.name, "Shop");
	assert_int_equal(doc.api.resource_count, 4);
	assert_string_equal(doc.api.resources[0]->path, "/");
	assert_ptr_equal(doc.api.root, doc.api.resources[0]);
	const struct gw_resource *pets = doc.api.root->child;

	assert_string_equal(pets->path, "/pets");
	assert_string_equal(pets->child->part, "dog"); /* literals first */
	assert_string_equal(pets->child->methods[0].verb, "ANY");
	assert_string_equal(pets->child->next->variable, "id");
	assert_true(pets->child->next->greedy);
	assert_null(pets->child->next->next);
	assert_int_equal(strlen(pets->id), 6);
	assert_int_equal(strlen(doc.api.root->id), 10);
	assert_string_not_equal(pets->id, pets->child->id);
	doc_clear(&doc);
}

static void the_base_path_is_used_as_asked(void **state)
{
	static const struct {
		enum openapi_basepath mode;
		const char *head, *path;
	} cases[] = {
		{OPENAPI_IGNORE, HEAD "servers: [{url: 'https://a.example/base/part/'}]\n", "/x"},
		{OPENAPI_PREPEND, HEAD "servers: [{url: 'https://a.example/base/part/'}]\n",
		 "/base/part/x"},
		{OPENAPI_SPLIT, HEAD "servers: [{url: 'https://a.example/base/part/'}]\n",
		 "/part/x"},
		{OPENAPI_SPLIT, HEAD "servers: [{url: 'https://a.example/base'}]\n", "/x"},
		{OPENAPI_PREPEND, HEAD "servers: [{url: 'https://a.example'}]\n", "/x"},
		{OPENAPI_PREPEND,
		 HEAD "servers: [{url: 'https://a.example/{basePath}', variables: {basePath: "
		      "{default: /v1}}}]\n",
		 "/v1/x"},
		{OPENAPI_PREPEND,
		 "swagger: '2.0'\ninfo: {title: S, version: '1'}\nbasePath: /a/b\n", "/a/b/x"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct doc doc;
		struct arena a = {0};

		load_fine(&doc, GW_REST, cases[i].mode,
			  arena_printf(&a, "%spaths: {/x: {get: {" MOCK "}}}\n", cases[i].head));
		method(&doc, cases[i].path, "GET");
		doc_clear(&doc);
		arena_clear(&a);
	}
}

static void functions_are_found_in_uris(void **state)
{
	static const struct {
		const char *uri, *function, *action;
		bool stream;
	} cases[] = {
		{"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:"
		 "us-east-1:000000000000:function:fn/invocations",
		 "fn", NULL, false},
		{"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:"
		 "us-east-1:000000000000:function:fn:live/invocations",
		 "fn:live", NULL, false},
		{"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:"
		 "us-east-1:000000000000:function:${stageVariables.fn}/invocations",
		 "${stageVariables.fn}", NULL, false},
		{"arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Shop.Arn}/"
		 "invocations",
		 "Shop", NULL, false},
		{"arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:"
		 "us-east-1:000000000000:function:fn/response-streaming-invocations",
		 "fn", NULL, true},
		{"arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", NULL,
		 "dynamodb:action/PutItem", false},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct doc doc;
		struct arena a = {0};

		load_fine(&doc, GW_REST, OPENAPI_IGNORE,
			  arena_printf(&a,
				       HEAD "paths: {/x: {get: {x-amazon-apigateway-integration: "
					    "{type: AWS, httpMethod: POST, uri: '%s'}}}}\n",
				       cases[i].uri));
		const struct gw_integration *t = method(&doc, "/x", "GET")->integration;

		assert_int_equal(t->type, GW_AWS);
		assert_true(str_eq(t->function, cases[i].function));
		assert_true(str_eq(t->service_action, cases[i].action));
		assert_int_equal(t->stream, cases[i].stream);
		assert_int_equal(t->timeout_ms, cases[i].stream ? 900000 : 29000);
		doc_clear(&doc);
		arena_clear(&a);
	}
}

static void integration_responses_are_tried_by_status(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_REST, OPENAPI_IGNORE,
		  HEAD "paths:\n"
		       "  /x:\n"
		       "    get:\n"
		       "      x-amazon-apigateway-integration:\n"
		       "        type: http\n"
		       "        uri: http://127.0.0.1:9000/\n"
		       "        responses:\n"
		       "          default: {statusCode: 200}\n"
		       "          \"5\\\\d\\\\d\": {statusCode: \"502\"}\n"
		       "          \"404\": {statusCode: 404, contentHandling: CONVERT_TO_TEXT}\n"
		       "          \"4\\\\d\\\\d\": {statusCode: 404}\n");
	const struct gw_integration *t = method(&doc, "/x", "GET")->integration;

	assert_int_equal(t->response_count, 4);
	assert_string_equal(t->responses[0].pattern, "404");
	assert_int_equal(t->responses[0].content, GW_TO_TEXT);
	assert_string_equal(t->responses[1].pattern, "4\\d\\d");
	assert_int_equal(t->responses[2].status, 502);
	assert_int_equal(regex_match(t->responses[2].re, "503", 3), REGEX_YES);
	assert_int_equal(regex_match(t->responses[2].re, "5030", 4), REGEX_NO);
	assert_null(t->responses[3].re);
	assert_int_equal(t->responses[3].status, 200);
	doc_clear(&doc);
}

static const char secured[] = HEAD
	"components:\n"
	"  securitySchemes:\n"
	"    key: {type: apiKey, name: X-Api-Key, in: header}\n"
	"    iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: "
	"awsSigv4}\n"
	"    tok:\n"
	"      type: apiKey\n"
	"      name: X-Token\n"
	"      in: header\n"
	"      x-amazon-apigateway-authorizer: {type: token, identityValidationExpression: 'a.c', "
	"authorizerUri: 'arn:aws:lambda:us-east-1:1:function:auth'}\n"
	"    req:\n"
	"      type: apiKey\n"
	"      name: Unused\n"
	"      in: header\n"
	"      x-amazon-apigateway-authorizer: {type: request, authorizerResultTtlInSeconds: 7, "
	"identitySource: 'method.request.header.A, stageVariables.b', authorizerUri: "
	"'arn:aws:lambda:us-east-1:1:function:auth'}\n"
	"    pool:\n"
	"      type: apiKey\n"
	"      name: Authorization\n"
	"      in: header\n"
	"      x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: "
	"['arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_X']}\n"
	"paths:\n"
	"  /a: {get: {security: [{tok: []}, {key: []}], " MOCK "}}\n"
	"  /b: {get: {security: [{req: []}], " MOCK "}}\n"
	"  /c: {get: {security: [{pool: [read, write]}], " MOCK "}}\n"
	"  /d: {get: {security: [{iam: []}], " MOCK "}}\n"
	"  /e: {get: {x-amazon-apigateway-auth: {type: AWS_IAM}, " MOCK "}}\n"
	"  /f: {get: {" MOCK "}}\n";

static void security_becomes_authorization(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_REST, OPENAPI_IGNORE, secured);
	const struct gw_method *a = method(&doc, "/a", "GET"), *b = method(&doc, "/b", "GET");
	const struct gw_method *c = method(&doc, "/c", "GET");

	assert_int_equal(a->auth, GW_AUTH_CUSTOM);
	assert_true(a->api_key);
	assert_int_equal(a->authorizer->kind, GW_TOKEN);
	assert_string_equal(a->authorizer->function, "auth");
	assert_string_equal(a->authorizer->identity[0], "method.request.header.X-Token");
	assert_int_equal(a->authorizer->ttl_s, 300);
	assert_int_equal(regex_match(a->authorizer->validation_re, "abc", 3), REGEX_YES);
	assert_int_equal(regex_match(a->authorizer->validation_re, "abcd", 4), REGEX_NO);
	assert_int_equal(b->authorizer->identity_count, 2);
	assert_string_equal(b->authorizer->identity[1], "stageVariables.b");
	assert_int_equal(b->authorizer->ttl_s, 7);
	assert_int_equal(c->auth, GW_AUTH_COGNITO);
	assert_int_equal(c->scope_count, 2);
	assert_string_equal(c->scopes[1], "write");
	assert_string_equal(c->authorizer->issuers[0].issuer,
			    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X");
	assert_string_equal(c->authorizer->issuers[0].jwks_file, "/keys.json");
	assert_int_equal(method(&doc, "/d", "GET")->auth, GW_AUTH_IAM);
	assert_int_equal(method(&doc, "/e", "GET")->auth, GW_AUTH_IAM);
	assert_int_equal(method(&doc, "/f", "GET")->auth, GW_AUTH_NONE);
	doc_clear(&doc);
}

static void requests_are_described(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_REST, OPENAPI_IGNORE,
		  HEAD "x-amazon-apigateway-request-validators:\n"
		       "  all: {validateRequestBody: true, validateRequestParameters: true}\n"
		       "  body: {validateRequestBody: true}\n"
		       "x-amazon-apigateway-request-validator: all\n"
		       "components:\n"
		       "  parameters: {Q: {name: q, in: query, required: true}}\n"
		       "  schemas:\n"
		       "    Pet: {type: object, example: {a: 1}, properties: {example: {type: "
		       "string}}, enum: [{example: 1}]}\n"
		       "paths:\n"
		       "  /x:\n"
		       "    parameters: [{name: X-H, in: header}]\n"
		       "    post:\n"
		       "      parameters: [{$ref: '#/components/parameters/Q'}]\n"
		       "      requestBody:\n"
		       "        content:\n"
		       "          application/json: {schema: {$ref: '#/components/schemas/Pet'}}\n"
		       "          text/json: {schema: {type: string, minLength: 3}}\n"
		       "      responses: {'201': {description: made, headers: {Location: {}}}}\n"
		       "      " MOCK "\n"
		       "    put:\n"
		       "      x-amazon-apigateway-request-validator: body\n"
		       "      " MOCK "\n");
	const struct gw_method *post = method(&doc, "/x", "POST"), *put = method(&doc, "/x", "PUT");

	assert_true(post->validate_body && post->validate_params);
	assert_true(put->validate_body && !put->validate_params);
	assert_int_equal(post->declared_count, 2);
	assert_int_equal(post->declared[0].where, GW_IN_HEADER);
	assert_true(post->declared[1].required);
	assert_int_equal(post->model_count, 2);
	assert_string_equal(post->models[0].model->name, "Pet");
	const struct node *pet = post->models[0].model->schema;

	assert_null(node_get(pet, "example"));
	assert_non_null(node_get(node_get(pet, "properties"), "example"));
	assert_non_null(node_get(node_get(pet, "enum")->child, "example"));
	assert_int_equal(node_get(post->models[1].model->schema, "minLength")->kind, NODE_NUMBER);
	assert_int_equal(post->responses[0].status, 201);
	assert_string_equal(post->responses[0].headers[0], "Location");
	assert_non_null(gw_api_model(&doc.api, "Empty"));
	assert_non_null(gw_api_model_ref(&doc.api, "https://apigateway.amazonaws.com/restapis/x/"
						   "models/Error"));
	assert_null(gw_api_model_ref(&doc.api, "#/components/schemas/Pets"));
	doc_clear(&doc);
}

static void swagger_bodies_are_read(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_REST, OPENAPI_IGNORE,
		  "swagger: '2.0'\ninfo: {title: S, version: '1'}\n"
		  "consumes: [application/json, text/json]\n"
		  "definitions: {Pet: {type: object}}\n"
		  "securityDefinitions: {k: {type: apiKey, name: x-api-key, in: header}}\n"
		  "x-amazon-apigateway-endpoint-configuration: {types: [PRIVATE], "
		  "disableExecuteApiEndpoint: true}\n"
		  "paths:\n"
		  "  /x:\n"
		  "    post:\n"
		  "      security: [{k: []}]\n"
		  "      parameters: [{in: body, name: b, schema: {$ref: '#/definitions/Pet'}}]\n"
		  "      " MOCK "\n");
	const struct gw_method *m = method(&doc, "/x", "POST");

	assert_int_equal(m->model_count, 2);
	assert_string_equal(m->models[1].type, "text/json");
	assert_string_equal(m->models[1].model->name, "Pet");
	assert_true(m->api_key);
	assert_int_equal(doc.api.endpoint, GW_PRIVATE);
	assert_true(doc.api.no_default_endpoint);
	doc_clear(&doc);
}

static void a_policy_is_spelled_out(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_REST, OPENAPI_IGNORE,
		  HEAD "x-amazon-apigateway-policy: {Statement: [{Effect: Allow, Principal: '*', "
		       "Action: execute-api:Invoke, Resource: 'execute-api:/dev/GET/*'}]}\n"
		       "paths: {}\n");
	assert_string_equal(node_text(node_get(doc.api.policy, "Statement")->child, "Resource"),
			    "arn:aws:execute-api:eu-west-1:111122223333:shop/dev/GET/*");
	doc_clear(&doc);
}

static void http_apis_have_routes(void **state)
{
	struct doc doc;

	(void)state;
	load_fine(&doc, GW_HTTP, OPENAPI_IGNORE,
		  HEAD
		  "x-amazon-apigateway-cors: {allowOrigins: ['https://a.example'], maxAge: 5}\n"
		  "components:\n"
		  "  x-amazon-apigateway-integrations:\n"
		  "    fn: {type: aws_proxy, httpMethod: POST, payloadFormatVersion: '2.0', "
		  "uri: 'arn:aws:lambda:us-east-1:1:function:fn'}\n"
		  "  securitySchemes:\n"
		  "    jwt:\n"
		  "      type: oauth2\n"
		  "      x-amazon-apigateway-authorizer: {type: jwt, jwtConfiguration: {issuer: "
		  "'https://i.example', audience: [a, b]}}\n"
		  "paths:\n"
		  "  /$default:\n"
		  "    x-amazon-apigateway-any-method:\n"
		  "      isDefaultRoute: true\n"
		  "      x-amazon-apigateway-integration: {$ref: "
		  "'#/components/x-amazon-apigateway-integrations/fn'}\n"
		  "  /pets/:\n"
		  "    get:\n"
		  "      security: [{jwt: [read]}]\n"
		  "      x-amazon-apigateway-integration: {$ref: "
		  "'#/components/x-amazon-apigateway-integrations/fn'}\n"
		  "    x-amazon-apigateway-any-method:\n"
		  "      x-amazon-apigateway-integration:\n"
		  "        type: http_proxy\n"
		  "        httpMethod: ANY\n"
		  "        uri: http://127.0.0.1:9000/\n"
		  "        payloadFormatVersion: '1.0'\n"
		  "        requestParameters: {append:header.x: $request.path}\n"
		  "        responseParameters: {'404': {overwrite:statuscode: '200'}}\n");
	const struct gw_route *r = doc.api.routes;

	assert_int_equal(doc.api.route_count, 3);
	assert_string_equal(r[0].key, "$default");
	assert_null(r[0].path);
	assert_string_equal(r[1].key, "GET /pets/");
	assert_ptr_equal(r[0].integration, r[1].integration);
	assert_true(r[0].integration->payload_v2);
	assert_int_equal(r[0].integration->timeout_ms, 30000);
	assert_int_equal(r[1].auth, GW_AUTH_JWT);
	assert_string_equal(r[1].scopes[0], "read");
	assert_string_equal(r[1].authorizer->identity[0], "$request.header.Authorization");
	assert_string_equal(r[1].authorizer->issuers[0].audience[1], "b");
	assert_string_equal(r[2].key, "ANY /pets/");
	assert_string_equal(r[2].integration->params[0].to, "append:header.x");
	assert_int_equal(r[2].integration->responses[0].status, 404);
	assert_int_equal(r[2].integration->responses[0].param_count, 1);
	assert_string_equal(r[2].integration->responses[0].params[0].from, "200");
	assert_int_equal(doc.api.cors->max_age_s, 5);
	doc_clear(&doc);
}

static void the_type_is_guessed(void **state)
{
	static const struct {
		const char *text;
		enum gw_type type;
	} cases[] = {
		{"openapi: 3.0.1\npaths: {}\n", GW_REST},
		{"swagger: '2.0'\npaths: {}\n", GW_REST},
		{"openapi: 3.0.1\nx-amazon-apigateway-importexport-version: '1.0'\n", GW_HTTP},
		{"openapi: 3.0.1\nx-amazon-apigateway-cors: {}\n", GW_HTTP},
		{"openapi: 3.0.1\npaths: {/x: {get: {x-amazon-apigateway-integration: "
		 "{payloadFormatVersion: '2.0'}}}}\n",
		 GW_HTTP},
		{"openapi: 3.0.1\ncomponents: {securitySchemes: {j: "
		 "{x-amazon-apigateway-authorizer: {type: JWT}}}}\n",
		 GW_HTTP},
		{"openapi: 3.0.1\nx-amazon-apigateway-policy: {}\ncomponents: {securitySchemes: "
		 "{j: {x-amazon-apigateway-authorizer: {type: jwt}}}}\n",
		 GW_REST},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = {0};
		struct node *root;

		assert_true(def_parse(&a, "x.yaml",
				      (struct slice){cases[i].text, strlen(cases[i].text)}, &root,
				      NULL));
		assert_true(openapi_is(root));
		assert_int_equal(openapi_guess(root), cases[i].type);
		arena_clear(&a);
	}
}

static void references_that_run_in_a_circle_end(void **state)
{
	struct doc doc;

	(void)state;
	load(&doc, GW_REST, OPENAPI_IGNORE,
	     HEAD "components: {parameters: {A: {$ref: '#/components/parameters/A'}}}\n"
		  "paths: {/x: {get: {parameters: [{$ref: '#/components/parameters/A'}], " MOCK
		  "}}}\n");
	assert_false(doc.ok);
	assert_non_null(strstr(diags_first(&doc.d), "references"));
	doc_clear(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_become_a_tree),
		cmocka_unit_test(the_base_path_is_used_as_asked),
		cmocka_unit_test(functions_are_found_in_uris),
		cmocka_unit_test(integration_responses_are_tried_by_status),
		cmocka_unit_test(security_becomes_authorization),
		cmocka_unit_test(requests_are_described),
		cmocka_unit_test(swagger_bodies_are_read),
		cmocka_unit_test(a_policy_is_spelled_out),
		cmocka_unit_test(http_apis_have_routes),
		cmocka_unit_test(the_type_is_guessed),
		cmocka_unit_test(references_that_run_in_a_circle_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
