/* t_vtl.c -- mapping templates: what API Gateway adds to Velocity, where errors are, bounds. What
 * Velocity itself does is compared with Velocity (tests/oracle). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "gateway/vtl.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* The template rendered for the world's exchange; "!" and the error where there is one. In out. */
static const char *rendered(struct world *w, struct vtl_env env, const char *template,
			    struct str *out)
{
	struct diags d = {0};
	const char *error = NULL;
	const struct vtl *t = vtl_compile(&w->arena, "t", 1, template, strlen(template), &d);
	str_reset(out);
	env.arena = &w->arena;
	env.x = &w->x;
	if (!t || !vtl_run(t, &env, out, &error)) {
		str_reset(out);
		str_addf(out, "!%s", t ? error : diags_first(&d));
	}
	diags_clear(&d);
	return str_c(out);
}

static const char *const body = "{\"a\": {\"b\": \"x/\xe2\x82\xac\", \"n\": 1.50, \"none\": null},"
				" \"list\": [\"p/q\", {\"k\": 1}], \"empty\": \"\"}";

static const struct {
	const char *template, *want;
} cases[] = {
	/* $input */
	{"$input.body.length()", "84"},
	{"$input.path('$.a')", "{b=x/\xe2\x82\xac, n=1.5, none=null}"},
	{"$input.path('$.list')", "[\"p\\/q\",{\"k\":1}]"},
	{"$input.path('$.list')[1]", "{k=1}"},
	{"$input.path('$.list').size()", "2"},
	{"$input.json('$.list')", "[\"p/q\",{\"k\":1}]"},
	{"$input.json('$.a.b')", "\"x/\\u20AC\""},
	{"$input.json('$.zip')", "\"\""},
	{"[$input.path('$.zip')]", "[]"},
	{"[$input.path('$.a.none')]", "[]"},
	{"$input.path('$..k')", "[1]"},
	{"#set($r = $input.path('$'))#foreach($i in $r.list)$i#end", "p/q{k=1}"},
	{"$input.params('id') $input.params('q') $input.params('X-Name') [$input.params('zip')]",
	 "7 1 v []"},
	{"$input.params().path $input.params().querystring.get('q')", "{id=7} 1"},
	{"$input.params().header.get('X-Name') $input.params().header.get('x-name')", "v "},
	{"$input.params().header.keySet()", "[Host, X-Name]"},
	{"[$input] [$input.zip] [$input.keySet()] [$util] [$util.toJson(1)]", "[] [] [] [] []"},
	{"$input.path('$.a', 1)$input.json()", ""},
	{"$input.path('$[')", "!path: InvalidPathException: "},
	/* null is empty, and equal to the empty text */
	{"[$nope] [$!nope] [${nope.x}] [\\$nope]", "[] [] [] [\\$nope]"},
	{"#if($nope == '')T#{else}F#end#if($nope != '')T#{else}F#end#if('' == $nope)T#end", "TFT"},
	{"#if($nope == $none)T#end#if($nope)T#{else}F#end#if($input.path('$.empty'))T#end", "TFT"},
	{"#set($x = 'a' + $nope)$x", "a$nope"},
	/* $context */
	{"$context.stage $context.httpMethod $context.identity.sourceIp", "dev GET 127.0.0.1"},
	{"$context.get('stage') $context.keySet().contains('requestId')", "dev true"},
	{"[$context.zip] [$context.identity.zip] [$context.authorizer.x]", "[] [] []"},
	{"[$context.requestOverride] [$context.responseOverride.header]", "[] []"},
	{"$context.requestOverride.keySet() $context.responseOverride.keySet()",
	 "[header, path, querystring] [header]"},
	/* $stageVariables */
	{"$stageVariables.v ${stageVariables['v']} $stageVariables.get('v') [$stageVariables.w]",
	 "one one one []"},
	/* $util */
	{"$util.escapeJavaScript($input.params('quote')).replaceAll(\"\\\\'\", \"'\")", "it's"},
	{"$util.escapeJavaScript($nope) [$util.urlEncode($nope)] [$util.base64Encode($nope)]",
	 "null [] []"},
	{"$util.urlEncode('a b') $util.urlDecode('a+b') $util.base64Encode('a')", "a+b a b YQ=="},
	{"$util.parseJson('{\"a\":[1,{\"b\":true}]}').a[1].b", "true"},
	{"$util.parseJson('{')", "!parseJson: this is not JSON"},
	{"$util.urlDecode('%')", "!urlDecode: \"%\" cannot be decoded"},
	{"$util.base64Decode('!')", "!base64Decode: \"!\" cannot be decoded"},
	/* loops end at 1000 turns */
	{"#foreach($i in [1..2000])#if(!$foreach.hasNext || $i == 1000)$i#end#end", "1000"},
	{"#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end", "1,2,3"},
	/* what throws */
	{"$input.path('$.list')[5]", "!get: index 5 is out of bounds for length 2"},
	{"#include('x')", "!#include: there are no files here"},
};

