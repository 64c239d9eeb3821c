/* bench_deck.c -- what loading a deck costs beside libyaml: N cards of all kinds in memory (default
 * 100,000), or the file given. Prints CPU seconds and their ratio to libyaml's own event parsing of
 * the same bytes. */
#include "base/file.h"
#include "base/yaml.h"
#include "deck/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

static const char *const forms[] = {
	"- id: basic-%d\n  kind: basic\n  tags: [websocket, limits]\n"
	"  front: How long may a WebSocket connection stay silent before API Gateway closes it?\n"
	"  back: 10 minutes. The 2-hour limit is for the whole connection, busy or not.\n  source: "
	"quotas\n",
	"- id: cloze-%d\n  kind: cloze\n  text: A WebSocket frame may hold {{c1::32 KB}} and a "
	"message {{c2::128 KB}}.\n"
	"  why: Both are hard limits; a larger one closes the connection.\n  source: [quotas, "
	"other]\n",
	"- id: table-%d\n  kind: table\n  title: REST and WebSocket APIs side by side\n"
	"  columns: {rest: REST API, ws: WebSocket API}\n  rows:\n"
	"    first: [Who may speak first, only the client, either side]\n"
	"    bill: [Billed by, request, message and connection minute]\n  ask: cell\n  source: "
	"quotas\n",
	"- id: choice-%d\n  kind: choice\n"
	"  question: A market-data client goes quiet for 15 minutes and comes back to a closed "
	"socket. Which limit applied?\n"
	"  options:\n"
	"  - {text: The 10-minute idle timeout, right: true, why: No frame crossed the connection "
	"for 10 minutes.}\n"
	"  - {text: The 2-hour connection duration, why: It ends a connection whatever its "
	"traffic.}\n"
	"  - {text: The 29-second integration timeout, why: It bounds one backend call.}\n"
	"  - {text: The 128 KB message size, why: Size closes with code 1009.}\n  source: quotas\n",
	"- id: truefalse-%d\n  kind: truefalse\n  statement: The idle timeout can be raised.\n  "
	"answer: false\n"
	"  why: Neither limit can be raised.\n  source: quotas\n",
	"- id: typed-%d\n  kind: typed\n  question: What is the default integration timeout of a "
	"REST API?\n"
	"  accept: ['29 ?s(ec(ond)?s?)?']\n  show: 29 seconds\n  source: quotas\n",
};

static void make_deck(struct str *out, int cards)
{
	str_add(out,
		"deck: bench\ntitle: Bench\nformat: 1\nexam: {dva-c02: \"1.1\"}\ntags: "
		"[api-gateway]\nsources:\n"
		"  quotas: {title: Quotas, url: \"https://example.org/q\", checked: 2026-11-20}\n"
		"  other: {title: Other, url: \"https://example.org/o\", checked: "
		"2026-11-20}\ncards:\n");
	for (int i = 0; i < cards; i++)
		str_addf(out, forms[(size_t)i % ARRAY_LEN(forms)], i);
}

/* CPU time, so that a busy machine does not show. */
static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fail(const char *what)
{
	fprintf(stderr, "bench_deck: %s\n", what);
	exit(1);
}

static void run_events(const struct str *bytes)
{
	yaml_parser_t p;
	yaml_event_t e;
	bool end = false;
	yaml_parser_initialize(&p);
	yaml_parser_set_input_string(&p, (const unsigned char *)bytes->p, bytes->len);
	while (!end) {
		if (!yaml_parser_parse(&p, &e))
			fail("libyaml refuses the bytes");
		end = e.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&p);
}

static void run_tree(const struct str *bytes)
{
	struct arena a = {0};
	struct node *root;
	if (!yaml_read(&a, "bench", bytes->p, bytes->len, &root, NULL))
		fail("yaml_read failed");
	arena_clear(&a);
}

static void run_deck(const struct str *bytes)
{
	struct deck deck;
	if (!deck_read(&deck, "bench", bytes->p, bytes->len, NULL))
		fail("deck_read failed");
	deck_clear(&deck);
}

/* The best of five, taken in turns: what else the machine does meets all of them alike. */
static void time_all(const struct str *bytes, double best[3])
{
	static void (*const runs[])(const struct str *) = {run_events, run_tree, run_deck};
	for (int round = 0; round < 5; round++)
		for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
			double start = now_s();
			runs[i](bytes);
			double took = now_s() - start;
			best[i] = round && best[i] < took ? best[i] : took;
		}
}

/* Time of what follows loading, for one pass over all cards. */
static void print_uses(const struct str *bytes)
{
	struct deck deck;
	struct str json = {0};
	size_t parts = 0;
	if (!deck_read(&deck, "bench", bytes->p, bytes->len, NULL))
		fail("deck_read failed");
	double start = now_s();
	for (size_t i = 0; i < deck.card_count; i++) {
		str_reset(&json);
		deck_card_json(&json, &deck, &deck.cards[i]);
	}
	double stored = now_s();
	for (size_t i = 0; i < deck.card_count; i++) {
		struct arena a = {0};
		struct part *list;
		struct face f;
		size_t n = card_parts(&a, &deck.cards[i], &list);
		for (size_t k = 0; k < n; k++)
			card_face(&a, &deck.cards[i], &list[k], &f);
		parts += n;
		arena_clear(&a);
	}
	double faced = now_s();
	printf("cards as JSON     %7.3f s\nfaces, %8zu   %7.3f s\n", stored - start, parts,
	       faced - stored);
	str_clear(&json);
	deck_clear(&deck);
}

int main(int argc, char **argv)
{
	struct str bytes = {0};
	int cards = argc > 1 ? atoi(argv[1]) : 100000;
	if (cards > 0)
		make_deck(&bytes, cards);
	else if (!file_read(argv[1], MAX_DECK_BYTES, &bytes, NULL))
		fail("cannot read the file");
	double best[3];
	time_all(&bytes, best);
	double events = best[0], tree = best[1], deck = best[2];
	printf("bytes             %7.1f MB\n", (double)bytes.len / 1e6);
	printf("libyaml, events   %7.3f s\n", events);
	printf("yaml_read         %7.3f s  %.2f x libyaml\n", tree, tree / events);
	printf("deck_read         %7.3f s  %.2f x libyaml\n", deck, deck / events);
	printf("after yaml_read   %7.3f s  %.2f x libyaml\n", deck - tree, (deck - tree) / events);
	print_uses(&bytes);
	str_clear(&bytes);
	return 0;
}
