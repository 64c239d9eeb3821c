/* t_lab.c -- a lab on the screen, against a gateway that really runs: requests, goals, hints, files
 * that are edited and deployed, the end; and that nothing is left running. */
#include "tests/screen/home.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* The editor puts the method's key away. */
static const char opens_the_door[] = "sed -i 's/security: .*/security: []/' \"$2\"\n";
static const char breaks_it[] = "echo 'nonsense: [' >>\"$2\"\n";

static void set_editor(struct home *h, const char *script)
{
	static char setting[128];
	static const char *env[] = {setting, NULL};
	home_write(h, "editor.sh", script);
	snprintf(setting, sizeof(setting), "EDITOR=sh %s", home_path(h, "editor.sh"));
	h->env = env;
}

static struct term *start_list(struct home *h)
{
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "l");
	term_wait(t, "The locked door");
	return t;
}

static struct term *start_lab(struct home *h)
{
	struct term *t = start_list(h);
	term_send(t, ENTER);
	term_wait(t, "Let them in.");
	term_send(t, ENTER);
	term_wait(t, "Nothing was sent yet.");
	return t;
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* ---- the list ------------------------------------------------------------------------ */

static void the_list_says_what_there_is(void **state)
{
	home_labs(*state);
	struct term *t = start_list(*state);
	assert_true(term_shows(t, "Gateway labs"));
	assert_true(term_shows(t, "0 of 1 done"));
	assert_true(term_shows(t, "One method asks for a key that nobody has."));
	assert_true(term_shows(t, "3 min"));
	assert_true(term_shows(t, "Evidence drills"));
	assert_true(term_shows(t, "Nobody gets in"));
	assert_false(term_shows(t, "R start over"));
	term_send(t, ENTER);
	term_wait(t, "Let them in.");
	assert_true(term_shows(t, "Lab · The locked door"));
	assert_true(term_shows(t, "http://127.0.0.1:"));
	assert_true(term_shows(t, "○ open    A visitor gets in."));
	assert_true(term_shows(t, "Your copy of its files: "));
	term_send(t, ESC);
	term_wait(t, "▸ ◐ The locked door");
	term_wait(t, "R start over");
	quit(t);
}

/* ---- the work ------------------------------------------------------------------------ */

static void a_request_shows_its_trace_and_meets_a_goal(void **state)
{
	home_labs(*state);
	struct term *t = start_lab(*state);
	assert_true(term_shows(t, "1-4 send"));
	assert_true(term_shows(t, "1 Knock"));
	term_send(t, "2");
	term_wait(t, "GET /live/nowhere");
	term_wait(t, "○ open    A visitor is refused");
	term_send(t, "1");
	term_wait(t, "✓ Goal 1 of 2: A visitor is refused, and the door says why.");
	assert_true(term_shows(t, "✓ done    A visitor is refused, and the door says why."));
	assert_true(term_shows(t, "○ open    A visitor gets in."));
	assert_true(term_shows(t, "recent    403  403"));
	assert_true(term_shows(t, "Forbidden"));
	term_send(t, ENTER);
	term_wait(t, "GET /live/door");
	term_wait_gone(t, "recent");
	term_send(t, ESC);
	term_wait(t, "recent    403  403");
	term_send(t, "9");
	term_wait(t, "There is no such ready request.");
	quit(t);
}

static void a_ready_deployment_says_when_it_is_done(void **state)
{
	struct home *h = *state;
	home_labs(h);
	set_editor(h, breaks_it);
	struct term *t = start_lab(h);
	term_send(t, "4");
	term_wait(t, "door/live is deployed.");
	term_send(t, "e");
	term_wait(t, "▸ door.yaml");
	term_send(t, ENTER);
	term_wait(t, "The definition has errors");
	term_send(t, ESC);
	term_wait(t, "✗ ");
	term_send(t, "4");
	term_send(t, "1");
	term_wait(t, "recent    403");
	assert_false(term_shows(t, "is deployed"));
	quit(t);
}

static void hints_come_one_by_one(void **state)
{
	home_labs(*state);
	struct term *t = start_lab(*state);
	term_send(t, "h");
	term_wait(t, "hint 1    Which stage refuses?");
	assert_false(term_shows(t, "hint 2"));
	term_send(t, "h");
	term_wait(t, "hint 2    The method asks for a key.");
	term_send(t, "h");
	term_wait(t, "That was all.");
	term_send(t, "1");
	term_wait(t, "hints     2 taken; H shows them");
	term_send(t, "H");
	term_wait(t, "hint 2    The method asks for a key.");
	quit(t);
}

static void a_lab_is_passed(void **state)
{
	struct home *h = *state;
	home_labs(h);
	set_editor(h, opens_the_door);
	struct term *t = start_lab(h);
	term_send(t, "1");
	term_wait(t, "Goal 1 of 2");
	term_send(t, " ");
	term_wait(t, "That comes when all goals are met");
	term_send(t, "e");
	term_wait(t, "▸ door.yaml");
	term_send(t, DOWN ENTER);
	term_wait(t, "Read again.");
	term_send(t, "1");
	term_wait(t, "recent    403  403");
	term_send(t, "d");
	term_wait(t, "door/live is deployed.");
	term_send(t, "1");
	term_wait(t, "✓ Passed: all goals are met.");
	term_wait(t, "of 20 tokens");
	term_send(t, " ");
	term_wait(t, "✓ Passed.  2 of 2 goals met.");
	assert_true(term_shows(t, "A method that asks for a key refuses those who bring none."));
	assert_true(term_shows(t, "One way to do it"));
	assert_true(term_shows(t, "API keys"));
	term_send(t, "o");
	term_wait(t, "https://docs.aws.amazon.com/keys");
	term_send(t, ESC);
	term_wait(t, "✓ Passed.  2 of 2 goals met.");
	term_send(t, ESC);
	term_wait(t, "recent    403  403  200");
	term_send(t, " ");
	term_wait(t, "✓ Passed.  2 of 2 goals met.");
	term_send(t, ENTER);
	term_wait(t, "1 of 1 done");
	assert_true(term_shows(t, "▸ ✓ The locked door"));
	quit(t);
}

static void an_error_in_a_file_is_shown_with_its_line(void **state)
{
	struct home *h = *state;
	home_labs(h);
	set_editor(h, breaks_it);
	struct term *t = start_lab(h);
	term_send(t, "e");
	term_wait(t, "▸ door.yaml");
	term_send(t, ENTER);
	term_wait(t, "The definition has errors");
	assert_true(term_shows(t, "door.yaml:"));
	term_send(t, ESC);
	term_wait(t, "✗ ");
	term_send(t, "1");
	term_wait(t, "recent    403");
	quit(t);
}

static void giving_up_carries_the_solution_out(void **state)
{
	struct home *h = *state;
	home_labs(h);
	struct term *t = start_lab(h);
	term_send(t, "s");
	term_wait(t, "Give up and see the solution? y or n");
	term_send(t, "n");
	term_wait_gone(t, "y or n");
	assert_true(term_shows(t, "Nothing was sent yet."));
	term_send(t, "s");
	term_wait(t, "y or n");
	term_send(t, "y");
	term_wait(t, "The solution was carried out.");
	assert_true(term_shows(t, "✗ Given up."));
	assert_true(term_shows(t, "recent    403  200"));
	term_send(t, " ");
	term_wait(t, "✗ Given up.  0 of 2 goals met.");
	assert_true(term_shows(t, "into your reviews."));
	assert_true(term_shows(t, "+ security: []"));
	term_send(t, "R");
	term_wait(t, "Start over?");
	term_send(t, "y");
	term_wait(t, "Let them in.");
	assert_true(term_shows(t, "○ open    A visitor is refused"));
	term_send(t, ENTER "1");
	term_wait(t, "Goal 1 of 2");
	quit(t);
}

static void other_screens_share_the_gateway(void **state)
{
	home_labs(*state);
	struct term *t = start_lab(*state);
	term_send(t, "3");
	term_wait(t, "recent    403");
	term_send(t, "i");
	term_wait_gone(t, "recent");
	term_wait(t, "/live/door");
	term_send(t, ESC);
	term_wait(t, "recent");
	term_send(t, "t");
	term_wait(t, "Let them in.");
	term_send(t, ESC);
	term_wait(t, "recent");
	term_send(t, "l");
	term_wait(t, "▸  1  Knock");
	assert_true(term_shows(t, "GET /live/door"));
	term_send(t, DOWN ENTER);
	term_wait(t, "GET /live/nowhere");
	quit(t);
}

/* ---- trust --------------------------------------------------------------------------- */

/* A lab of the learner's own whose function is a command. */
static void write_own_lab(const struct home *h)
{
	home_folder(h, "labs");
	home_write(h, "labs/mine.yaml",
		   "lab: mine\ntitle: From elsewhere\nabout: It runs a command.\nformat: 1\n"
		   "gateway: [mine.yaml]\nstory: |\n  Look at it.\n"
		   "requests:\n  call: {send: GET /hello}\n"
		   "goals:\n- {id: a, text: It answers., trace: {status: 200}}\n"
		   "hints: [Call.]\nexplain: |\n  It did.\nsolution: [call]\n");
	home_own_api(h, "labs/mine");
}

static void commands_from_elsewhere_are_asked_about(void **state)
{
	struct home *h = *state;
	home_labs(h);
	write_own_lab(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "l");
	term_wait(t, "▸   The locked door");
	term_send(t, DOWN ENTER);
	term_wait(t, "May they run?");
	assert_true(term_shows(t, "say: sh say.sh"));
	assert_true(term_shows(t, "did not come with the program"));
	term_send(t, "n");
	term_wait(t, "From elsewhere");
	term_send(t, ENTER);
	term_wait(t, "May they run?");
	term_send(t, "y");
	term_wait(t, "Look at it.");
	assert_int_not_equal(access(home_path(h, "ran"), F_OK), 0);
	term_send(t, ENTER "1");
	term_wait(t, "✓ Passed: all goals are met.");
	assert_true(term_shows(t, "hello"));
	assert_int_equal(access(home_path(h, "ran"), F_OK), 0);
	quit(t);
}

/* With labs of the program itself: quotas and caches take more than a small one has. */
static void gauges_tell_what_is_used_up(void **state)
{
	struct home *h = *state;
	assert_non_null(getcwd(h->share, sizeof(h->share)));
	struct term *t = home_start(h, "lab throttles");
	term_wait(t, "go on");
	term_send(t, ENTER "1");
	term_wait(t, "1 of 8 used");
	assert_true(term_shows(t, "quota bronze"));
	assert_true(term_shows(t, "plan bronze"));
	term_send(t, "2");
	term_wait(t, "refused");
	term_wait_gone(t, "at work");
	quit(t);
	t = home_start(h, "lab stage-cache");
	term_wait(t, "go on");
	term_send(t, ENTER "1");
	term_wait(t, "recent");
	term_send(t, "s");
	term_wait(t, "y or n");
	term_send(t, "y");
	term_wait(t, "The solution was carried out.");
	assert_true(term_shows(t, "hits"));
	quit(t);
}

static void labs_start_from_the_command_line(void **state)
{
	home_labs(*state);
	struct term *t = home_start(*state, "lab");
	term_wait(t, "0 of 1 done");
	quit(t);
	t = home_start(*state, "lab door");
	term_wait(t, "Let them in.");
	term_send(t, ENTER "1");
	term_wait(t, "Goal 1 of 2");
	term_send(t, "q");
	assert_int_equal(term_end(t), 0);
}

/* ---- nothing is left ----------------------------------------------------------------- */

static int port_of(struct term *t)
{
	int row, col;
	assert_true(term_find(t, "http://127.0.0.1:", &row, &col));
	return atoi(strstr(term_row(t, row), "127.0.0.1:") + strlen("127.0.0.1:"));
}

static bool listens(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(s >= 0);
	bool ok = connect(s, (struct sockaddr *)&to, sizeof(to)) == 0;
	close(s);
	return ok;
}

static void leaving_a_lab_closes_its_port(void **state)
{
	home_labs(*state);
	struct term *t = start_list(*state);
	term_send(t, ENTER);
	term_wait(t, "Let them in.");
	int port = port_of(t);
	assert_true(listens(port));
	term_send(t, ESC);
	term_wait(t, "Gateway labs");
	term_send(t, ESC);
	term_wait(t, "▸ Review");
	assert_true(term_shows(t, "0 of 1 done"));
	while (listens(port))
		term_sync(t);
	quit(t);
}

static void quitting_in_a_lab_closes_its_port(void **state)
{
	static const char *const ways[] = {CTRL_C, "Q"};
	home_labs(*state);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct term *t = start_lab(*state);
		term_send(t, "3");
		term_wait(t, "recent");
		int port = port_of(t);
		term_send(t, ways[i]);
		assert_int_equal(term_end(t), i == 0 ? 130 : 0);
		assert_false(listens(port));
	}
}

static void whatever_ends_the_program_closes_its_port(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP};
	home_labs(*state);
	for (size_t i = 0; i <= ARRAY_LEN(signals); i++) {
		struct term *t = start_lab(*state);
		int port = port_of(t);
		if (i < ARRAY_LEN(signals))
			term_signal(t, signals[i]);
		else
			term_hang_up(t);
		assert_int_equal(term_end(t), 1);
		assert_false(listens(port));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(the_list_says_what_there_is),
		home_test(a_request_shows_its_trace_and_meets_a_goal),
		home_test(a_ready_deployment_says_when_it_is_done),
		home_test(hints_come_one_by_one),
		home_test(a_lab_is_passed),
		home_test(an_error_in_a_file_is_shown_with_its_line),
		home_test(giving_up_carries_the_solution_out),
		home_test(other_screens_share_the_gateway),
		home_test(commands_from_elsewhere_are_asked_about),
		home_test(gauges_tell_what_is_used_up),
		home_test(labs_start_from_the_command_line),
		home_test(leaving_a_lab_closes_its_port),
		home_test(whatever_ends_the_program_closes_its_port),
		home_test(quitting_in_a_lab_closes_its_port),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
