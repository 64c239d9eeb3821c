/* commands.c -- the tables of commands and flags. Usage, `help`, the manual's sections and the
 * completions of three shells are printed from them, so that none can say something else. */
#include "cli/cli.h"

#include <assert.h>

const struct flag flags[FLAG_COUNT] = {
	[FLAG_PLAIN] =
		{"plain", 0, NULL,
		 "One line at a time, nothing moves: for screen readers, scripts and slow links."},
	[FLAG_JSON] = {"json", 0, NULL, "Results as JSON, from every command that only reads."},
	[FLAG_DB] = {"db", 0, "FILE", "Use FILE as the study store."},
	[FLAG_NOW] = {"now", 0, "TIME",
		      "Take TIME (RFC 3339, such as 2026-11-20T09:00:00Z) for the present."},
	[FLAG_SEED] = {"seed", 0, "N",
		       "Draw everything random from seed N, so that a run can be repeated."},
	[FLAG_NO_COLOR] = {"no-color", 0, NULL, "No colours."},
	[FLAG_QUIET] = {"quiet", 'q', NULL, "Errors only: no warnings, no notes."},
	[FLAG_VERBOSE] = {"verbose", 'v', NULL, "Also say which files are used."},
	[FLAG_HELP] = {"help", 'h', NULL, "Help for the command."},
	[FLAG_VERSION] = {"version", 0, NULL, "The program's version."},
	[FLAG_LIMIT] = {"limit", 'n', "N", "At most N cards."},
	[FLAG_NEW] = {"new", 0, "N", "Up to N new cards, whatever is left of today's."},
	[FLAG_AHEAD] = {"ahead", 0, "DAYS", "Also what comes due within so many days."},
	[FLAG_CRAM] = {"cram", 0, NULL,
		       "All cards that match, due or not; the answers are logged, the dates stay."},
	[FLAG_MINUTES] = {"minutes", 0, "M", "No new question after M minutes."},
	[FLAG_KIND] = {"kind", 0, "KIND", "Only questions of this kind, such as choice."},
	[FLAG_WEAKEST] = {"weakest", 0, NULL,
			  "Weakest first: the lowest chance of a right answer now."},
	[FLAG_ESL] = {"esl", 0, NULL,
		      "With the extra minutes of those whose first language is not English."},
	[FLAG_SHORT] = {"short", 0, NULL,
			"The largest form that the decks can fill, in the same proportions."},
	[FLAG_RESUME] = {"resume", 0, NULL, "Go on with a waiting exam, the last one or ID."},
	[FLAG_LIST] = {"list", 0, NULL, "All exams, waiting and ended; all labs."},
	[FLAG_RESULT] = {"result", 0, NULL, "The result of an ended exam, the last one or ID."},
	[FLAG_DO] = {"do", 0, "ACTION",
		     "Do this to every card found: bury, unbury, suspend, unsuspend, flag=N, "
		     "leech, unleech, reset or due=DAYS."},
	[FLAG_DRY_RUN] = {"dry-run", 0, NULL, "Only say what would be done. search: with --do."},
	[FLAG_WRITE] = {"write", 'w', NULL, "With fmt: rewrite the files instead of printing."},
	[FLAG_CHECK] =
		{"check", 0, NULL,
		 "With fmt: only name the files that would change; exit 4 if there are any. Of a "
		 "lab: which goals its start meets without the solution's edits; exit 1 if all."},
	[FLAG_TITLE] = {"title", 0, "TEXT", "Title of the deck. deck: with new."},
	[FLAG_REBUILD] = {"rebuild", 0, NULL,
			  "Derive every card's state from the review log again."},
	[FLAG_BACKUP] = {"backup", 0, "FILE", "Copy the store to FILE, which must not exist yet."},
	[FLAG_RESTORE] = {"restore", 0, "FILE",
			  "Put the copy FILE in the store's place; the old store is kept."},
	[FLAG_DRILL] =
		{"drill", 0, "N",
		 "Ask N scenarios, each with options to choose from. Of lab: N faults, each with "
		 "its log, metrics and trace."},
	[FLAG_WALK] = {"walk", 0, "N",
		       "Walk the tree for N scenarios: the first wrong turn is the mistake."},
	[FLAG_FLIP] = {"flip", 0, "FEATURE",
		       "With --seed: turn FEATURE over in the case, so that the answer changes."},
	[FLAG_NODE] = {"node", 0, "NODE",
		       "With --walk: pairs of cases that differ in one fact, at this node."},
	[FLAG_SOLUTION] = {"solution", 0, NULL,
			   "Carry out the lab's model solution on a copy; exit 1 if it fails."},
	[FLAG_START_OVER] = {"start-over", 0, NULL,
			     "Begin the lab anew: the files as they came, no goal met."},
	[FLAG_ALLOW_COMMANDS] =
		{"allow-commands", 0, NULL,
		 "Functions of these files may run their commands: only for files you trust."},
	[FLAG_TYPE] =
		{"type", 0, "TYPE",
		 "What an OpenAPI file on its own describes: REST or HTTP; guessed when it is "
		 "not said."},
	[FLAG_DESCRIPTION] = {"description", 0, "TEXT", "With deploy: what the deployment is for."},
	[FLAG_DEPLOYMENT] = {"deployment", 0, "ID",
			     "With deploy: let the stage serve this earlier deployment."},
	[FLAG_PROMOTE] = {"promote", 0, NULL,
			  "With deploy: the canary's deployment becomes the stage's."},
	[FLAG_PORT] =
		{"port", 0, "P",
		 "With run: the port to listen on, 8787 if not given; 0 takes one that is free. "
		 "With ws-echo and labs: the same, any free one if not given."},
	[FLAG_LISTEN] = {"listen", 0, "ADDRESS",
			 "With run: listen on ADDRESS instead of 127.0.0.1: others on the network "
			 "can then send requests."},
	[FLAG_TIME_SCALE] = {"time-scale", 0, "X",
			     "With run: let time pass X times as fast for limits, quotas, caches "
			     "and idle connections."},
	[FLAG_LOG] = {"log", 0, "FORMAT",
		      "With run: access logs instead of a line of its own for each request: clf, "
		      "json, xml, csv, stage (the format each stage is set to), a format with "
		      "$context in it; execution adds execution logs."},
	[FLAG_TLS] = {"tls", 0, NULL,
		      "With run: https and wss, with the certificates of gateway cert, which are "
		      "made when they are not there."},
	[FLAG_TRUSTSTORE] =
		{"truststore", 0, "FILE",
		 "With run --tls: clients must show a certificate that one in FILE vouches for."},
	[FLAG_WATCH] = {"watch", 0, NULL,
			"With run: read the definitions again when they change. Stages that need a "
			"deployment go on serving theirs."},
	[FLAG_METHOD] = {"method", 0, "METHOD", "With test: the method of the request, else GET."},
	[FLAG_PATH] = {"path", 0, "PATH",
		       "With test: path and query of the request, below the stage."},
	[FLAG_HEADER] = {"header", 0, "HEADER",
			 "With test: a header of the request, \"Name: value\"; as often as needed.",
			 .many = true},
	[FLAG_BODY] = {"body", 0, "TEXT",
		       "With test and push: the body of the request; @FILE is what a file holds."},
	[FLAG_OUTPUT] = {"output", 'o', "FILE",
			 "Write to FILE, whose end tells the format. export: - is standard output; "
			 "exam --result: .md or .json."},
	[FLAG_FORMAT] =
		{"format", 0, "FORMAT",
		 "export: anki-csv, anki-tsv, apkg, json, markdown, gift or csv-plain, of a "
		 "gateway json or yaml. import: anki-text, apkg, json, markdown, gift or yaml. "
		 "Guessed from the file when it is not said."},
	[FLAG_SPLIT] = {"split", 0, NULL,
			"For Anki's text files: one file per note type, such as cards-basic.csv."},
	[FLAG_CELLS] = {"cells", 0, NULL,
			"For Anki: a note for each cell of a table instead of one for the table."},
	[FLAG_PROGRESS] = {"progress", 0, NULL,
			   "For apkg and json: the review log and the state of each card too."},
	[FLAG_NOTETYPE] = {"notetype", 0, "NAME=NAME",
			   "For Anki's text files: what Anki calls a note type in your language, "
			   "such as Basic=Einfach. May be given for each.",
			   .many = true},
	[FLAG_NAME] = {"name", 0, "NAME", "Call the deck NAME, when there is one deck only."},
	[FLAG_TAGS] = {"tags", 0, "TAG,TAG", "Give these tags to every card."},
	[FLAG_HISTORY] =
		{"history", 0, NULL,
		 "From apkg and json: the answers given there too, so that study goes on."},
	[FLAG_MDOC] = {"mdoc", 0, "PART",
		       "A table as mdoc source, for the manual: commands, flags, keys, "
		       "line-commands, quiz-commands, exam-commands, result-commands, "
		       "lab-commands, settings, "
		       "query, deck-keys, exam-keys, matrix-keys, tree-keys, lab-keys, "
		       "prices-keys, lint, stack-keys or builtins."},
	[FLAG_COMPLETION] = {"completion", 0, "SHELL",
			     "A completion script for bash, zsh or fish."},
};

