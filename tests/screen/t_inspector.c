/* t_inspector.c -- a gateway on a terminal: requests from the composer and from outside, one of
 * them in detail, filter, pause, bursts, WebSockets, deployments, and the end of all of it. */
#include "tests/screen/home.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CTRL(c) ((char[]){(c)&31, 0})
#define TAB "\t"

static int inspector_setup(void **state)
{
	if (home_setup(state) != 0)
		return -1;
	home_api(*state, "partners");
	home_api(*state, "chat");
	return 0;
}
#define inspector_test(f) cmocka_unit_test_setup_teardown(f, inspector_setup, home_teardown)

static struct term *start(struct home *h, const char *files)
{
	char args[128];
	snprintf(args, sizeof(args), "gateway run %s --port 0", files);
	struct term *t = home_start(h, args);
	term_wait(t, "Nothing has come yet.");
	return t;
}

static void stop(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* ---- from outside -------------------------------------------------------------------- */

static int port_of(struct term *t)
{
	const char *at = strstr(term_row(t, 0), "127.0.0.1:");
	assert_non_null(at);
	return atoi(at + strlen("127.0.0.1:"));
}

static int dial(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int s = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(s >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(s, (struct sockaddr *)&to, sizeof(to)) == 0)
		return s;
	close(s);
	return -1;
}

/* Send these bytes, read the answer's first ones. */
static void ask(int port, const char *request, const char *answer)
{
	char got[64] = "";
	int s = dial(port);
	assert_true(s >= 0);
	assert_int_equal(write(s, request, strlen(request)), strlen(request));
	assert_true(read(s, got, sizeof(got) - 1) > 0);
	if (strncmp(got, answer, strlen(answer)) != 0)
		fail_msg("answered %s", got);
	close(s);
}

static void get(int port, const char *path, const char *answer)
{
	char request[256];
	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	ask(port, request, answer);
}

/* ---- the composer -------------------------------------------------------------------- */

/* From the list: write a request with a key, send it, wait for the answer. */
static void compose(struct term *t, const char *path, const char *key, const char *answer)
{
	term_send(t, "c");
	term_wait(t, "[ Send ]");
	term_send(t, CTRL_U);
	term_send(t, path);
	term_send(t, TAB CTRL_U);
	term_send(t, key);
	term_send(t, CTRL('s'));
	term_wait(t, answer);
	term_send(t, ESC);
	term_wait_gone(t, "[ Send ]");
}

static void refusals_are_seen(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	compose(t, "/prod/stock", "", "403 Forbidden");
	term_wait(t, "INVALID_API_KEY");
	assert_true(term_shows(t, "✗  7 API key"));
	compose(t, "/prod/stock", "bronze-key-0000000000", "200 OK");
	compose(t, "/prod/stock", "bronze-key-0000000000", "200 OK");
	compose(t, "/prod/stock", "bronze-key-0000000000", "429 Too Many Requests");
	term_wait(t, "THROTTLED");
	assert_true(term_shows(t, "plan bronze"));
	assert_true(term_shows(t, "1 refused"));
	get(port_of(t), "/prod/hours", "HTTP/1.1 200");
	term_wait(t, "GET /prod/hours");
	stop(t);
}

static void one_request_in_detail(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	ask(port_of(t),
	    "POST /prod/stock?colour=red HTTP/1.1\r\nHost: localhost\r\nX-Colour: red\r\n"
	    "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"a\":{\"b\":[1]}}",
	    "HTTP/1.1 403");
	get(port_of(t), "/prod/stock", "HTTP/1.1 403");
	term_wait(t, "INVALID_API_KEY");
	term_send(t, ENTER);
	term_wait(t, "▸ ✗  7 API key");
	assert_true(term_shows(t, "refused: no API key was sent"));
	assert_true(term_shows(t, "Request 2 · partners prod"));
	term_send(t, DOWN);
	term_wait(t, "x-amzn-ErrorType          ForbiddenException");
	assert_true(term_shows(t, "\"message\": \"Forbidden\""));
	term_send(t, "p");
	term_wait(t, "Request 1");
	assert_true(term_shows(t, "POST /prod/stock?colour=red"));
	term_send(t, UP UP UP UP UP UP);
	term_wait(t, "X-Colour                  red");
	assert_true(term_shows(t, "\"b\": ["));
	term_send(t, "a");
	term_wait(t, "TLS                    not reached");
	term_send(t, "a");
	term_wait_gone(t, "not reached");
	term_send(t, " ");
	term_wait_gone(t, "X-Colour");
	term_send(t, "p");
	term_wait(t, "There is none before it any more.");
	stop(t);
}

/* ---- the list ------------------------------------------------------------------------ */

static void the_list_is_filtered(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	get(port_of(t), "/prod/stock", "HTTP/1.1 403");
	get(port_of(t), "/prod/hours", "HTTP/1.1 200");
	term_wait(t, "GET       /prod/hours");
	term_send(t, "/");
	term_wait(t, "by status");
	term_send(t, "4xx");
	term_wait_gone(t, "/prod/hours");
	assert_true(term_shows(t, "GET       /prod/stock"));
	term_send(t, ENTER);
	term_wait(t, "/4xx  1 of 2");
	term_send(t, "/ nothing");
	term_wait(t, "Nothing passes this filter.");
	term_send(t, ESC);
	term_wait(t, "GET       /prod/hours");
	stop(t);
}

static void a_paused_list_stands_still(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	int port = port_of(t);
	get(port, "/prod/stock", "HTTP/1.1 403");
	term_wait(t, "INVALID_API_KEY");
	term_send(t, "p");
	term_wait(t, "paused, 0 newer");
	for (int i = 0; i < 300; i++) /* more than the gateway keeps */
		get(port, "/prod/hours", "HTTP/1.1 200");
	term_wait(t, "paused, 300 newer");
	assert_true(term_shows(t, "GET       /prod/stock"));
	assert_false(term_shows(t, "/prod/hours"));
	term_send(t, ENTER);
	term_wait(t, "refused: no API key was sent");
	term_send(t, ESC);
	term_wait(t, "paused");
	term_send(t, "p");
	term_wait(t, "/prod/hours");
	assert_false(term_shows(t, "GET       /prod/stock"));
	term_send(t, "x");
	term_wait(t, "Nothing has come since.");
	stop(t);
}

static void the_list_follows_unless_told(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	int port = port_of(t);
	get(port, "/prod/one", "HTTP/1.1 403");
	get(port, "/prod/two", "HTTP/1.1 403");
	term_wait(t, "GET /prod/two");
	term_send(t, "k");
	term_wait(t, "GET /prod/one");
	get(port, "/prod/three", "HTTP/1.1 403");
	term_wait(t, "1 of 3; G follows");
	assert_true(term_shows(t, "GET /prod/one"));
	term_send(t, "G");
	term_wait(t, "GET /prod/three");
	get(port, "/prod/four", "HTTP/1.1 403");
	term_wait(t, "GET /prod/four");
	stop(t);
}

/* Bytes that would move the cursor, turn the writing round or name the window. */
static void nothing_hostile_reaches_the_screen(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	int port = port_of(t);
	ask(port,
	    "GET /prod/hours?%1b[2J HTTP/1.1\r\nHost: localhost\r\nX-Evil: \xe2\x80\xae"
	    "abc\xff\xfe\xc2\x9b"
	    "2J\r\nContent-Length: 11\r\n\r\n\033[2J\033]0;me\a",
	    "HTTP/1.1 ");
	ask(port, "GET /\033[2J HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400");
	get(port, "/prod/hours", "HTTP/1.1 200");
	term_wait(t, "GET       /prod/hours");
	term_send(t, ENTER);
	term_wait(t, "Request 3");
	term_send(t, "p");
	term_wait(t, "Request 2");
	term_send(t, "p");
	term_wait(t, "Request 1");
	term_send(t, "k");
	term_wait(t, "X-Evil");
	assert_false(term_wrote(t, "\033]0;me"));
	assert_false(term_wrote(t, "\xe2\x80\xae"));
	assert_false(term_wrote(t, "\xc2\x9b"));
	assert_true(term_shows(t, "Request 1"));
	stop(t);
}

/* ---- once more ----------------------------------------------------------------------- */

static void requests_are_sent_again(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	ask(port_of(t), "GET /prod/stock HTTP/1.1\r\nHost: localhost\r\nX-Colour: red\r\n\r\n",
	    "HTTP/1.1 403");
	term_wait(t, "INVALID_API_KEY");
	term_send(t, "r");
	while (!strstr(term_row(t, 5), "INVALID_API_KEY"))
		term_sync(t);
	term_send(t, "k");
	term_wait(t, "1 of 2; G follows");
	term_send(t, "Ge");
	term_wait(t, "X-Colour: red");
	term_send(t, TAB "bronze-key-0000000000" TAB TAB TAB TAB TAB ENTER);
	term_wait(t, "200 OK");
	term_send(t, CTRL('t'));
	term_wait(t, "Request 3 · partners prod");
	assert_true(term_shows(t, "found") || term_shows(t, "bronze"));
	stop(t);
}

static void a_request_becomes_a_command(void **state)
{
	struct home *h = *state;
	char command[256], line[256] = "";
	struct term *t = start(h, "partners.yaml");
	ask(port_of(t), "GET /prod/stock HTTP/1.1\r\nHost: localhost\r\nX-Colour: it's\r\n\r\n",
	    "HTTP/1.1 403");
	term_wait(t, "INVALID_API_KEY");
	term_send(t, "y");
	term_wait(t, "The request as a command");
	assert_true(term_shows(t, "curl -i"));
	assert_true(term_shows(t, "requests.sh"));
	snprintf(command, sizeof(command), "sh $(find %s -name requests.sh) 2>/dev/null", h->dir);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgetc(f) != EOF)
		;
	assert_int_equal(pclose(f), 0);
	assert_true(strncmp(line, "HTTP/1.1 403", 12) == 0);
	term_send(t, ESC);
	term_wait(t, "Gateway · partners");
	assert_true(term_shows(t, "/prod/stock"));
	stop(t);
}