static void set_up(struct world *w)
{
	world_init(w);
	world_ask(w, "GET", "/?q=1", "");
	world_header(w, "Host", "h");
	world_header(w, "X-Name", "v");
	gw_query_parse(&w->arena, "q=0&q=1&quote=it's", &w->x.query);
	gw_params_add(&w->arena, &w->x.path_params, "id", "7");
	gw_params_add(&w->arena, &w->x.variables, "v", "one");
}

static void test_gateway(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	set_up(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vtl_env env = {.body = {body, strlen(body)}};
		const char *got = rendered(&w, env, cases[i].template, &out);
		bool prefix = *cases[i].want == '!' && str_starts(got, cases[i].want);
		if (!prefix && !str_eq(got, cases[i].want))
			print_error("%s\n", cases[i].template);
		if (!prefix)
			assert_string_equal(got, cases[i].want);
	}
	str_clear(&out);
	world_clear(&w);
}

/* Payloads that are empty, no JSON, broken. */
static void test_bodies(void **state)
{
	(void)state;
	static const struct {
		const char *body, *template, *want;
	} rows[] = {
		{"", "$input.body $input.json('$') [$input.path('$.a')]", "{} {} []"},
		{"some raw data", "$input.body [$input.body.x] $input.path('$')",
		 "some raw data [] some raw data"},
		{"some raw data", "$input.json('$.a') $input.json('$')", "\"\" \"some raw data\""},
		{"\"a=b\"", "$input.path('$') $input.json('$')", "a=b \"a=b\""},
		{"{", "$input.json('$')", "\"\""},
		{"{", "$input.path('$')", "!path: the payload is not JSON"},
		{"\xff", "$input.body", "\xef\xbf\xbd"},
		{"[1,[2]]", "$input.path('$') $input.path('$')[1][0]", "[1,[2]] 2"},
		{"7", "#set($n = $input.path('$') + 1)$n", "8"},
		{"1.23456789012345678901", "$input.path('$')", "1.23456789012345678901"},
	};
	struct world w;
	struct str out = {0};
	set_up(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct vtl_env env = {.body = {rows[i].body, strlen(rows[i].body)}};
		assert_string_equal(rendered(&w, env, rows[i].template, &out), rows[i].want);
	}
	str_clear(&out);
	world_clear(&w);
}

static const char *written(const struct node *n, struct str *out)
{
	str_reset(out);
	if (n)
		json_write(out, n);
	return str_c(out);
}

static void test_overrides(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	set_up(&w);
	struct vtl_env env = {.body = {"", 0}};
	assert_string_equal(rendered(&w, env, "plain $context.stage", &out), "plain dev");
	assert_null(w.x.request_override);
	assert_string_equal(
		rendered(&w, env,
			 "#set($context.requestOverride.header.X-Y = 'a')"
			 "#set($context.requestOverride.querystring[\"q\"] = ['b', 2])"
			 "#set($context.responseOverride.status = 404)"
			 "#set($context.responseOverride.header['Content-Type'] = $nope)",
			 &out),
		"");
	assert_string_equal(
		written(w.x.request_override, &out),
		"{\"header\":{\"X-Y\":\"a\"},\"path\":{},\"querystring\":{\"q\":[\"b\",2]}}");
	assert_string_equal(written(w.x.response_override, &out), "{\"header\":{},\"status\":404}");
	/* the next template sees them, and they are kept */
	assert_string_equal(rendered(&w, env,
				     "$context.requestOverride.header.X-Y"
				     "$context.responseOverride.status"
				     "#set($context.requestOverride.path.p = 'z')",
				     &out),
			    "a404");
	assert_string_equal(written(node_get(w.x.request_override, "path"), &out), "{\"p\":\"z\"}");
	assert_string_equal(written(node_get(w.x.request_override, "header"), &out),
			    "{\"X-Y\":\"a\"}");
	/* a template sets one once; it may set anew what an earlier template has set */
	assert_string_equal(rendered(&w, env,
				     "#set($context.responseOverride.status = 400)"
				     "#set($context.responseOverride.header.a = 'b')",
				     &out),
			    "");
	assert_ptr_equal(strchr(rendered(&w, env,
					 "#set($context.requestOverride.header.b = 1)"
					 "#set($context.requestOverride.header['b'] = 2)",
					 &out),
				'!'),
			 str_c(&out));
	assert_non_null(strstr(str_c(&out), "set twice"));
	str_clear(&out);
	world_clear(&w);
}

