/* scene.c -- see scene.h. */
#include "tests/screen/scene.h"

#define GATEWAY "gateway run partners.yaml --port 0"
#define CHAT "gateway run chat.yaml --port 0"
#define CTRL_S "\023"

const struct scene scenes[] = {
	{"home", "", "", "Review"},
	{"decks", "", "D", "All kinds of cards"},
	{"cards of a deck", "search deck:kinds", "", "Who may speak first"},
	{"search", "", "/", "to the list"},
	{"search, typed", "", "/kind:choice", "/ kind:choice"},
	{"card", "search id:idle", "\r", "How long may a"},
	{"statistics", "", "S", "today"},
	{"question", "review id:idle", "", "How long may a"},
	{"hint", "review id:idle", "H", "Shorter than a lunch break."},
	{"answer", "review id:idle", " ", "again"},
	{"cloze", "review kind:cloze", "", "[a size]"},
	{"cloze, answer", "review kind:cloze", " ", "again"},
	{"table", "review kind:table", "", "Who may speak first"},
	{"true or false", "review kind:truefalse", "a", "True or false?"},
	{"choice", "review id:report", "b", "[■] B"},
	{"choice, answer", "review id:report", "b\r", "again"},
	{"several", "review id:tokens", "a", "Cognito tokens must be checked"},
	{"ruling out", "review id:tokens", "x", "Cognito tokens must be checked"},
	{"several, answer", "review id:tokens", "\a", "again"},
	{"pairs", "review id:uses", "a" UP, "[A] Stock ticker"},
	{"pairs, answer", "review id:uses", "aaa\r", "again"},
	{"order", "review kind:ordering", " ", "Resource policy"},
	{"order, answer", "review kind:ordering", "J\r", "again"},
	{"typed", "review kind:typed", "max-age", "max-age"},
	{"typed, answer", "review kind:typed", "max-age\r", "again"},
	{"waiting", "review id:connections", "", "The next card is ready in"},
	{"end", "review id:compare", " 3q", "Every answer is kept."},
	{"help", "review id:idle", "?", "Show the answer"},
	{"help, filtered", "review id:idle", "?/leech", "/ leech"},
	{"command line", "review id:idle", ":su", ":su"},
	{"argument", "review id:idle", "D3", "Due in how many days? 3"},
	{"yes or no", "review id:idle", "R", "y or n"},
	{"quiz", "quiz id:report", "b", "[■] B"},
	{"quiz, how sure", "quiz id:report", "b\r", "Are you sure?"},
	{"quiz, answer", "quiz id:report", "b\rs", "✗ Wrong."},
	{"quiz, pairs", "quiz id:uses", "a" UP, "[A] Stock ticker"},
	{"quiz, typed", "quiz kind:typed", "max-age", "max-age"},
	{"quiz, end", "quiz id:report", "b\rs ", "That was the quiz."},
	{"exams", "", "e", "Begin a new exam"},
	{"exam", "", "e\rb", "[■] B"},
	{"exam, all questions", "", "e\rbfg", "flagged 1"},
	{"exam, submitting", "", "e\rbgS", "Submit? y or n"},
	{"exam, result", "", "e\rbgSy", "scored questions"},
	{"exam, answers", "", "e\rbgSyr", "✗ "},
	{"exam, help", "", "e\r?", "Choose this option"},
	{"trees", "", "t", "Which API type"},
	{"advice, question", "", "tan", "Where does the endpoint"},
	{"advice", "", "tayy", "✓ WebSocket API"},
	{"case", "", "tda", "[■] A"},
	{"case, answer", "", "tda\r", "It is the answer."},
	{"case, proof", "", "tda\rw", "It is the answer."},
	{"walk", "", "twn", "Where does the endpoint"},
	{"walk, end", "", "twyy", "first wrong turn"},
	{"matrix", "", "tm", "The server sends"},
	{"gateway", GATEWAY, "", "Nothing has come yet."},
	{"gateway, request", GATEWAY, "c", "/prod/hours"},
	{"gateway, answer", GATEWAY, "c" CTRL_S, "200 OK"},
	{"gateway, ready requests", GATEWAY, "c\022", "GET /prod/stock"},
	{"gateway, list", GATEWAY, "c" CTRL_S ESC, "GET       /prod/hours"},
	{"gateway, filter", GATEWAY, "c" CTRL_S ESC "/5", "/ 5"},
	{"gateway, one request", GATEWAY, "c" CTRL_S ESC ENTER, "what came"},
	{"gateway, cost", GATEWAY, "c" CTRL_S ESC "m", "/prod/hours"},
	{"gateway, stages", GATEWAY, "d", "partners/prod"},
	{"gateway, stopping", GATEWAY, "q", "y or n"},
	{"gateway, connection", CHAT, "w", "/live"},
	{"labs", "", "l", "The locked door"},
	{"lab, story", "", "l\r", "Visitors of /door"},
	{"lab, begun", "", "l\r\r", "○ open"},
	{"lab", "", "l\r\r2", "✗"},
	{"lab, hint", "", "l\r\r2h", "hint 1"},
	{"lab, requests", "", "l\r\rl", "Many at once"},
	{"lab, files", "", "l\r\re", "door.openapi.yaml"},
	{"proof", "lab facts/no-key", "", "✓ Without a key"},
	{"evidence", "", "l" DOWN "\r", "Which stage fails?"},
	{"evidence, chosen", "", "l" DOWN "\rb", "[■] B"},
	{"evidence, answer", "", "l" DOWN "\r\a", "✗ Given up."},
	{"note", "review id:idle", "o", "Choose between REST APIs and HTTP APIs"},
};
const size_t scene_count = ARRAY_LEN(scenes);

const struct scene *scene_named(const char *name)
{
	for (size_t i = 0; i < scene_count; i++)
		if (strcmp(scenes[i].name, name) == 0)
			return &scenes[i];
	fail_msg("there is no scene \"%s\"", name);
	return NULL;
}

void scene_prepare(struct home *h)
{
	home_labs(h);
	home_api(h, "partners");
	home_api(h, "chat");
	home_write(h, "config.yaml",
		   "exam: mini\nlearn-ahead: 0\nfuzz: off\nexam-date: 2026-12-02\n");
	assert_int_equal(home_run(h, "review id:connections", "\n3\n", NULL), 0);
	assert_int_equal(home_run(h, "search id:idle --do due=0", "", NULL), 0);
}

struct term *scene_start(const struct home *h, const struct scene *s)
{
	struct term *t = home_start(h, s->args);
	char key[4];
	size_t n;
	term_wait_change(t, term_keep(t));
	for (const char *k = s->keys; *k; k += n) {
		const char *before = term_keep(t);
		n = strncmp(k, UP, 2) == 0 ? strlen(UP) : 1;
		snprintf(key, sizeof(key), "%.*s", (int)n, k);
		term_send(t, key);
		term_wait_change(t, before);
	}
	term_wait(t, s->text);
	return t;
}

void scene_end(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}