static void a_burst_has_a_tally(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	term_send(t, "c");
	term_wait(t, "[ Send ]");
	term_send(t, CTRL_U "/prod/stock" TAB "bronze-key-0000000000" TAB TAB TAB TAB "40 0.5");
	term_send(t, CTRL('s'));
	term_wait(t, "20 sent, 20 answered");
	term_wait(t, "2xx            2");
	assert_true(term_shows(t, "4xx           18"));
	term_send(t, CTRL_U "forty");
	term_send(t, CTRL('s'));
	term_wait(t, "A burst is two numbers");
	term_send(t, ESC);
	term_wait(t, "THROTTLED");
	stop(t);
}

static void what_cannot_be_sent_is_said(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	term_send(t, "c");
	term_wait(t, "[ Send ]");
	term_send(t, CTRL_U "/prod/a b");
	term_send(t, CTRL('s'));
	term_wait(t, "has no blanks");
	term_send(t, CTRL_U "/prod/hours" TAB TAB TAB "no colon");
	term_send(t, CTRL('s'));
	term_wait(t, "Line 1 of the headers has no colon");
	term_send(t, CTRL_U "a: b" ENTER "c: d" DOWN ENTER DOWN);
	term_wait(t, "c: d");
	term_send(t, CTRL('s'));
	term_wait(t, "200 OK");
	term_send(t, CTRL('t'));
	term_wait(t, "what came");
	term_wait(t, "c                         d");
	stop(t);
}