static void test_context_given(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	set_up(&w);
	struct node *map = node_new(&w.arena, NODE_MAP);
	node_set(&w.arena, map, "stage", node_new_text(&w.arena, "other"));
	struct vtl_env env = {.context = map};
	assert_string_equal(rendered(&w, env, "$context.stage [$context.httpMethod]", &out),
			    "other []");
	str_clear(&out);
	world_clear(&w);
}

/* Plain Velocity: what is null prints as it is written, our own names are there but for the asking.
 */
static void test_plain(void **state)
{
	(void)state;
	struct world w;
	struct str out = {0};
	set_up(&w);
	struct node *vars = node_new(&w.arena, NODE_MAP);
	node_set(&w.arena, vars, "x", node_new_text(&w.arena, "1"));
	struct vtl_env env = {.vars = vars};
	assert_string_equal(rendered(&w, env, "$x $y $!y $input.body $context.stage $util", &out),
			    "1 $y  $input.body $context.stage $util");
	assert_string_equal(rendered(&w, env, "$util.urlEncode('a b')", &out), "a+b");
	assert_string_equal(rendered(&w, env, "#if($y == '')T#{else}F#end", &out), "F");
	assert_string_equal(
		rendered(&w, env, "#foreach($i in [1..2000])#if($i > 1999)$i#end#end", &out),
		"2000");
	str_clear(&out);
	world_clear(&w);
}

static void test_errors(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int line, col;
		const char *code;
	} rows[] = {
		{"#if($a", 7, 7, "vtl-syntax"},   {"x\n\xc3\xa9 #end", 8, 3, "vtl-syntax"},
		{"$a.b(1", 7, 7, "vtl-syntax"},   {"#set($a = 1 ^ 2)", 7, 13, "vtl-syntax"},
		{"#foreach", 7, 1, "vtl-syntax"}, {"#set($a = \"$b.c(\")", 7, 11, "vtl-syntax"},
		{"ok \xff", 7, 4, "vtl-utf8"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = {0};
		struct diags d = {0};
		assert_null(vtl_compile(&a, "f", 7, rows[i].text, strlen(rows[i].text), &d));
		assert_int_equal(d.count, 1);
		assert_string_equal(d.items[0].code, rows[i].code);
		assert_string_equal(d.items[0].pos.file, "f");
		assert_int_equal(d.items[0].pos.line, rows[i].line);
		assert_int_equal(d.items[0].pos.col, rows[i].col);
		diags_clear(&d);
		arena_clear(&a);
	}
}

static void test_too_large(void **state)
{
	(void)state;
	struct arena a = {0};
	struct diags d = {0};
	char *text = malloc(MAX_TEMPLATE_BYTES + 1);
	memset(text, 'x', MAX_TEMPLATE_BYTES + 1);
	assert_non_null(vtl_compile(&a, NULL, 1, text, MAX_TEMPLATE_BYTES, &d));
	assert_null(vtl_compile(&a, NULL, 1, text, MAX_TEMPLATE_BYTES + 1, &d));
	assert_string_equal(d.items[0].code, "vtl-too-large");
	free(text);
	diags_clear(&d);
	arena_clear(&a);
}

