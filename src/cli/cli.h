/* cli.h -- the command line: one table of commands and one of flags drive parsing, usage,
 * completion and the manual. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/diag.h"
#include "base/str.h"
#include "study/start.h"
#include "study/study.h"

#include <stdio.h>

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NOTHING_DUE = 3,
	EXIT_INVALID = 4, /* a deck or definition is invalid */
	EXIT_INTERRUPTED = 130,
};

/* What only main can give: the screen front end, so that cli and tui need not know each other. */
struct review_options;
struct cli_host {
	/* Run the screen front end from there on. Returns an exit code. */
	int (*tui)(struct study *s, const struct start *start, struct diags *d);
	void (*keys_mdoc)(struct str *out); /* the key table for the manual */
};

enum flag_id {
	/* everywhere */
	FLAG_PLAIN,
	FLAG_JSON,
	FLAG_DB,
	FLAG_NOW,
	FLAG_SEED,
	FLAG_NO_COLOR,
	FLAG_QUIET,
	FLAG_VERBOSE,
	FLAG_HELP,
	FLAG_VERSION,
	/* review */
	FLAG_LIMIT,
	FLAG_NEW,
	FLAG_AHEAD,
	FLAG_CRAM,
	/* quiz */
	FLAG_MINUTES,
	FLAG_KIND,
	FLAG_WEAKEST,
	/* exam */
	FLAG_ESL,
	FLAG_SHORT,
	FLAG_RESUME,
	FLAG_LIST,
	FLAG_RESULT,
	/* search */
	FLAG_DO,
	FLAG_DRY_RUN,
	/* deck */
	FLAG_WRITE,
	FLAG_CHECK,
	FLAG_TITLE,
	/* doctor */
	FLAG_REBUILD,
	FLAG_BACKUP,
	FLAG_RESTORE,
	/* tree */
	FLAG_DRILL,
	FLAG_WALK,
	FLAG_FLIP,
	FLAG_NODE,
	/* lab */
	FLAG_SOLUTION,
	FLAG_START_OVER,
	/* gateway */
	FLAG_ALLOW_COMMANDS,
	FLAG_TYPE,
	FLAG_DESCRIPTION,
	FLAG_DEPLOYMENT,
	FLAG_PROMOTE,
	FLAG_PORT,
	FLAG_LISTEN,
	FLAG_TIME_SCALE,
	FLAG_LOG,
	FLAG_TLS,
	FLAG_TRUSTSTORE,
	FLAG_WATCH,
	FLAG_METHOD,
	FLAG_PATH,
	FLAG_HEADER,
	FLAG_BODY,
	/* export, import */
	FLAG_OUTPUT,
	FLAG_FORMAT,
	FLAG_SPLIT,
	FLAG_CELLS,
	FLAG_PROGRESS,
	FLAG_NOTETYPE,
	/* import */
	FLAG_NAME,
	FLAG_TAGS,
	FLAG_HISTORY,
	/* help */
	FLAG_MDOC,
	FLAG_COMPLETION,
	FLAG_COUNT
};

struct flag {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	const char *arg;  /* name of its argument, NULL: none */
	const char *help;
	bool many; /* may be given more than once: its values are joined by newlines */
};
extern const struct flag flags[FLAG_COUNT];

/* A parsed command line. */
struct call {
	const struct command *command;
	const char *value[FLAG_COUNT]; /* argument, or "" for a flag without; NULL: not given */
	const char **args;             /* the rest */
	int arg_count;
	const struct env *env;
	const struct paths *paths;
	const struct cli_host *host;
	struct clock clock;
	bool has_seed, plain, on_terminal; /* plain: asked for, or no terminal to draw on */
	int columns;                       /* of text on c->out: the terminal's, $COLUMNS or 80 */
	bool out_is_terminal;
	uint64_t seed;
	FILE *in, *out, *err;
};

struct command {
	const char *name, *args;  /* "review", "[QUERY]" */
	const char *summary;      /* one line */
	const char *verbs;        /* lines "verb ARGS\twhat it does\n"; NULL: it has none */
	const char *about;        /* a paragraph for help and the manual, plain text */
	const char *examples;     /* lines "command\twhat it does\n" */
	unsigned long long flags; /* bits 1 << flag_id, besides the ones everywhere */
	int (*run)(struct call *c);
	bool hidden; /* not in the overview: plumbing */
};
extern const struct command commands[];
extern const size_t command_count;
const struct command *command_find(const char *name); /* NULL: there is none */
#define FLAG_BIT(id) (1ULL << (id))
#define FLAGS_EVERYWHERE ((FLAG_BIT(FLAG_VERSION) << 1) - 1)

/* argv as main got it. Returns an exit code. */
int cli_main(int argc, char **argv, const struct env *env, const struct cli_host *host);

static inline bool call_has(const struct call *c, enum flag_id f)
{
	return c->value[f] != NULL;
}
bool call_no_colour(const struct call *c); /* --no-color or NO_COLOR */
/* Open the study for a command; prints what is wrong and gives an exit code in *code when it
 * cannot. */
bool call_open(struct call *c, struct study *s, int *code);
/* Print diagnostics on stderr (errors always, warnings and notes unless -q). Clears d. */
void call_report(struct call *c, struct diags *d);
/* "gatedrill: ..." on stderr, unless -q: what is worth saying and no error. */
void call_note(struct call *c, const char *text);
/* The arguments from i on joined by spaces: a query. In the arena. */
const char *call_query(const struct call *c, int i, struct arena *a);
/* "gatedrill: ..." and the usage; returns EXIT_USAGE. */
int call_usage(struct call *c, const char *fmt, ...) PRINTF(2, 3);

/* One per file. */
int run_home(struct call *c);
int run_review(struct call *c);
int run_quiz(struct call *c);
int run_exam(struct call *c);
int run_tree(struct call *c);
int run_lab(struct call *c);
int run_gateway(struct call *c);
int run_deck(struct call *c);
int run_search(struct call *c);
int run_stats(struct call *c);
int run_config(struct call *c);
int run_doctor(struct call *c);
int run_export(struct call *c);
int run_import(struct call *c);
int run_help(struct call *c);
int run_plumbing(struct call *c);

/* The plain front end of review: prompts on c->out, answers from c->in. */
int plain_review(struct call *c, struct study *s, const struct review_options *o);

#endif