/* What is written stays when the screen is left. */
static void a_request_stays_written(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	compose(t, "/prod/stock?kept=1", "nobody-key-0000000000", "403 Forbidden");
	term_send(t, "c");
	term_wait(t, "/prod/stock?kept=1");
	assert_true(term_shows(t, "nobody-key-0000000000"));
	assert_true(term_shows(t, "403 Forbidden"));
	term_send(t, CTRL('r'));
	term_wait(t, "asks for an API key");
	term_send(t, ENTER);
	term_wait_gone(t, "kept=1");
	assert_false(term_shows(t, "nobody-key"));
	stop(t);
}

static void a_body_is_written_in_an_editor(void **state)
{
	static char setting[128];
	static const char *env[] = {setting, NULL};
	struct home *h = *state;
	home_write(h, "editor.sh", "printf '{\"from\": \"the\\teditor\"}\\n' >\"$2\"\n");
	snprintf(setting, sizeof(setting), "EDITOR=sh %s", home_path(h, "editor.sh"));
	h->env = env;
	struct term *t = start(h, "partners.yaml");
	term_send(t, "c");
	term_wait(t, "[ Send ]");
	term_send(t, CTRL('v'));
	term_wait(t, "bytes; C-v edits them");
	term_send(t, CTRL('s'));
	term_wait(t, "200 OK");
	term_send(t, CTRL('t'));
	term_wait(t, "the editor");
	stop(t);
}

/* ---- WebSockets ---------------------------------------------------------------------- */

static void talk(struct term *t, const char *message)
{
	term_send(t, message);
	term_send(t, ENTER);
}

/* From the console: as a backend would, to the connection of that name. */
static void push(struct term *t, const char *path, const char *text)
{
	term_send(t, ESC);
	term_wait(t, "message   who");
	term_send(t, "c");
	term_wait(t, "[ Send ]");
	term_send(t, UP CTRL_U "POST" TAB CTRL_U);
	term_send(t, path);
	term_send(t, TAB TAB TAB TAB);
	term_send(t, text);
	term_send(t, CTRL('s'));
	term_wait(t, "200 OK");
	term_send(t, ESC);
	term_wait_gone(t, "[ Send ]");
}

