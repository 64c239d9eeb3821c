/* t_function.c -- functions of all kinds: what they answer, and what their failures become. */
#include "base/json.h"
#include "gateway/function.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <cmocka.h>

struct world {
	uv_loop_t loop;
	struct client *client;
	struct functions *functions;
	int calls;
	enum gw_call_end end;
	int status;
	bool cold;
	struct str answer, log, message;
};

static void on_done(void *arg, const struct gw_call_result *r)
{
	struct world *w = arg;
	w->calls++;
	w->end = r->end;
	w->status = r->status;
	w->cold = r->cold;
	str_reset(&w->answer);
	str_addn(&w->answer, r->body.p, r->body.len);
	str_reset(&w->log);
	str_add(&w->log, r->log ? r->log : "");
	str_reset(&w->message);
	str_add(&w->message, r->message ? r->message : "");
}

static int make(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	uv_loop_init(&w->loop);
	signal(SIGPIPE, SIG_IGN);
	w->client = client_new(&w->loop);
	const struct functions_options o = {
		.loop = &w->loop,
		.client = w->client,
		.region = "us-east-1",
		.account = "123456789012",
		.path = getenv("PATH"),
		.callback_url = "http://127.0.0.1:8787",
	};
	w->functions = functions_new(&o);
	*state = w;
	return 0;
}

static int unmake(void **state)
{
	struct world *w = *state;
	client_free(w->client);
	functions_free(w->functions);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	str_clear(&w->answer);
	str_clear(&w->log);
	str_clear(&w->message);
	free(w);
	return 0;
}

static void wait_for_calls(struct world *w, int calls)
{
	while (w->calls < calls)
		uv_run(&w->loop, UV_RUN_ONCE);
}

static void run(struct world *w, const struct gw_function *f, const char *event)
{
	const struct gw_function_call c = {
		.function = f, .payload = {event, strlen(event)}, .timeout_ms = 29000};
	int calls = w->calls;
	functions_call(w->functions, &c, on_done, w);
	wait_for_calls(w, calls + 1);
}

static struct gw_function builtin(const char *name)
{
	return (struct gw_function){.name = "f",
				    .kind = GW_BUILTIN,
				    .builtin = name,
				    .timeout_ms = 3000,
				    .memory_mb = 128};
}

/* A trusted command: sh -c SCRIPT. */
static struct gw_function command(const char *script)
{
	static const char *argv[3];
	argv[0] = "sh";
	argv[1] = "-c";
	argv[2] = script;
	return (struct gw_function){.name = "f",
				    .kind = GW_COMMAND,
				    .command = argv,
				    .command_count = 3,
				    .timeout_ms = 10000,
				    .memory_mb = 128,
				    .concurrency = 2,
				    .trusted = true};
}

static void test_builtins(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *name, *event, *want;
		enum gw_call_end end;
	} rows[] = {
		{"ok", "{}", "{\"ok\":true}", GW_CALL_DONE},
		{"ok", "{\"requestContext\":{}}",
		 "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"application/json\"},"
		 "\"body\":\"{\\\"ok\\\":true}\"}",
		 GW_CALL_DONE},
		{"echo", "[1]", "[1]", GW_CALL_DONE},
		{"echo",
		 "{\"requestContext\":{},\"headers\":{\"content-type\":\"text/"
		 "css\"},\"body\":\"a\"}",
		 "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"text/css\"},\"body\":\"a\"}",
		 GW_CALL_DONE},
		{"echo", "{\"requestContext\":{},\"isBase64Encoded\":true,\"body\":\"YQ==\"}",
		 "{\"statusCode\":200,\"headers\":{\"Content-Type\":\"application/json\"},"
		 "\"body\":\"YQ==\",\"isBase64Encoded\":true}",
		 GW_CALL_DONE},
		{"allow", "{\"requestContext\":{}}", "{\"statusCode\":200}", GW_CALL_DONE},
		{"deny", "{\"requestContext\":{}}", "{\"statusCode\":403}", GW_CALL_DONE},
		{"allow",
		 "{\"version\":\"2.0\",\"type\":\"REQUEST\",\"routeArn\":\"arn:x/s/GET/a\"}",
		 "{\"isAuthorized\":true,\"context\":{\"by\":\"builtin\"}}", GW_CALL_DONE},
		{"deny",
		 "{\"type\":\"TOKEN\",\"methodArn\":\"arn:aws:execute-api:r:1:shop/dev/GET/a/b\"}",
		 "{\"principalId\":\"user\",\"policyDocument\":{\"Version\":\"2012-10-17\","
		 "\"Statement\":[{\"Action\":\"execute-api:Invoke\",\"Effect\":\"Deny\","
		 "\"Resource\":\"arn:aws:execute-api:r:1:shop/dev/"
		 "*\"}]},\"context\":{\"by\":\"builtin\"}}",
		 GW_CALL_DONE},
		{"unauthorized", "{}",
		 "{\"errorMessage\":\"Unauthorized\",\"errorType\":\"Error\",\"trace\":[]}",
		 GW_CALL_ERROR},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct gw_function f = builtin(rows[i].name);
		run(w, &f, rows[i].event);
		assert_int_equal(w->end, rows[i].end);
		assert_string_equal(str_c(&w->answer), rows[i].want);
	}
}