const struct command commands[] = {
	{
		.name = "review",
		.args = "[QUERY]",
		.summary = "review the cards that are due, and new ones",
		.about = "Shows the cards that are due and today's new ones, asks each as its "
			 "kind, and sets its next date by your answer. With QUERY only the cards "
			 "that match. Every answer is on disk before the next card is shown. Exits "
			 "with 3 when nothing is due.",
		.examples = "gatedrill review\twhat is due today\n"
			    "gatedrill review tag:websocket --new 5\tone topic, five new cards\n"
			    "gatedrill review --cram is:leech\tthe hard ones, dates unchanged\n",
		.flags = FLAG_BIT(FLAG_LIMIT) | FLAG_BIT(FLAG_NEW) | FLAG_BIT(FLAG_AHEAD) |
			 FLAG_BIT(FLAG_CRAM),
		.run = run_review,
	},
	{
		.name = "quiz",
		.args = "[QUERY]",
		.summary = "practice questions, each answered at once",
		.about = "Asks questions that can be graded and shows at once why each option is "
			 "right or wrong, with its source. Say how sure you are before you see the "
			 "answer: what was wrong or unsure comes back as a review, and a right "
			 "answer counts as known only as far as it was not likely a guess. Twenty "
			 "questions unless -n says otherwise; the same --seed asks the same ones. "
			 "Exits with 3 when there is nothing to ask.",
		.examples = "gatedrill quiz\ttwenty questions\n"
			    "gatedrill quiz domain:2 -n 10\tten of one domain\n"
			    "gatedrill quiz --weakest --minutes 15\ta quarter of an hour\n"
			    "gatedrill quiz tag:cors --kind choice\tone topic, one kind\n",
		.flags = FLAG_BIT(FLAG_LIMIT) | FLAG_BIT(FLAG_MINUTES) | FLAG_BIT(FLAG_KIND) |
			 FLAG_BIT(FLAG_WEAKEST),
		.run = run_quiz,
	},
	{
		.name = "exam",
		.args = "[EXAM | FORM | ID]",
		.summary = "timed mock exams, answers at the end",
		.about =
			"A mock exam as the real one: as many questions, minutes and per cent of "
			"each domain as its blueprint says, some of them unscored and not marked. "
			"Every key press is on disk, so an exam that was left, killed or shut down "
			"goes on with --resume; time away does not count. FORM is the id that each "
			"exam prints, such as dva-c03.4711.2, and asks the same questions "
			"anywhere. Without EXAM it is the one of the setting exam, or the one in "
			"use today. gatedrill-exam(5) says more.",
		.examples = "gatedrill exam\ta full mock exam\n"
			    "gatedrill exam dva-c03 --esl\twith 30 minutes more\n"
			    "gatedrill exam --resume\tgo on where you left\n"
			    "gatedrill exam dva-c03.4711.2\tone form again\n"
			    "gatedrill exam --result -o result.md\tthe last result, as Markdown\n",
		.flags = FLAG_BIT(FLAG_ESL) | FLAG_BIT(FLAG_SHORT) | FLAG_BIT(FLAG_RESUME) |
			 FLAG_BIT(FLAG_LIST) | FLAG_BIT(FLAG_RESULT) | FLAG_BIT(FLAG_OUTPUT),
		.run = run_exam,
	},
	{
		.name = "tree",
		.args = "[NAME]",
		.summary = "decision trees: advice, scenario drills, walks",
		.about =
			"Without NAME the list of trees. With NAME alone the tree asks about your "
			"own "
			"case and recommends an option, with its reasons and what would change it. "
			"--drill and --walk ask generated scenarios, of which each has one answer "
			"that the table behind the tree proves. Each case prints its seed, which "
			"makes it again. With --json the cases are printed, a line each, and "
			"nothing is asked. gatedrill-tree(5) describes the files.",
		.examples =
			"gatedrill tree\tall trees and how you did\n"
			"gatedrill tree which-api-type\tadvice for a case of your own\n"
			"gatedrill tree which-api-type --drill 10\tten scenarios\n"
			"gatedrill tree which-api-type --walk 10\tten walks, node by node\n"
			"gatedrill tree which-api-type --seed 7 --json\tone case with its proof\n",
		.flags = FLAG_BIT(FLAG_DRILL) | FLAG_BIT(FLAG_WALK) | FLAG_BIT(FLAG_FLIP) |
			 FLAG_BIT(FLAG_NODE),
		.run = run_tree,
	},
	{
		.name = "lab",
		.args = "[NAME | NAME/REQUEST | --drill N [DRILL]]",
		.summary = "hands-on labs against the simulator, proofs, drills",
		.about =
			"Without NAME the list of labs. With NAME the lab is served on loopback: "
			"read its story, send requests, edit its files, and see each goal met as a "
			"trace shows it. It works on your own copy, and goes on where you left "
			"it. Hints come one by one; after the end comes the explanation. "
			"NAME/REQUEST runs one request of a lab or of a file of proofs on the "
			"definition as it came, and shows the trace that decides: what p does "
			"after the answer of a card that names a proof. --drill shows logs, "
			"metrics and a trace of a fault drawn from a seed; name the stage. A lab "
			"that is not bundled and runs commands asks first. Leaving a lab is no "
			"failure, whatever was met. gatedrill-lab(5) describes the files.",
		.examples = "gatedrill lab\tall labs and how far you came\n"
			    "gatedrill lab api-keys\twork on one\n"
			    "gatedrill lab api-keys --start-over\tthe same anew\n"
			    "gatedrill lab --drill 5\tfive faults to find\n"
			    "gatedrill lab --drill 1 --seed 7 --json\tone case with its truth\n"
			    "gatedrill lab api-keys --solution\tdoes its solution pass?\n",
		.flags = FLAG_BIT(FLAG_LIST) | FLAG_BIT(FLAG_DRILL) | FLAG_BIT(FLAG_CHECK) |
			 FLAG_BIT(FLAG_SOLUTION) | FLAG_BIT(FLAG_START_OVER) | FLAG_BIT(FLAG_PORT) |
			 FLAG_BIT(FLAG_ALLOW_COMMANDS),
		.run = run_lab,
	},
	{
		.name = "gateway",
		.args = "VERB FILE...",
		.summary = "API definitions, served on loopback",
		.verbs = "run FILE...\tserve APIs, and show each request with its stages; a line "
			 "for each with --plain, --log or --quiet\n"
			 "check FILE...\tsay what is wrong with definitions, and what is not "
			 "simulated\n"
			 "deploy FILE [STAGE]\tlet a stage serve the definition as it is now; all "
			 "stages if none is named\n"
			 "stages FILE...\twhat each stage serves, and all deployments\n"
			 "test FILE [STAGE]\tone request through a definition as it is now: "
			 "answer and execution log, as the console's Test button shows them\n"
			 "export FILE [API/STAGE]\twhat a stage serves, as OpenAPI with "
			 "extensions\n"
			 "cert [HOST...]\tmake an authority and certificates for --tls, also good "
			 "for these hosts\n"
			 "push ADDRESS ID...\tsend --body, or what is read, to connections of the "
			 "WebSocket API's stage at ADDRESS; prints the ids that are gone\n",
		.about =
			"A small simulator of Amazon API Gateway. FILE is a stack file, which "
			"gatedrill-api(5) describes, or an OpenAPI file on its own. A REST or "
			"WebSocket API serves its last deployment, whatever became of its file "
			"since; a stage that was never deployed is deployed when it is first "
			"served. Where APIs have stages of the same name, STAGE may be API/STAGE. "
			"A test of a REST API asks no authorizer and no API key, and throttles and "
			"caches nothing; --json prints its trace. Exits with 4 when a definition "
			"cannot be served.",
		.examples =
			"gatedrill gateway run shop.yaml\tserve it on port 8787\n"
			"gatedrill gateway run shop.yaml --plain\ta line for each request\n"
			"gatedrill gateway run shop.yaml --time-scale 60\ta quota of a day in 24 "
			"minutes\n"
			"gatedrill gateway run shop.yaml --json\ttraces, a line of JSON each\n"
			"gatedrill gateway check shop.yaml\tcheck a definition\n"
			"gatedrill gateway deploy shop.yaml dev\tpublish what was changed\n"
			"gatedrill gateway stages shop.yaml\twhat is served\n"
			"gatedrill gateway test shop.yaml --path '/pets?kind=dog'\ttry it\n"
			"gatedrill gateway export shop.yaml shop/dev -o out.yaml\tas OpenAPI\n",
		.flags = FLAG_BIT(FLAG_ALLOW_COMMANDS) | FLAG_BIT(FLAG_TYPE) |
			 FLAG_BIT(FLAG_DESCRIPTION) | FLAG_BIT(FLAG_DEPLOYMENT) |
			 FLAG_BIT(FLAG_PROMOTE) | FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_FORMAT) |
			 FLAG_BIT(FLAG_PORT) | FLAG_BIT(FLAG_LISTEN) | FLAG_BIT(FLAG_TIME_SCALE) |
			 FLAG_BIT(FLAG_LOG) | FLAG_BIT(FLAG_TLS) | FLAG_BIT(FLAG_TRUSTSTORE) |
			 FLAG_BIT(FLAG_WATCH) | FLAG_BIT(FLAG_METHOD) | FLAG_BIT(FLAG_PATH) |
			 FLAG_BIT(FLAG_HEADER) | FLAG_BIT(FLAG_BODY),
		.run = run_gateway,
	},
	{
		.name = "deck",
		.args = "list | show NAME | lint [PATH...] | fmt FILE... | new NAME",
		.summary = "list, show, check, format and start decks",
		.verbs = "list\tall decks with their counts; also without a word\n"
			 "show NAME\tthe cards of a deck, or one card (deck/id) with all its text\n"
			 "lint [PATH...]\tcheck files of decks and data, and folders of them; "
			 "your own decks and all that is bundled if none is named\n"
			 "fmt FILE...\tprint deck files in canonical layout\n"
			 "new NAME\tstart a deck of your own, with one card of each kind\n",
		.about = "Decks are YAML files; gatedrill-deck(5) describes them, "
			 "gatedrill-exam(5) the blueprints of exams. Messages about a "
			 "file begin with path:line:column, so that editors can jump there. Exits "
			 "with 4 when lint finds an error or a file cannot be read. With "
			 "--verbose lint also says how often guessing would be right over all "
			 "choices it was given.",
		.examples = "gatedrill deck list\tall decks\n"
			    "gatedrill deck show rest-and-websocket\tits cards\n"
			    "gatedrill deck lint my.yaml\tcheck a file\n"
			    "gatedrill deck lint decks data\tcheck two folders\n"
			    "gatedrill deck new errors --title 'API errors'\tstart a deck\n",
		.flags = FLAG_BIT(FLAG_WRITE) | FLAG_BIT(FLAG_CHECK) | FLAG_BIT(FLAG_TITLE),
		.run = run_deck,
	},
	{
		.name = "search",
		.args = "[QUERY]",
		.summary = "find cards by text, tag, state or pattern",
		.about = "Prints the cards that match QUERY. On a terminal, without --plain, "
			 "--json, --limit or --do, it opens the search screen. With --do something "
			 "is done to all cards found; "
			 "each such change can be undone in a review.",
		.examples = "gatedrill search timeout tag:rest\ta word and a tag\n"
			    "gatedrill search 'prop:lapses>3' --do flag=1\tflag the hard ones\n",
		.flags = FLAG_BIT(FLAG_LIMIT) | FLAG_BIT(FLAG_DO) | FLAG_BIT(FLAG_DRY_RUN),
		.run = run_search,
	},
	{
		.name = "export",
		.args = "[QUERY] -o FILE",
		.summary = "cards for Anki, Moodle, spreadsheets and others",
		.about = "Writes the cards that match QUERY, or all, into FILE, and says how to "
			 "bring "
			 "it into the other program. The name of the file tells the format: .csv, "
			 ".tsv and .apkg for Anki, .json, .md, and .gift for Moodle. FILE appears "
			 "when it is whole; Ctrl-C leaves nothing. Exporting again and importing "
			 "again updates notes and doubles none. gatedrill-export(7) leads through "
			 "it step by step.",
		.examples =
			"gatedrill export -o cards.apkg\teverything, as a package for Anki\n"
			"gatedrill export deck:caching -o caching.csv\tone deck, as text\n"
			"gatedrill export --progress -o study.apkg\twith what you know of them\n"
			"gatedrill export tag:quota --format csv-plain -o -\ta table to read\n",
		.flags = FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_FORMAT) | FLAG_BIT(FLAG_SPLIT) |
			 FLAG_BIT(FLAG_CELLS) | FLAG_BIT(FLAG_PROGRESS) | FLAG_BIT(FLAG_NOTETYPE),
		.run = run_export,
	},
	{
		.name = "import",
		.args = "FILE...",
		.summary = "cards from Anki, Markdown, Moodle and exports",
		.about =
			"Makes decks of your own from FILEs: Anki's packages (.apkg, .colpkg) and "
			"text files, Markdown with Front and Back or with Q: and A:, GIFT, and "
			"what "
			"export writes, which comes back as it was. Nothing is overwritten: a deck "
			"whose name is taken gets another. Says what could not be carried over, "
			"with "
			"file and line. Exits with 4 when a file cannot be read. "
			"gatedrill-export(7) leads through it step by step.",
		.examples =
			"gatedrill import cards.apkg --dry-run\tonly see what would come\n"
			"gatedrill import cards.apkg --history\twith the answers given in Anki\n"
			"gatedrill import notes.md --name my-notes --tags own,vpc\tone deck, "
			"named\n",
		.flags = FLAG_BIT(FLAG_DRY_RUN) | FLAG_BIT(FLAG_NAME) | FLAG_BIT(FLAG_TITLE) |
			 FLAG_BIT(FLAG_TAGS) | FLAG_BIT(FLAG_FORMAT) | FLAG_BIT(FLAG_HISTORY),
		.run = run_import,
	},
	{
		.name = "stats",
		.args = "[QUERY]",
		.summary = "recall, work done and work ahead",
		.about = "Counts by state, recall measured against recall aimed at, the last 30 "
			 "days and the reviews ahead; of all cards or of those that match QUERY.",
		.examples = "gatedrill stats\teverything\n"
			    "gatedrill stats tag:limits --json\tone topic, as JSON\n",
		.run = run_stats,
	},
	{
		.name = "config",
		.args = "[KEY [VALUE]]",
		.summary = "show and change settings",
		.about = "Without arguments all settings, with KEY that one, with KEY and VALUE "
			 "sets it. The VALUE default goes back to the default. The settings stand "
			 "in a YAML file; "
			 "its comments are kept.",
		.examples = "gatedrill config\tall settings\n"
			    "gatedrill config retention 0.95\taim higher\n"
			    "gatedrill config day-start default\tback to 04:00\n",
		.run = run_config,
	},
	{
		.name = "doctor",
		.args = "[--rebuild | --backup FILE | --restore FILE]",
		.summary = "check the installation and the store",
		.about = "Checks versions, paths, the store and the deck files, and exits with 1 "
			 "if anything is wrong. A copy of the store is made by itself at the end "
			 "of a day's first session; the ten newest "
			 "are kept.",
		.examples = "gatedrill doctor\tcheck everything\n"
			    "gatedrill doctor --backup ~/gatedrill.db\tkeep a copy\n"
			    "gatedrill doctor --restore ~/gatedrill.db\tgo back to it\n",
		.flags = FLAG_BIT(FLAG_REBUILD) | FLAG_BIT(FLAG_BACKUP) | FLAG_BIT(FLAG_RESTORE),
		.run = run_doctor,
	},
	{
		.name = "help",
		.args = "[COMMAND]",
		.summary = "this overview, or help for a command",
		.about = "Prints help on standard output. --mdoc and --completion print what "
			 "packages install.",
		.examples = "gatedrill help review\thelp for one command\n"
			    "gatedrill help --completion bash\ta completion script\n",
		.flags = FLAG_BIT(FLAG_MDOC) | FLAG_BIT(FLAG_COMPLETION),
		.run = run_help,
	},
	{
		.name = "plumbing",
		.args = "fsrs | jsonpath | schema | vtl | words deck | words tag | words tree | "
			"words lab | "
			"ws-echo",
		.summary = "interfaces for scripts and tests",
		.verbs = "fsrs\tJSON Lines in, JSON Lines out: memory states of the FSRS-6 model\n"
			 "jsonpath\tthe same: what a JSONPath finds in a document\n"
			 "schema\tthe same: whether data fits a JSON Schema of draft 4\n"
			 "vtl\tthe same: what a mapping template gives\n"
			 "words deck\tnames of decks, one a line, for completion\n"
			 "words tag\ttags, one a line, for completion\n"
			 "words tree\tids of trees, one a line, for completion\n"
			 "words lab\tids of labs, one a line, for completion\n"
			 "ws-echo\ta WebSocket server that sends back what it is sent\n",
		.about = "What these verbs print stays the same from version to version.",
		.examples = "gatedrill plumbing words tag\tall tags\n",
		.flags = FLAG_BIT(FLAG_PORT),
		.run = run_plumbing,
		.hidden = true,
	},
};
const size_t command_count = ARRAY_LEN(commands);

static_assert(FLAG_COUNT <= 64, "a command's flags are bits of one word");