static void two_talk_and_one_goes(void **state)
{
	struct term *t = start(*state, "chat.yaml --allow-commands");
	term_send(t, "w");
	term_wait(t, "[ Connect ]");
	assert_true(term_shows(t, "/live"));
	term_send(t, CTRL('s'));
	term_wait(t, "alice   · open");
	talk(t, "{\"action\": \"who\"}");
	term_wait(t, "alice   ← {\"you\": ");
	term_send(t, CTRL('o'));
	term_wait(t, "a new connection");
	term_send(t, CTRL('s'));
	term_wait(t, "bob     · open");
	term_wait(t, "2 open");
	talk(t, "{\"action\": \"who\"}");
	term_wait(t, "bob     ← {\"you\": ");
	push(t, "/live/@connections/{alice}", "hello alice");
	term_send(t, "w");
	term_wait(t, "alice   ← hello alice");
	term_send(t, CTRL('g'));
	term_wait(t, "Close with which code? 1000");
	term_send(t, ENTER);
	term_wait(t, "bob     · closed 1000");
	term_wait(t, "1 open");
	term_wait(t, "alice>");
	term_send(t, ESC);
	term_wait(t, "closed    /live");
	assert_true(term_shows(t, "push      @connections"));
	stop(t);
}

static void a_refused_connection_says_why(void **state)
{
	struct term *t = start(*state, "chat.yaml");
	term_send(t, "w");
	term_wait(t, "[ Connect ]");
	term_send(t, CTRL_U "/nowhere");
	term_send(t, CTRL('s'));
	term_wait(t, "refused 403");
	assert_true(term_shows(t, "nobody>"));
	talk(t, "hello?");
	term_wait(t, "C-o opens one");
	stop(t);
}

/* ---- definitions that change --------------------------------------------------------- */

/* One text in a file of the home takes the place of another. */
static void replace(const struct home *h, const char *file, const char *from, const char *to)
{
	static char text[1 << 14], changed[1 << 14];
	FILE *f = fopen(home_path(h, file), "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	char *at = strstr(text, from);
	assert_non_null(at);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text), text, to,
		 at + strlen(from));
	home_write(h, file, changed);
}

static void what_is_deployed_is_served(void **state)
{
	struct home *h = *state;
	struct term *t = start(h, "partners.yaml");
	replace(h, "partners.openapi.yaml", "  /hours:", "  /times:");
	get(port_of(t), "/prod/times", "HTTP/1.1 403");
	term_send(t, "D");
	term_wait(t, "Deploy which stage");
	term_send(t, ENTER);
	term_wait(t, "Deployed");
	get(port_of(t), "/prod/times", "HTTP/1.1 200");
	term_wait(t, "GET /prod/times");
	stop(t);
}

static void a_canary_is_promoted(void **state)
{
	struct home *h = *state;
	replace(h, "partners.yaml", "prod: {}", "prod: {canarySettings: {percentTraffic: 0}}");
	struct term *t = start(h, "partners.yaml");
	term_send(t, "P");
	term_wait(t, "No stage has a canary that waits.");
	replace(h, "partners.openapi.yaml", "  /hours:", "  /times:");
	term_send(t, "D");
	term_wait(t, "its file has changed since");
	term_send(t, ENTER);
	term_wait(t, "Deployed as the canary of partners/prod");
	get(port_of(t), "/prod/times", "HTTP/1.1 403");
	term_send(t, "P");
	term_wait(t, "has a canary");
	term_send(t, ENTER);
	term_wait(t, "Promoted");
	get(port_of(t), "/prod/times", "HTTP/1.1 200");
	stop(t);
}

static void errors_of_a_definition_are_shown(void **state)
{
	struct home *h = *state;
	struct term *t = start(h, "partners.yaml --watch");
	replace(h, "partners.yaml", "usagePlans:", "usagePlan:");
	term_wait(t, "The definitions have errors");
	assert_true(term_shows(t, "partners.yaml:"));
	term_send(t, ESC);
	term_wait(t, "Gateway · partners");
	get(port_of(t), "/prod/hours", "HTTP/1.1 200");
	replace(h, "partners.yaml", "usagePlan:", "usagePlans:");
	term_wait(t, "The definitions have changed and are served.");
	stop(t);
}