static void test_every_builtin_ends(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < builtin_count; i++) {
		struct gw_function f = builtin(builtins[i].name);
		f.timeout_ms = 50;
		run(w, &f, "not even JSON");
		assert_true(builtins[i].help[0] != '\0');
	}
	struct gw_function big = builtin("big");
	run(w, &big, "{}");
	assert_int_equal(w->end, GW_CALL_ERROR);
	assert_non_null(strstr(str_c(&w->answer), "Function.ResponseSizeTooLarge"));
	struct gw_function crash = builtin("crash");
	run(w, &crash, "{}");
	assert_int_equal(w->end, GW_CALL_CRASHED);
}

static void test_time_limits(void **state)
{
	struct world *w = *state;
	struct gw_function f = builtin("hang");
	const struct gw_function_call c = {.function = &f, .payload = {"{}", 2}, .timeout_ms = 60};
	f.timeout_ms = 40;
	run(w, &f, "{}"); /* the function's own */
	assert_int_equal(w->end, GW_CALL_ERROR);
	assert_non_null(strstr(str_c(&w->answer), "Task timed out after 0.04 seconds"));
	f.timeout_ms = 120; /* the caller's, the function goes on */
	functions_call(w->functions, &c, on_done, w);
	wait_for_calls(w, 2);
	assert_int_equal(w->end, GW_CALL_TIMEOUT);
}

static void test_command(void **state)
{
	struct world *w = *state;
	struct gw_function f =
		command("echo noise >&2; cat; printf ' %s %s' \"$AWS_REGION\" \"$HOME\"");
	run(w, &f, "{\"a\":1}");
	assert_int_equal(w->end, GW_CALL_DONE);
	assert_string_equal(str_c(&w->answer), "{\"a\":1} us-east-1 ");
	assert_true(w->cold);
	assert_string_equal(str_c(&w->log), "noise\n");
}

static void test_command_fails(void **state)
{
	struct world *w = *state;
	struct gw_function f = command("echo half; exit 3");
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_CRASHED);
	assert_non_null(strstr(str_c(&w->answer), "exit status 3"));
	f = command("kill -9 $$");
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_CRASHED);
	f = command("sleep 100");
	f.timeout_ms = 100;
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_ERROR);
	assert_non_null(strstr(str_c(&w->answer), "Task timed out"));
	f = command("yes");
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_ERROR);
	assert_non_null(strstr(str_c(&w->answer), "ResponseSizeTooLarge"));
	const char *nothing[] = {"no-such-program-here"};
	f.command = nothing;
	f.command_count = 1;
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_CRASHED);
}

static void test_trust_and_size(void **state)
{
	struct world *w = *state;
	struct gw_function f = command("cat");
	f.trusted = false;
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_DENIED);
	assert_non_null(strstr(str_c(&w->message), "--allow-commands"));
	assert_int_equal(functions_processes(w->functions), 0);
	char *large = xmalloc(MAX_FUNCTION_EVENT + 2);
	memset(large, 'x', MAX_FUNCTION_EVENT + 1);
	large[MAX_FUNCTION_EVENT + 1] = '\0';
	f.trusted = true;
	run(w, &f, large);
	assert_int_equal(w->end, GW_CALL_TOO_LARGE_REQUEST);
	large[MAX_FUNCTION_EVENT] = '\0';
	f = command("wc -c");
	run(w, &f, large);
	assert_int_equal(w->end, GW_CALL_DONE);
	assert_int_equal(atoi(str_c(&w->answer)), MAX_FUNCTION_EVENT);
	free(large);
}

static void test_inherits_nothing(void **state)
{
	struct world *w = *state;
	struct gw_function f = command("echo \"[$SECRET_OF_OURS]\"");
	setenv("SECRET_OF_OURS", "1", 1);
	run(w, &f, "{}");
	unsetenv("SECRET_OF_OURS");
	assert_string_equal(str_c(&w->answer), "[]\n");
	f = command("ls /proc/self/fd | wc -l");
	run(w, &f, "{}");
	assert_int_equal(atoi(str_c(&w->answer)), 4); /* three, and the one ls reads */
}

static void test_memory(void **state)
{
	struct world *w = *state;
	struct gw_function f =
		command("dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null && echo had it");
	f.memory_mb = 64;
	run(w, &f, "{}");
	assert_int_equal(w->end, GW_CALL_CRASHED);
	f.memory_mb = 512;
	run(w, &f, "{}");
	assert_string_equal(str_c(&w->answer), "had it\n");
}

