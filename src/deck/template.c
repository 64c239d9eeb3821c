/* template.c -- the deck that `deck new` writes: one card of each kind, true as it stands and with
 * nothing left to fill in but the learner's own facts, so that it can be reviewed at once and
 * changed card by card. */
#include "deck/keys.h"

#include "base/yaml.h"

#define GUIDE "https://docs.aws.amazon.com/apigateway/latest/developerguide/"

/* clang-format off */
static const char head[] =
	"# A deck is one YAML file. Text is Markdown: *emphasis*, `code`, lists, tables.\n"
	"# All keys are in gatedrill-deck(5). Check the file with: gatedrill deck lint FILE\n"
	"# Study history hangs on ids: reword a card as you like, but keep its id.\n";

static const char top[] =
	"about: >-\n"
	"  What this deck covers, and for whom.\n"
	"  One card of each kind stands below: change them or throw them out.\n"
	"format: 1\n"
	"# Exam tasks of the cards, by blueprint. A card may have its own.\n"
	"exam: {dva-c02: \"1.1\", dva-c03: \"1.1\"}\n"
	"# Every card gets these tags.\n"
	"tags: [api-gateway]\n"
	"\n"
	"# Where the facts come from. checked is the day on which you last compared your cards with the page.\n"
	"sources:\n";

static const char cards[] =
	"cards:\n"
	"# basic: a question and its answer.\n"
	"- id: idle-time\n"
	"  kind: basic\n"
	"  tags: [websocket]\n"
	"  front: How long may a WebSocket connection stay silent before API Gateway closes it?\n"
	"  back: 10 minutes.\n"
	"  hint: It is shorter than the longest life of a connection.\n"
	"  source: ws-quotas\n"
	"\n"
	"# reversed: asked in both directions.\n"
	"- id: route-default\n"
	"  kind: reversed\n"
	"  tags: [websocket]\n"
	"  front: The WebSocket route `$default`\n"
	"  back: Gets the messages that no other route was selected for\n"
	"  source: ws-routes\n"
	"\n"
	"# cloze: holes in a text. Each number is a review card of its own; a hint may follow the answer.\n"
	"- id: frame-and-message\n"
	"  kind: cloze\n"
	"  tags: [websocket]\n"
	"  text: A WebSocket frame may hold {{c1::32 KB}}, a whole message {{c2::128 KB::how many KB?}}.\n"
	"  source: ws-quotas\n"
	"\n"
	"# table: asked by cell, by row, or all at once.\n"
	"- id: times\n"
	"  kind: table\n"
	"  title: Time limits of REST and WebSocket APIs\n"
	"  columns: {rest: REST API, ws: WebSocket API}\n"
	"  rows:\n"
	"    integration: [Integration timeout, 29 seconds by default, 29 seconds]\n"
	"    connection: [Longest connection, one request, 2 hours]\n"
	"  ask: row\n"
	"  source: [rest-quotas, ws-quotas]\n"
	"\n"
	"# truefalse: a statement, and why it is true or not.\n"
	"- id: idle-can-be-raised\n"
	"  kind: truefalse\n"
	"  tags: [websocket]\n"
	"  statement: AWS raises the idle timeout of a WebSocket API on request.\n"
	"  answer: false\n"
	"  why: The quota of 10 minutes cannot be increased.\n"
	"  lore: Some notes give 2 hours, which is the longest life of a connection.\n"
	"  source: ws-quotas\n"
	"\n"
	"# choice: options are shuffled. With \"choose: 2\" two of them are right, and both must be found.\n"
	"- id: which-limit\n"
	"  kind: choice\n"
	"  tags: [websocket]\n"
	"  question: >-\n"
	"    A price feed is silent over lunch, and after 15 minutes its clients find the socket closed.\n"
	"    Which limit applied?\n"
	"  options:\n"
	"  - text: The 2-hour connection duration\n"
	"    why: It ends any connection, but not after 15 minutes.\n"
	"  - text: The 10-minute idle timeout\n"
	"    right: true\n"
	"    why: Nothing crossed the connection for more than 10 minutes.\n"
	"  - text: The 29-second integration timeout\n"
	"    why: It bounds one call of a backend, not the connection.\n"
	"  - text: The 128 KB message size\n"
	"    why: It is met when a message is sent, not in silence.\n"
	"  source: ws-quotas\n"
	"\n"
	"# matching: decoys are right-hand texts that belong to nothing.\n"
	"- id: limits-of-what\n"
	"  kind: matching\n"
	"  tags: [websocket]\n"
	"  question: What does each limit of a WebSocket API bound?\n"
	"  pairs:\n"
	"  - {left: 10 minutes, right: silence}\n"
	"  - {left: 2 hours, right: life of a connection}\n"
	"  - {left: 128 KB, right: message}\n"
	"  decoys: [number of routes]\n"
	"  source: ws-quotas\n"
	"\n"
	"# ordering: the items in their right order.\n"
	"- id: shortest-first\n"
	"  kind: ordering\n"
	"  tags: [websocket]\n"
	"  question: Order the time limits of a WebSocket API, shortest first.\n"
	"  items:\n"
	"  - Integration timeout\n"
	"  - Idle connection timeout\n"
	"  - Connection duration\n"
	"  source: ws-quotas\n"
	"\n"
	"# typed: accept holds patterns (PCRE2), one of which must match the whole answer.\n"
	"- id: rest-timeout\n"
	"  kind: typed\n"
	"  tags: [rest]\n"
	"  question: What is the default integration timeout of a REST API?\n"
	"  accept:\n"
	"  - '29 ?s(ec(ond)?s?)?'\n"
	"  show: 29 seconds\n"
	"  source: rest-quotas\n";

static const struct {
	const char *id, *title, *url;
} sources[] = {
	{"rest-quotas", "Quotas for REST APIs",
	 GUIDE "api-gateway-execution-service-limits-table.html"},
	{"ws-quotas", "Quotas for WebSocket APIs",
	 GUIDE "apigateway-execution-service-websocket-limits-table.html"},
	{"ws-routes", "Routes of WebSocket APIs",
	 GUIDE "websocket-api-develop-routes.html"},
};
/* clang-format on */

void deck_template(struct str *out, const char *slug, const char *title, const char *today)
{
	str_add(out, head);
	str_addf(out, "deck: %s\ntitle: ", slug);
	yaml_add_scalar(out, title, 0);
	if (!str_ends(str_c(out), "\n"))
		str_addc(out, '\n');
	str_add(out, top);
	for (size_t i = 0; i < ARRAY_LEN(sources); i++)
		str_addf(out, "  %s:\n    title: %s\n    url: \"%s\"\n    checked: %s\n",
			 sources[i].id, sources[i].title, sources[i].url, today);
	str_addc(out, '\n');
	str_add(out, cards);
}