/* What the editor made of a file is read at once; a REST API waits for its deployment. */
static void definitions_are_edited(void **state)
{
	static char setting[128];
	static const char *env[] = {setting, NULL};
	struct home *h = *state;
	home_write(h, "editor.sh", "sed -i 's|  /hours:|  /times:|' \"$2\"\n");
	snprintf(setting, sizeof(setting), "EDITOR=sh %s", home_path(h, "editor.sh"));
	h->env = env;
	struct term *t = start(h, "partners.yaml");
	term_send(t, "E");
	term_wait(t, "Edit which file?");
	assert_true(term_shows(t, "partners.yaml"));
	term_send(t, DOWN ENTER);
	term_wait(t, "The definitions have changed and are served.");
	term_send(t, ":deploy partners/prod" ENTER);
	term_wait(t, "Deployed");
	get(port_of(t), "/prod/times", "HTTP/1.1 200");
	term_send(t, ":promote partners/prod" ENTER);
	term_wait(t, "It could not be done");
	stop(t);
}

static void a_bad_definition_does_not_start(void **state)
{
	struct home *h = *state;
	home_write(h, "bad.yaml", "gateway: bad\napis: 3\n");
	struct term *t = home_start(h, "gateway run bad.yaml --port 0");
	assert_int_equal(term_finish(t), 4);
	assert_true(term_shows(t, "bad.yaml:2:"));
	term_free(t);
}

/* ---- the end ------------------------------------------------------------------------- */

static void expect_closed(int port)
{
	assert_int_equal(dial(port), -1);
}

static void stopping_is_confirmed(void **state)
{
	struct term *t = start(*state, "partners.yaml");
	int port = port_of(t);
	term_send(t, "q");
	term_wait(t, "Stop the gateway? y or n");
	term_send(t, "n");
	term_wait_gone(t, "y or n");
	get(port, "/prod/hours", "HTTP/1.1 200");
	term_send(t, "qy");
	assert_int_equal(term_end(t), 0);
	expect_closed(port);
}

/* A function that would sleep for long is gone with the gateway, its port is free. */
static void signals_leave_nothing_behind(void **state)
{
	static const int numbers[] = {SIGTERM, SIGHUP, SIGINT};
	struct home *h = *state;
	char pid[32] = "";
	home_write(h, "room.sh", "echo $$ >pid.new; mv pid.new pid; exec sleep 100\n");
	for (size_t i = 0; i < 3; i++) {
		struct term *t = start(h, "chat.yaml --allow-commands");
		int port = port_of(t);
		term_send(t, "w");
		term_wait(t, "[ Connect ]");
		term_send(t, CTRL('s'));
		term_wait_gone(t, "[ Connect ]");
		FILE *f;
		while (!(f = fopen(home_path(h, "pid"), "r")))
			usleep(10000);
		assert_non_null(fgets(pid, sizeof(pid), f));
		fclose(f);
		home_remove(h, "pid");
		assert_int_equal(kill(atoi(pid), 0), 0);
		term_signal(t, numbers[i]);
		assert_int_equal(term_end(t), numbers[i] == SIGINT ? 130 : 1);
		expect_closed(port);
		assert_int_equal(kill(atoi(pid), 0), -1);
	}
}

/* No store is opened: there is nothing of a study in the home afterwards. */
static void nothing_of_a_study_is_made(void **state)
{
	struct home *h = *state;
	struct stat st;
	stop(start(h, "partners.yaml"));
	assert_int_equal(stat(home_path(h, "study.db"), &st), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		inspector_test(refusals_are_seen),
		inspector_test(one_request_in_detail),
		inspector_test(the_list_is_filtered),
		inspector_test(a_paused_list_stands_still),
		inspector_test(the_list_follows_unless_told),
		inspector_test(nothing_hostile_reaches_the_screen),
		inspector_test(requests_are_sent_again),
		inspector_test(a_request_becomes_a_command),
		inspector_test(a_burst_has_a_tally),
		inspector_test(what_cannot_be_sent_is_said),
		inspector_test(a_request_stays_written),
		inspector_test(a_body_is_written_in_an_editor),
		inspector_test(two_talk_and_one_goes),
		inspector_test(a_refused_connection_says_why),
		inspector_test(what_is_deployed_is_served),
		inspector_test(a_canary_is_promoted),
		inspector_test(errors_of_a_definition_are_shown),
		inspector_test(definitions_are_edited),
		inspector_test(a_bad_definition_does_not_start),
		inspector_test(stopping_is_confirmed),
		inspector_test(signals_leave_nothing_behind),
		inspector_test(nothing_of_a_study_is_made),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