static void test_constant(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want; /* NULL: not constant */
	} rows[] = {
		{"", ""},
		{"{\"statusCode\": 200}", "{\"statusCode\": 200}"},
		{"a ## comment\nb#* c *#d", "a bd"},
		{"#[[$x]]# $ 5", "$x $ 5"},
		{"$x", NULL},
		{"#set($a = 1)", NULL},
		{"\\#if", "#if"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = {0};
		struct slice text;
		const struct vtl *t =
			vtl_compile(&a, NULL, 1, rows[i].text, strlen(rows[i].text), NULL);
		assert_non_null(t);
		assert_int_equal(vtl_constant(t, &text), rows[i].want != NULL);
		if (rows[i].want) {
			assert_int_equal(text.len, strlen(rows[i].want));
			assert_memory_equal(text.p, rows[i].want, text.len);
		}
		arena_clear(&a);
	}
}

/* Each would take minutes or gigabytes. */
static void test_hostile(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])"
		 "#end#end#end",
		 "!the template takes too long"},
		{"#set($s = 'xxxxxxxxxxxxxxxx')#foreach($i in [1..60])#set($s = \"$s$s\")#end",
		 "!the "},
		{"#foreach($i in [0..2000000000])$i#end", "!a range of 2000000001 numbers"},
		{"#macro(r)x#r()#end#r()", "!macros call one another more than 20 deep"},
		{"#macro(d $a)#if($a)#d(\"$a$a\")#end#end#d('x')", "!"},
		{"#set($l = [])#foreach($i in [1..1000])#set($l = [$l])#end$l",
		 "!the template goes too deep"},
		{"#set($l = [])#foreach($i in [1..100])#set($l = [$l, $l])#end$l.hashCode()",
		 "!the template takes too long"},
		{"#set($x = 'a')$x.repeat(2000000000)", "!the template takes more than"},
		{"#foreach($i in [1..1000])#foreach($j in "
		 "[1..1000])xxxxxxxxxxxxxxxxxxxxxxxx#end#end",
		 "!the output is larger than"},
		{"#evaluate('#evaluate(\"$x\")')#set($x = '#evaluate($x)')#evaluate($x)",
		 "!the template goes too deep"},
		{"#set($x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')$x.replaceAll('(a+)+$', 'b')",
		 "!"},
	};
	struct world w;
	struct str out = {0};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		set_up(&w);
		const char *got =
			rendered(&w, (struct vtl_env){.body = {"", 0}}, rows[i].text, &out);
		if (!str_starts(got, rows[i].want))
			print_error("%s\n gives %.100s\n", rows[i].text, got);
		assert_true(str_starts(got, rows[i].want));
		assert_true(w.arena.total < 2 * MAX_VTL_MEMORY);
		world_clear(&w);
	}
	str_clear(&out);
}

static void test_too_deep(void **state)
{
	(void)state;
	struct arena a = {0};
	struct diags d = {0};
	struct str text = {0};
	str_add(&text, "#if(");
	for (int i = 0; i < 100000; i++)
		str_addc(&text, '(');
	assert_null(vtl_compile(&a, NULL, 1, text.p, text.len, &d));
	assert_non_null(strstr(diags_first(&d), "too deep"));
	str_clear(&text);
	diags_clear(&d);
	arena_clear(&a);
}

/* A compiled template is not changed by its runs: not by macros or variables of #evaluate. */
static void test_runs_apart(void **state)
{
	(void)state;
	static const char text[] = "[$v][#m()]#evaluate('#set($v = 1)#macro(m)x#end#m()')[$v]";
	struct arena compiled = {0};
	const struct vtl *t = vtl_compile(&compiled, NULL, 1, text, sizeof(text) - 1, NULL);
	size_t before = compiled.total;
	for (int i = 0; i < 3; i++) {
		struct world w;
		struct str out = {0};
		const char *error;
		set_up(&w);
		struct vtl_env env = {.arena = &w.arena, .x = &w.x};
		assert_true(vtl_run(t, &env, &out, &error));
		assert_string_equal(str_c(&out), "[][#m()]x[1]");
		str_clear(&out);
		world_clear(&w);
	}
	assert_int_equal(compiled.total, before);
	arena_clear(&compiled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gateway),    cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_overrides),  cmocka_unit_test(test_context_given),
		cmocka_unit_test(test_plain),      cmocka_unit_test(test_errors),
		cmocka_unit_test(test_too_large),  cmocka_unit_test(test_constant),
		cmocka_unit_test(test_hostile),    cmocka_unit_test(test_too_deep),
		cmocka_unit_test(test_runs_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
