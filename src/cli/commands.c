/* commands.c -- the tables of commands and flags. Usage, `help`, the manual's sections and the completions of three shells are printed from them, so that none can say something else. */
#include "cli/cli.h"

#include <assert.h>

const struct flag flags[FLAG_COUNT] = {
	[FLAG_PLAIN] = {"plain", 0, NULL, "One line at a time: for screen readers, scripts and slow links."},
	[FLAG_JSON] = {"json", 0, NULL, "Results as JSON."},
	[FLAG_DB] = {"db", 0, "FILE", "Use this store."},
	[FLAG_NOW] = {"now", 0, "TIME", "Take TIME (RFC 3339) for the present."},
	[FLAG_SEED] = {"seed", 0, "N", "Seed of everything drawn at random."},
	[FLAG_NO_COLOR] = {"no-color", 0, NULL, "No colours."},
	[FLAG_QUIET] = {"quiet", 'q', NULL, "No warnings and no notes."},
	[FLAG_VERBOSE] = {"verbose", 'v', NULL, "Say more about what is done."},
	[FLAG_HELP] = {"help", 'h', NULL, "Help for the command."},
	[FLAG_VERSION] = {"version", 0, NULL, "The program's version."},
	[FLAG_LIMIT] = {"limit", 'n', "N", "At most N cards."},
	[FLAG_NEW] = {"new", 0, "N", "N new cards, whatever is left of today's."},
	[FLAG_AHEAD] = {"ahead", 0, "DAYS", "Also what comes due in so many days."},
	[FLAG_CRAM] = {"cram", 0, NULL, "All cards that match, due or not; logged, not rescheduled."},
	[FLAG_DO] = {"do", 0, "ACTION", "Do this to every card found: bury, unbury, suspend, unsuspend, flag=N, leech, unleech, reset or due=DAYS."},
	[FLAG_DRY_RUN] = {"dry-run", 0, NULL, "Only say what would be done."},
	[FLAG_WRITE] = {"write", 'w', NULL, "Rewrite the files instead of printing."},
	[FLAG_CHECK] = {"check", 0, NULL, "Only say which files would change; exit 4 if any would."},
	[FLAG_TITLE] = {"title", 0, "TEXT", "Title of the new deck."},
	[FLAG_REBUILD] = {"rebuild", 0, NULL, "Derive every card's state from the review log again."},
	[FLAG_BACKUP] = {"backup", 0, "FILE", "Copy the store to FILE."},
	[FLAG_RESTORE] = {"restore", 0, "FILE", "Put the copy FILE in the store's place; the old one is kept."},
	[FLAG_MDOC] = {"mdoc", 0, "PART", "A table as mdoc: commands, flags, keys, settings, query, deck-keys or lint."},
	[FLAG_COMPLETION] = {"completion", 0, "SHELL", "Completion for bash, zsh or fish."},
};

const struct command commands[] = {
	{
		.name = "review",
		.args = "[QUERY]",
		.summary = "review the cards that are due, and new ones",
		.about = "Shows the cards that are due and today's new ones, asks each as its kind, and sets the next date by your answer. With QUERY only the cards "
			 "that match. Every answer is on disk before the next card is shown.",
		.examples = "gatedrill review\twhat is due today\n"
			    "gatedrill review tag:websocket --new 5\tone topic, five new cards\n"
			    "gatedrill review --cram is:leech\tthe hard ones, without changing their dates\n",
		.flags = FLAG_BIT(FLAG_LIMIT) | FLAG_BIT(FLAG_NEW) | FLAG_BIT(FLAG_AHEAD) | FLAG_BIT(FLAG_CRAM),
		.run = run_review,
	},
	{
		.name = "deck",
		.args = "list | show | lint | fmt | new [NAME | FILE...]",
		.summary = "list, show, check, format and make decks",
		.about = "list: all decks with their counts. show NAME: the cards of a deck, or one card (deck/id) with all its text. lint [FILE...]: check deck files, "
			 "the learner's and the bundled ones when none is given. fmt FILE...: print them in canonical layout, or rewrite them with --write. "
			 "new NAME: start a deck of your own.",
		.examples = "gatedrill deck list\tall decks\n"
			    "gatedrill deck show rest-and-websocket\tits cards\n"
			    "gatedrill deck lint my.yaml\tcheck a file\n"
			    "gatedrill deck new ws-errors --title 'WebSocket errors'\tstart a deck\n",
		.flags = FLAG_BIT(FLAG_WRITE) | FLAG_BIT(FLAG_CHECK) | FLAG_BIT(FLAG_TITLE),
		.run = run_deck,
	},
	{
		.name = "search",
		.args = "QUERY",
		.summary = "find cards by text, tag, state or pattern",
		.about = "Prints the cards that match QUERY; on a terminal without --plain or --json it opens the search screen.",
		.examples = "gatedrill search timeout tag:rest\tword and tag\n"
			    "gatedrill search 'prop:lapses>3' --do flag=1\tflag the hard ones\n",
		.flags = FLAG_BIT(FLAG_LIMIT) | FLAG_BIT(FLAG_DO) | FLAG_BIT(FLAG_DRY_RUN),
		.run = run_search,
	},
	{
		.name = "stats",
		.args = "[QUERY]",
		.summary = "recall, work done and work ahead",
		.about = "Counts by state, recall measured against recall aimed at, the last days and the reviews ahead; of all cards or of those that match QUERY.",
		.examples = "gatedrill stats\teverything\ngatedrill stats tag:limits --json\tone topic, as JSON\n",
		.run = run_stats,
	},
	{
		.name = "config",
		.args = "[KEY [VALUE]]",
		.summary = "show and change settings",
		.about = "Without arguments all settings, with KEY that one, with KEY and VALUE sets it. VALUE default goes back to the default.",
		.examples = "gatedrill config retention 0.95\taim higher\ngatedrill config day-start default\tback to 04:00\n",
		.run = run_config,
	},
	{
		.name = "doctor",
		.args = "",
		.summary = "check the installation and the store",
		.about = "Versions, paths, the store's integrity, deck files with problems. --rebuild derives the cards' states from the review log; --backup and --restore copy the store "
			 "out and in. A copy is also made by itself once a day; the ten newest are kept.",
		.examples = "gatedrill doctor\tcheck everything\ngatedrill doctor --backup ~/gatedrill.db\tkeep a copy\n",
		.flags = FLAG_BIT(FLAG_REBUILD) | FLAG_BIT(FLAG_BACKUP) | FLAG_BIT(FLAG_RESTORE),
		.run = run_doctor,
	},
	{
		.name = "help",
		.args = "[COMMAND]",
		.summary = "this overview, or help for a command",
		.about = "Prints help.",
		.examples = "gatedrill help review\thelp for one command\n",
		.flags = FLAG_BIT(FLAG_MDOC) | FLAG_BIT(FLAG_COMPLETION),
		.run = run_help,
	},
	{
		.name = "plumbing",
		.args = "fsrs",
		.summary = "JSON Lines in, JSON Lines out, for scripts and tests",
		.about = "fsrs: memory states and intervals of the FSRS-6 model.",
		.examples = "echo '{\"reviews\":[[3,0],[3,2]]}' | gatedrill plumbing fsrs\tstates after two answers\n",
		.run = run_plumbing,
		.hidden = true,
	},
};
const size_t command_count = ARRAY_LEN(commands);

static_assert(FLAG_COUNT <= 64, "a command's flags are bits of one word");
