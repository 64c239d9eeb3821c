/* bench_yaml.c -- the cost of a tree over libyaml's own events. Usage: bench_yaml [FILE]. Without a
 * file a deck of 100,000 cards is made. Each is run five times by turns and the fastest counts, so
 * that other work on the machine does not. Reaches its goal when the ratio is below 2. */
#include "base/file.h"
#include "base/yaml.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

#define CARDS 100000
#define ROUNDS 5

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void make_deck(struct str *out)
{
	str_add(out,
		"deck: bench\ntitle: A deck of many cards\nformat: 1\ntags: [websocket, limits]\n"
		"sources:\n  s: {title: Quotas, url: "
		"\"https://docs.aws.amazon.com/x.html\"}\ncards:\n");
	for (int i = 0; i < CARDS; i += 2) {
		str_addf(out,
			 "- id: card-%d\n  kind: basic\n  front: How long may connection %d stay "
			 "silent?\n",
			 i, i);
		str_add(out, "  back: 10 minutes. The 2-hour limit is for the whole connection, "
			     "busy or not.\n"
			     "  source: s\n");
		str_addf(out,
			 "- id: card-%d\n  kind: choice\n  question: Which limit ended connection "
			 "%d?\n",
			 i + 1, i);
		str_add(out, "  options:\n"
			     "  - {text: The 10-minute idle timeout, right: true, why: \"No frame "
			     "for 10 minutes.\"}\n"
			     "  - {text: The 2-hour duration, why: It ends a connection whatever "
			     "its traffic.}\n"
			     "  - {text: The 29-second timeout, why: It bounds one backend call.}\n"
			     "  source: s\n");
	}
}

static size_t events_alone(const struct str *text)
{
	yaml_parser_t parser;
	yaml_event_t e;
	size_t n = 0;
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->p, text->len);
	for (bool more = true; more; n++) {
		if (!yaml_parser_parse(&parser, &e)) {
			fprintf(stderr, "bench_yaml: line %zu: %s\n", parser.problem_mark.line + 1,
				parser.problem);
			exit(1);
		}
		more = e.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&parser);
	return n;
}

static size_t read_tree(const struct str *text)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	if (!yaml_read(&a, "bench", text->p, text->len, &root, &d)) {
		diags_print(&d, stderr);
		exit(1);
	}
	size_t total = a.total;
	arena_clear(&a);
	diags_clear(&d);
	return total;
}

int main(int argc, char **argv)
{
	struct str text = {0};
	struct diags d = {0};
	if (argc < 2)
		make_deck(&text);
	else if (!file_read(argv[1], MAX_TREE_BYTES, &text, &d)) {
		diags_print(&d, stderr);
		return 1;
	}
	double alone_s = 1e9, tree_s = 1e9;
	size_t events = 0, bytes = 0;
	for (int i = 0; i < ROUNDS; i++) {
		double t0 = now_s();
		events = events_alone(&text);
		double t1 = now_s();
		bytes = read_tree(&text);
		double t2 = now_s();
		alone_s = t1 - t0 < alone_s ? t1 - t0 : alone_s;
		tree_s = t2 - t1 < tree_s ? t2 - t1 : tree_s;
	}
	double mb = (double)text.len / 1e6;
	printf("%.1f MB, %zu events, tree of %.1f MB\n", mb, events, (double)bytes / 1e6);
	printf("events alone %.3f s (%.0f MB/s), tree %.3f s (%.0f MB/s), ratio %.2f\n", alone_s,
	       mb / alone_s, tree_s, mb / tree_s, tree_s / alone_s);
	str_clear(&text);
	diags_clear(&d);
	return 0;
}