static void test_concurrency(void **state)
{
	struct world *w = *state;
	struct gw_function f = command("cat");
	const struct gw_function_call c = {
		.function = &f, .payload = {"{}", 2}, .timeout_ms = 29000};
	for (int i = 0; i < 3; i++)
		functions_call(w->functions, &c, on_done, w);
	assert_int_equal(w->calls, 1); /* the third, at once */
	assert_int_equal(w->end, GW_CALL_BUSY);
	wait_for_calls(w, 3);
	assert_int_equal(w->end, GW_CALL_DONE);
}

static void test_async(void **state)
{
	struct world *w = *state;
	char folder[] = "/tmp/gatedrill-async-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char *script = xasprintf("cat >> %s/seen; echo >> %s/seen", folder, folder);
	char *look = xasprintf("cat %s/seen", folder);
	struct gw_function f = command(script);
	const struct gw_function_call c = {
		.function = &f, .payload = {"{\"n\":1}", 7}, .timeout_ms = 29000, .async = true};
	f.concurrency = 1;
	for (int i = 0; i < 4; i++)
		functions_call(w->functions, &c, on_done, w);
	assert_int_equal(w->calls, 4);
	assert_int_equal(w->status, 202);
	while (functions_processes(w->functions) > 0)
		uv_run(&w->loop, UV_RUN_ONCE);
	struct gw_function reader = command(look);
	run(w, &reader, "{}");
	assert_string_equal(str_c(&w->answer), "{\"n\":1}\n{\"n\":1}\n{\"n\":1}\n{\"n\":1}\n");
	char *remove = xasprintf("rm -r %s", folder);
	f = command(remove);
	run(w, &f, "{}");
	free(script);
	free(look);
	free(remove);
}

/* A runtime in shell: it needs a client for HTTP, so it runs where curl is there. */
static void test_warm(void **state)
{
	struct world *w = *state;
	struct gw_function f = command(
		"n=0; api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime; "
		"command -v curl >/dev/null || { echo no curl; exit; }; "
		"while :; do h=$(mktemp); e=$(curl -sS -D $h $api/invocation/next) || exit 1; "
		"id=$(grep -i aws-request-id $h | tr -d '\\r' | cut -d' ' -f2); rm $h; n=$((n+1)); "
		"if [ \"$e\" = '\"bad\"' ]; then curl -sS -d '{\"errorMessage\":\"no\"}' "
		"$api/invocation/$id/error >/dev/null; "
		"else curl -sS -d \"[$n,$e]\" $api/invocation/$id/response >/dev/null; fi; done");
	run(w, &f, "1");
	if (strcmp(str_c(&w->answer), "no curl\n") == 0)
		skip();
	assert_string_equal(str_c(&w->answer), "[1,1]");
	assert_true(w->cold);
	run(w, &f, "2");
	assert_string_equal(str_c(&w->answer), "[2,2]");
	assert_false(w->cold);
	run(w, &f, "\"bad\"");
	assert_int_equal(w->end, GW_CALL_ERROR);
	assert_string_equal(str_c(&w->answer), "{\"errorMessage\":\"no\"}");
	assert_int_equal(functions_processes(w->functions), 1);
	functions_reload(w->functions); /* its files may have changed: another process */
	run(w, &f, "3");
	assert_true(w->cold);
	assert_string_equal(str_c(&w->answer), "[1,3]");
}

/* Events that wait, and time limits, when the definition has gone. */
static void test_outlives_its_definition(void **state)
{
	struct world *w = *state;
	static const char *const scripts[] = {"sleep 0.1; cat", "sleep 30"};
	for (int i = 0; i < 2; i++) {
		struct gw_function *f = xcalloc(1, sizeof(*f));
		const char **argv = xcalloc(3, sizeof(*argv));
		*f = command("");
		argv[0] = "sh", argv[1] = "-c", argv[2] = scripts[i];
		f->command = argv;
		f->concurrency = 1;
		f->timeout_ms = i ? 200 : 10000;
		struct gw_function_call c = {
			.function = f, .payload = {"{}", 2}, .timeout_ms = 29000, .async = true};
		int calls = w->calls;
		c.async = i == 0;
		functions_call(w->functions, &c, on_done, w);
		functions_call(w->functions, &c, on_done, w);
		memset(f, 0xee, sizeof(*f));
		memset(argv, 0xee, 3 * sizeof(*argv));
		free(argv);
		free(f);
		functions_reload(w->functions);
		wait_for_calls(w, calls + 2);
		while (functions_processes(w->functions) > 0)
			uv_run(&w->loop, UV_RUN_ONCE);
	}
	assert_int_equal(w->end, GW_CALL_ERROR);
	assert_non_null(strstr(str_c(&w->answer), "timed out after 0.20 seconds"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_builtins),
		TEST(test_every_builtin_ends),
		TEST(test_time_limits),
		TEST(test_command),
		TEST(test_command_fails),
		TEST(test_trust_and_size),
		TEST(test_inherits_nothing),
		TEST(test_memory),
		TEST(test_concurrency),
		TEST(test_async),
		TEST(test_warm),
		TEST(test_outlives_its_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
