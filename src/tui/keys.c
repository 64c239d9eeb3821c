/* keys.c -- see keys.h. One row per command: what a key does, what the footer and the help say
 * about it and what the manual prints are the same row, so they cannot differ.
 *
 * A key belongs to the first row, in the order of enum command_id, that works in a context and
 * lists the key. That is how letters choose options where there are options: CMD_CHOOSE stands
 * before "edit", so that there `e` is option e and editing is C-e. The footer asks the same
 * function for the key to show, so it never shows one that does something else.
 *
 * Only single keys and control keys are bound: anything longer would need a state the learner
 * cannot see. */
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/tui.h"
#include "base/utf8.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define IN(name) (1ULL << CTX_##name)
#define ANYWHERE ((1ULL << CTX_COUNT) - 1)
#define OVERLAY (IN(NOTE) | IN(HELP) | IN(FILTER) | IN(PROMPT) | IN(CONFIRM))
#define CHOICES (IN(CHOICE) | IN(QUIZ_CHOICE))
#define TYPES (IN(TYPED) | IN(QUIZ_TYPED))
#define MATCHES (IN(MATCH) | IN(QUIZ_MATCH) | IN(EXAM_MATCH))
#define ORDERS (IN(ORDER) | IN(QUIZ_ORDER) | IN(EXAM_ORDER))
#define GIVEN (IN(TYPED) | IN(CHOICE) | IN(MATCH) | IN(ORDER)) /* questions that take an answer */
#define QUESTION (IN(RECALL) | GIVEN)
#define ON_CARD (QUESTION | IN(ANSWER) | IN(CARD) | IN(RESULTS))
#define SESSION (QUESTION | IN(ANSWER) | IN(WAIT) | IN(ENDED))
#define QUIZ_GIVEN (IN(QUIZ_CHOICE) | IN(QUIZ_TYPED) | IN(QUIZ_MATCH) | IN(QUIZ_ORDER))
#define QUIZ (QUIZ_GIVEN | IN(QUIZ_SURE) | IN(QUIZ_ANSWER) | IN(QUIZ_ENDED))
#define SITTING (IN(EXAM) | IN(EXAM_WIDE) | IN(EXAM_MATCH) | IN(EXAM_ORDER))
#define WALKING (IN(WALK) | IN(ADVISE))
#define SHOWN_CASE (IN(PROOF) | IN(WALKED))
#define CASES (IN(CASE) | IN(WALK) | SHOWN_CASE | IN(DRILLED) | IN(EVIDENCE) | IN(EVIDENCE_SHOWN))
#define OPTIONS (CHOICES | IN(EXAM) | IN(EXAM_WIDE) | IN(CASE) | IN(EVIDENCE))
#define ASKED (QUESTION | QUIZ_GIVEN | SITTING | IN(CASE) | IN(EVIDENCE))
#define TRACES (IN(GATEWAY) | IN(INSPECTOR))
#define COMPOSES (IN(COMPOSER) | IN(COMPOSER_TEXT))
#define DIALS (IN(DIAL) | IN(DIAL_TEXT))
#define TEXT                                                                          \
	(IN(TYPING) | TYPES | IN(FILTER) | IN(PROMPT) | IN(TRACE_FILTER) | COMPOSES | \
	 IN(CONSOLE) | DIALS)
#define LISTS                                                                               \
	(IN(HOME) | IN(DECKS) | IN(RESULTS) | ORDERS | IN(EXAMS) | IN(RESULT) | IN(TREES) | \
	 IN(LABS) | IN(PICK) | TRACES | IN(TRACE))
#define OF_LAB (IN(TRUST) | IN(LAB_STORY) | IN(LAB) | IN(LAB_ENDED) | IN(SETTLED))
#define LONG                                                                           \
	(IN(CARD) | IN(STATS) | IN(NOTE) | IN(HELP) | IN(ITEM) | IN(MATRIX) | OF_LAB | \
	 IN(EVIDENCE_SHOWN))
#define SCROLLS                                                                         \
	(LONG | IN(RECALL) | IN(ANSWER) | IN(ENDED) | IN(QUIZ_SURE) | IN(QUIZ_ANSWER) | \
	 IN(QUIZ_ENDED) | WALKING | IN(ADVICE) | SHOWN_CASE | IN(DRILLED))

const char *const context_names[CTX_COUNT] = {
	[CTX_HOME] = "home",
	[CTX_DECKS] = "decks",
	[CTX_TYPING] = "search",
	[CTX_RESULTS] = "list of cards",
	[CTX_CARD] = "card",
	[CTX_STATS] = "statistics",
	[CTX_RECALL] = "review: a question",
	[CTX_TYPED] = "review: an answer to type",
	[CTX_CHOICE] = "review: options",
	[CTX_MATCH] = "review: pairs",
	[CTX_ORDER] = "review: an order",
	[CTX_ANSWER] = "review: the answer",
	[CTX_WAIT] = "review: waiting",
	[CTX_ENDED] = "end of a session",
	[CTX_QUIZ_CHOICE] = "quiz: options",
	[CTX_QUIZ_TYPED] = "quiz: an answer to type",
	[CTX_QUIZ_MATCH] = "quiz: pairs",
	[CTX_QUIZ_ORDER] = "quiz: an order",
	[CTX_QUIZ_SURE] = "quiz: how sure",
	[CTX_QUIZ_ANSWER] = "quiz: the answer",
	[CTX_QUIZ_ENDED] = "end of a quiz",
	[CTX_EXAMS] = "mock exams",
	[CTX_EXAM] = "mock exam: a question",
	[CTX_EXAM_WIDE] = "mock exam: a question with six options or more",
	[CTX_EXAM_MATCH] = "mock exam: pairs",
	[CTX_EXAM_ORDER] = "mock exam: an order",
	[CTX_GRID] = "mock exam: all questions",
	[CTX_RESULT] = "mock exam: the result",
	[CTX_ITEM] = "mock exam: a question with its answer",
	[CTX_TREES] = "decision trees",
	[CTX_ADVISE] = "tree: your own case",
	[CTX_ADVICE] = "tree: the advice",
	[CTX_CASE] = "scenario: a question",
	[CTX_PROOF] = "scenario: the answer",
	[CTX_WALK] = "tree: a walk",
	[CTX_WALKED] = "tree: the end of a walk",
	[CTX_DRILLED] = "end of a drill",
	[CTX_MATRIX] = "matrix",
	[CTX_LABS] = "labs",
	[CTX_TRUST] = "lab: may it run commands",
	[CTX_LAB_STORY] = "lab: the story",
	[CTX_LAB] = "lab",
	[CTX_LAB_ENDED] = "lab: the end",
	[CTX_PICK] = "one of several",
	[CTX_SETTLED] = "card: its proof",
	[CTX_EVIDENCE] = "evidence: a case",
	[CTX_EVIDENCE_SHOWN] = "evidence: the answer",
	[CTX_GATEWAY] = "gateway",
	[CTX_INSPECTOR] = "inspector",
	[CTX_TRACE_FILTER] = "inspector: the filter",
	[CTX_TRACE] = "inspector: one request",
	[CTX_COMPOSER] = "composer of requests",
	[CTX_COMPOSER_TEXT] = "composer: headers and body",
	[CTX_CONSOLE] = "WebSocket console",
	[CTX_DIAL] = "WebSocket console: a new connection",
	[CTX_DIAL_TEXT] = "WebSocket console: headers",
	[CTX_NOTE] = "note",
	[CTX_HELP] = "help",
	[CTX_FILTER] = "filter of help",
	[CTX_PROMPT] = "command line",
	[CTX_CONFIRM] = "yes or no",
};
static_assert(CTX_COUNT < 64, "contexts are bits of one word");

const struct key_command key_commands[] = {
	[CMD_CHOOSE] = {"choose", "a-j", "choose", "a-j", "Choose this option, or no longer",
			.argument = "Which option?",
			.where = CHOICES | IN(EXAM_WIDE) | IN(EVIDENCE), .rank = 2},
	[CMD_OPTION] = {"option", "a-e", "choose", "a-e", "Choose this option, or no longer",
			.argument = "Which option?", .where = IN(EXAM) | IN(CASE), .rank = 2},
	[CMD_ASSIGN] = {"match", "a-j", "match", "a-j", "Give the marked line this text",
			.argument = "Which text?", .where = MATCHES, .rank = 2},
	[CMD_BRANCH] = {"branch", "a-j", "choose", "a-j", "Take this branch",
			.argument = "Which branch?", .where = WALKING, .rank = 2},
	[CMD_ANSWER_YES] = {"answer-yes", "y", "answer", "y n", "Yes, where a question takes it",
			    .where = WALKING, .rank = 2},
	[CMD_ANSWER_NO] = {"answer-no", "n", .help = "No, where a question takes it",
			   .where = WALKING},
	[CMD_SHOW] = {"show", "Space Enter", "show the answer", .help = "Show the answer",
		      .where = IN(RECALL) | IN(QUIZ_SURE), .rank = 1},
	[CMD_SUBMIT] = {"answer", "Enter", "answer", .help = "Give this answer",
			.where = (CHOICES | MATCHES | ORDERS | IN(CASE) | IN(EVIDENCE)) & ~SITTING,
			.rank = 1},
	[CMD_SUBMIT_TYPED] = {"enter", "Enter", "answer", .help = "Give this answer",
			      .where = TYPES, .rank = 1},
	[CMD_ENTER] = {"done", "Enter", "take it", .help = "Take what is typed",
		       .where = IN(PROMPT) | IN(FILTER) | IN(TRACE_FILTER), .rank = 1},
	[CMD_TOGGLE] = {"toggle", "Space", .help = "Choose the marked option, or no longer",
			.where = OPTIONS},
	[CMD_STRIKE] = {"strike", "x", "strike",
			.help = "Rule out an option: its letter comes next", .where = OPTIONS,
			.rank = 5},
	[CMD_CLEAR] = {"clear", "Backspace Delete", "clear", .help = "Take the text away again",
		       .where = MATCHES, .rank = 6},
	[CMD_PICK] = {"pick", "Space", "pick up", .help = "Pick the item up, or put it down",
		      .where = ORDERS, .rank = 2},
	[CMD_MOVE_UP] = {"move-up", "K", .help = "Move the item up", .where = ORDERS},
	[CMD_MOVE_DOWN] = {"move-down", "J", "shift", "J K", "Move the item down", .where = ORDERS,
			   .rank = 3},
	[CMD_REVEAL] = {"reveal", "g C-g", "give up", .help = "Show the answer without giving one",
			.where = ((GIVEN | QUIZ_GIVEN) & ~TYPES) | IN(CASE) | IN(EVIDENCE),
			.rank = 7},
	[CMD_GIVE_UP] = {"give-up", "Esc C-g", "give up",
			 .help = "Show the answer without giving one", .where = TYPES, .rank = 3},
	[CMD_AGAIN] = {"again", "1", "rate", "1-4", "I had forgotten it", .where = IN(ANSWER),
		       .rank = 2},
	[CMD_HARD] = {"hard", "2", .help = "I knew it with great effort", .where = IN(ANSWER)},
	[CMD_GOOD] = {"good", "3", .help = "I knew it", .where = IN(ANSWER)},
	[CMD_EASY] = {"easy", "4", .help = "I knew it at once", .where = IN(ANSWER)},
	[CMD_ACCEPT] = {"accept", "Space Enter", "take marked", .help = "Take the marked grade",
			.where = IN(ANSWER), .rank = 3},
	[CMD_GO_ON] = {"go-on", "Space Enter", "go on", .help = "Go on",
		       .where = IN(ENDED) | IN(QUIZ_ANSWER) | IN(QUIZ_ENDED) | IN(DRILLED) |
				IN(LAB_STORY) | IN(LAB_ENDED),
		       .rank = 1},
	[CMD_EXAM_FLAG] = {"mark", "f F C-f", "flag",
			   .help = "Flag the question to come back to it, or no longer",
			   .where = SITTING, .rank = 4},
	[CMD_PROVE] = {"prove", "p", "prove it", .help = "Run the proof of the card on the gateway",
		       .where = IN(ANSWER) | IN(QUIZ_ANSWER) | IN(ITEM) | IN(CARD), .rank = 5},
	[CMD_ITEM_PREVIOUS] = {"previous-question", "Left p", .help = "The question before",
			       .where = SITTING | IN(ITEM)},
	[CMD_ITEM_NEXT] = {"next-question", "Right n Enter Space", "move", "←→",
			   "The next question", .where = SITTING | IN(ITEM), .rank = 3},
	[CMD_GRID] = {"grid", "g G C-g", "grid", .help = "All questions at a glance",
		      .where = SITTING, .rank = 1},
	[CMD_GUESS] = {"guess", "1", "sure", "1-3", "A guess; again: not said", .where = SITTING,
		       .rank = 6},
	[CMD_FAIRLY_SURE] = {"fairly-sure", "2", .help = "Fairly sure; again: not said",
			     .where = SITTING},
	[CMD_SURE] = {"sure", "3", .help = "Sure; again: not said", .where = SITTING},
	[CMD_KNOWN] = {"known", "s 3", "sure", .help = "I am sure of it; show the answer",
		       .where = IN(QUIZ_SURE), .rank = 1},
	[CMD_UNSURE] = {"unsure", "u 1", "unsure", .help = "It is a guess; show the answer",
			.where = IN(QUIZ_SURE), .rank = 1},
	[CMD_SKIP] = {"skip", "Tab", "skip", .help = "Leave the question out; nothing is noted",
		      .where = QUIZ_GIVEN, .rank = 8},
	[CMD_CLOCK] = {"clock", "t C-t", "clock", .help = "Hide the clock, or show it again",
		       .where = SITTING | IN(GRID), .rank = 11},
	[CMD_CELL_LEFT] = {"left", "Left h", "move", "←↑↓→", "The question before",
			   .where = IN(GRID), .rank = 4},
	[CMD_CELL_RIGHT] = {"right", "Right l", .help = "The next question", .where = IN(GRID)},
	[CMD_CELL_UP] = {"row-up", "Up k", .help = "The row above", .where = IN(GRID)},
	[CMD_CELL_DOWN] = {"row-down", "Down j", .help = "The row below", .where = IN(GRID)},
	[CMD_WHY] = {"why", "Enter", "why", .help = "Find the cards of the marked line",
		     .where = IN(RESULT), .rank = 4},
	[CMD_ALL_ITEMS] = {"all", "r", "all", .help = "Go through all questions",
			   .where = IN(RESULT), .rank = 1},
	[CMD_WRONG_ITEMS] = {"wrong", "w", "wrong",
			     .help = "Go through those answered wrong or not at all",
			     .where = IN(RESULT), .rank = 3},
	[CMD_SURE_WRONG] = {"sure-and-wrong", "c", "sure and wrong",
			    .help = "Go through those you were sure of and had wrong",
			    .where = IN(RESULT), .rank = 6},
	[CMD_EXPORT] = {"export", "x", "export", .help = "Write the result into a file",
			.argument = "Into which file (.md or .json)?", .where = IN(RESULT),
			.rank = 5},
	[CMD_EXPORT_CARDS] = {"export-cards", "x",
			      .help = "Write the deck, or the cards found, into a file for Anki "
				      "and others",
			      .argument = "Into which file (.apkg, .csv, .json, .md, .gift)?",
			      .where = IN(DECKS) | IN(RESULTS)},
	[CMD_IMPORT_CARDS] = {"import-cards", "i",
			      .help = "Make decks of a file from Anki, of Markdown, GIFT or an "
				      "export",
			      .argument = "Which file (.apkg, .csv, .txt, .md, .gift, .json)?",
			      .where = IN(DECKS) | IN(RESULTS)},
	[CMD_NEXT_CASE] = {"next-case", "Space Enter", "next case", .help = "The next case",
			   .where = SHOWN_CASE | IN(EVIDENCE_SHOWN), .rank = 1},
	[CMD_WHY_NOT] = {"why-not", "w", "why not the others",
			 .help = "The needs that each other option fails, or no longer",
			 .where = SHOWN_CASE, .rank = 4},
	[CMD_STEP_BACK] = {"step-back", "Backspace u Left", "one back",
			   .help = "Take the last answer back",
			   .where = WALKING | IN(ADVICE) | SHOWN_CASE, .rank = 6},
	[CMD_READY] = {"ready", "1-9", "send", "1-9", "Do the ready request of this number",
		       .argument = "Which ready request?", .where = IN(LAB), .rank = 1},
	[CMD_RESEND] = {"resend", "r", "again", .help = "Do the request once more",
			.where = IN(LAB) | TRACES | IN(TRACE), .rank = 6},
	[CMD_REQUESTS] = {"requests", "l", "all requests",
			  .help = "Choose among all ready requests", .where = IN(LAB), .rank = 5},
	[CMD_COMPOSE] = {"compose", "c", "compose", .help = "Write a request and send it",
			 .where = IN(LAB) | IN(SETTLED) | TRACES, .rank = 5},
	[CMD_CONSOLE] = {"console", "w", "console", .help = "Talk over a WebSocket",
			 .where = IN(LAB) | TRACES, .rank = 9},
	[CMD_INSPECT] = {"inspect", "i", "inspect", .help = "All requests with their traces",
			 .where = IN(LAB) | IN(SETTLED), .rank = 8},
	[CMD_LAST_TRACE] = {"last-trace", "Enter", "detail",
			    .help = "The last request, stage by stage",
			    .where = IN(LAB) | IN(SETTLED), .rank = 2},
	[CMD_DEPLOY] = {"deploy", "d D", "deploy", .help = "Deploy a stage as its file is now",
			.where = IN(LAB) | IN(GATEWAY), .rank = 4},
	[CMD_EDIT_FILE] =
		{"edit-file", "e", "edit",
		 .help = "Open a file of the lab in your editor; it is read again at once",
		 .where = IN(LAB), .rank = 3},
	[CMD_LAB_HINT] = {"next-hint", "h", "hint", .help = "A hint; one more each time",
			  .where = IN(LAB), .rank = 3},
	[CMD_SOLUTION] = {"solution", "s", "solution",
			  .help = "Give up, and see the model solution carried out",
			  .confirm = "Give up and see the solution?", .where = IN(LAB), .rank = 11},
	[CMD_START_OVER] = {"start-over", "R", "start over",
			    .help = "Files as they came, and no goal met",
			    .confirm = "Start over? What you changed in its files is set aside.",
			    .where = IN(LABS) | IN(LAB) | IN(LAB_ENDED), .rank = 10},
	[CMD_STORY] = {"story", "t", "story", .help = "The story again",
		       .where = IN(LAB) | IN(LAB_ENDED), .rank = 9},
	[CMD_HALT] = {"halt", "x", "halt", .help = "Stop what is being done", .where = IN(LAB),
		      .rank = 2},
	[CMD_EXPLAIN] = {"explain", "Space", "what was to be seen",
			 .help = "Once it is over: what was to be seen, and why", .where = IN(LAB),
			 .rank = 1},
	[CMD_CUT_LINES] = {"cut-lines", "l", "cut lines",
			   .help = "Long lines cut to the width, or whole again",
			   .where = IN(EVIDENCE) | IN(EVIDENCE_SHOWN), .rank = 5},
	[CMD_MORE_TIME] = {"more-time", "m", "more time",
			   .help = "The extra minutes of those who asked for them, or not",
			   .where = IN(EXAMS), .rank = 5},
	[CMD_OTHER_EXAM] = {"other-exam", "o", "other exam",
			    .help = "The exam that this one replaces, or is replaced by",
			    .where = IN(EXAMS), .rank = 6},
	[CMD_SEND] = {"send", "C-s", "send", .help = "Send the request, or the burst of them",
		      .where = COMPOSES, .rank = 1},
	[CMD_CONNECT] = {"connect", "C-s", "connect", .help = "Open the connection", .where = DIALS,
			 .rank = 1},
	[CMD_SAY] = {"say", "Enter", "say", .help = "Send what is typed as a message",
		     .where = IN(CONSOLE), .rank = 1},
	[CMD_FIELD_DOWN] = {"field-down", "Enter Down", .help = "The next field; on the last, send",
			    .where = IN(COMPOSER) | IN(DIAL)},
	[CMD_FIELD_UP] = {"field-up", "Up", .help = "The field before",
			  .where = IN(COMPOSER) | IN(DIAL)},
	[CMD_NEW_LINE] = {"new-line", "Enter", .help = "A new line",
			  .where = IN(COMPOSER_TEXT) | IN(DIAL_TEXT)},
	[CMD_ROW_UP] = {"row-above", "Up", .help = "The line above",
			.where = IN(COMPOSER_TEXT) | IN(DIAL_TEXT)},
	[CMD_ROW_DOWN] = {"row-below", "Down", .help = "The line below",
			  .where = IN(COMPOSER_TEXT) | IN(DIAL_TEXT)},
	[CMD_FIELD_NEXT] = {"next-field", "Tab", "next field", .help = "The next field",
			    .where = COMPOSES | DIALS, .rank = 3},
	[CMD_FIELD_PREVIOUS] = {"previous-field", "C-p", .help = "The field before",
				.where = COMPOSES | DIALS},
	[CMD_READY_ONES] =
		{"ready-ones", "C-r", "ready ones",
		 .help = "Choose among requests that are ready: those of the lab, and what "
			 "the definitions have",
		 .where = COMPOSES | DIALS | IN(CONSOLE), .rank = 4},
	[CMD_BODY_EDITOR] = {"body", "C-v", "editor", .help = "Write the body in your editor",
			     .where = COMPOSES, .rank = 6},
	[CMD_ANSWER_TRACE] = {"trace", "C-t", "trace",
			      .help = "What the gateway did with the request, stage by stage",
			      .where = COMPOSES | IN(CONSOLE), .rank = 5},
	[CMD_NEXT_CONNECTION] = {"next-connection", "Tab", "next", .help = "The next connection",
				 .where = IN(CONSOLE), .rank = 4},
	[CMD_DIAL] = {"dial", "C-o", "connect", .help = "Open another connection",
		      .where = IN(CONSOLE), .rank = 3},
	[CMD_HANG_UP] = {"hang-up", "C-g", "close", .help = "Close the connection with a code",
			 .argument = "Close with which code?", .where = IN(CONSOLE), .rank = 5},
	[CMD_OLDER] = {"older", "Left p", "other", "←→", "The request before", .where = IN(TRACE),
		       .rank = 6},
	[CMD_NEWER] = {"newer", "Right n", .help = "The request after", .where = IN(TRACE)},
	[CMD_FOLD] = {"fold", "Enter Space", "details",
		      .help = "Show the details of the marked stage, or no longer",
		      .where = IN(TRACE), .rank = 2},
	[CMD_ALL_STAGES] = {"all-stages", "a", "all stages",
			    .help = "Also the stages that were not reached, or no longer",
			    .where = IN(TRACE), .rank = 7},
	[CMD_PAUSE] = {"pause", "Space p", "pause",
		       .help = "Keep the list as it is, or let it run again", .where = TRACES,
		       .rank = 7},
	[CMD_CHANGE_RESEND] = {"change", "e", "edit",
			       .help = "Change the request and send it again",
			       .where = TRACES | IN(TRACE), .rank = 6},
	[CMD_SAVE_CURL] = {"curl", "y", "curl", .help = "Keep the request as a command of curl",
			   .where = TRACES | IN(TRACE), .rank = 8},
	[CMD_PROMOTE] = {"promote", "P", "promote", .help = "Make the canary of a stage the stage",
			 .where = IN(GATEWAY), .rank = 10},
	[CMD_EDIT_DEFINITION] = {"edit-definition", "E", "edit file",
				 .help = "Open a definition in your editor; it is read again at "
					 "once",
				 .where = IN(GATEWAY), .rank = 9},
	[CMD_COST] = {"cost", "m", "cost", .help = "What these calls would have cost, or no longer",
		      .where = TRACES, .rank = 10},
	[CMD_CLEAR_TRACES] = {"clear-list", "x", "clear", .help = "Begin the list anew",
			      .where = TRACES, .rank = 11},
	[CMD_STOP_GATEWAY] = {"stop-gateway", "q Esc C-q", "stop", .help = "Stop the gateway",
			      .confirm = "Stop the gateway?", .where = IN(GATEWAY), .rank = 2,
			      .at_right = true},
	[CMD_OPEN] = {"open", "Enter Right", "open", .help = "Open the marked one",
		      .where = IN(HOME) | IN(DECKS) | IN(RESULTS) | IN(EXAMS) | IN(GRID) |
			       IN(TREES) | IN(LABS) | IN(PICK) | TRACES,
		      .rank = 2},
	[CMD_EMPTY] = {"empty", "e", "empty", .help = "Walk through the empty questions",
		       .where = IN(GRID), .rank = 5},
	[CMD_FLAGGED] = {"flagged", "f", "flagged", .help = "Walk through the flagged questions",
			 .where = IN(GRID), .rank = 6},
	[CMD_HAND_IN] = {"submit", "S", "submit", .help = "Submit the exam and see the result",
			 .confirm = "Submit the exam?", .where = SITTING | IN(GRID), .rank = 8,
			 .at_right = true},
	[CMD_ADVISE] = {"advise", "a", "advise", .help = "Answer for your own case",
			.where = IN(TREES), .rank = 3},
	[CMD_DRILL] = {"drill", "d", "drill",
		       .help = "Scenario questions; every wrong option breaks a need",
		       .where = IN(HOME) | IN(TREES), .rank = 3},
	[CMD_WALK] = {"walk", "w", "walk", .help = "Walk the tree for a scenario",
		      .where = IN(TREES), .rank = 3},
	[CMD_MATRIX] = {"matrix", "m", "matrix", .help = "What each option can and cannot do",
			.where = IN(TREES) | IN(ADVICE) | SHOWN_CASE, .rank = 5},
	[CMD_QUIZ] = {"quiz", "q", .help = "Questions with the answer at once", .where = IN(HOME)},
	[CMD_EXAM] = {"exam", "e", .help = "A mock exam", .where = IN(HOME)},
	[CMD_TREES] = {"trees", "t", .help = "Decision trees", .where = IN(HOME)},
	[CMD_LABS] = {"labs", "l", .help = "Hands-on labs and evidence drills", .where = IN(HOME)},
	[CMD_FOCUS_UP] = {"previous", "Up", .help = "The line above", .where = OPTIONS | MATCHES},
	[CMD_FOCUS_DOWN] = {"next", "Down", "move", "↑↓", "The line below",
			    .where = OPTIONS | MATCHES, .rank = 7},
	[CMD_UP] = {"up", "Up k", .help = "The line above", .where = LISTS},
	[CMD_DOWN] = {"down", "Down j", "move", "↑↓", "The line below", .where = LISTS, .rank = 4},
	[CMD_LINE_UP] = {"line-up", "Up k", .help = "Scroll up a line", .where = SCROLLS},
	[CMD_LINE_DOWN] = {"line-down", "Down j", .help = "Scroll down a line", .where = SCROLLS},
	[CMD_PAGE_DOWN] = {"page-down", "PgDn C-d", .help = "Scroll down half a page",
			   .where = LISTS | SCROLLS | ASKED | IN(TYPING) | COMPOSES | DIALS |
				    IN(CONSOLE)},
	[CMD_PAGE_UP] = {"page-up", "PgUp C-u", .help = "Scroll up half a page",
			 .where = LISTS | SCROLLS | ASKED | IN(TYPING) | COMPOSES | DIALS |
				  IN(CONSOLE)},
	[CMD_TOP] = {"top", "g Home", .help = "To the top",
		     .where = IN(DECKS) | IN(RESULTS) | IN(EXAMS) | IN(GRID) | IN(LABS) | IN(PICK) |
			      LONG | TRACES | IN(TRACE) | IN(PICK)},
	[CMD_BOTTOM] = {"bottom", "G End", .help = "To the end",
			.where = IN(DECKS) | IN(RESULTS) | IN(EXAMS) | IN(GRID) | IN(LABS) |
				 IN(PICK) | LONG | TRACES | IN(TRACE) | IN(PICK)},
	[CMD_REVIEW] = {"review", "Space r", "review",
			.help = "Review what is due, of the marked deck in the list of decks",
			.where = IN(HOME) | IN(DECKS), .rank = 1},
	[CMD_DECKS] = {"decks", "D d", "decks", .help = "The list of decks", .where = IN(HOME),
		       .rank = 6},
	[CMD_STATS] = {"stats", "S", "statistics", .help = "What was kept and what is ahead",
		       .where = IN(HOME), .rank = 7},
	[CMD_EDIT_QUERY] = {"query", "/ Tab", "query", .help = "Change what is looked for",
			    .where = IN(RESULTS), .rank = 5},
	[CMD_TO_LIST] = {"list", "Tab Down Enter", "to the list", "Tab",
			 "Go to the list of cards found", .where = IN(TYPING), .rank = 1},
	[CMD_FILTER] = {"filter", "/", "filter", .help = "Show only the lines with these letters",
			.where = IN(HELP) | TRACES, .rank = 4},
	[CMD_UNDO] = {"undo", "u C-t", "undo", .help = "Take back the last thing done",
		      .where =
			      SESSION | IN(HOME) | IN(CARD) | IN(RESULTS) | (QUIZ & ~IN(QUIZ_SURE)),
		      .rank = 4},
	[CMD_REDO] = {"redo", "C-r", .help = "Do again what was taken back",
		      .where = SESSION | IN(HOME) | IN(CARD) | IN(RESULTS)},
	[CMD_EDIT] = {"edit", "e C-e", "edit", .help = "Open the file in your editor",
		      .where = ON_CARD | IN(DECKS) | IN(NOTE), .rank = 6},
	[CMD_SOURCE] = {"source", "o C-o", "source", .help = "The addresses of the sources",
			.where = ON_CARD | IN(QUIZ_ANSWER) | IN(ITEM) | IN(ADVICE) | IN(LAB) |
				 IN(LAB_ENDED) | IN(SETTLED) | IN(EVIDENCE_SHOWN),
			.rank = 7},
	[CMD_HINT] = {"hint", "H", "hint", .help = "Show the hint of the card, those of the lab",
		      .where = QUESTION | IN(LAB), .rank = 5},
	[CMD_BURY] = {"bury", "b C-b", "bury", .help = "Not today", .where = ON_CARD, .rank = 8},
	[CMD_SUSPEND] = {"suspend", "s", "suspend",
			 .help = "Not until it is taken back, or take that back", .where = ON_CARD,
			 .rank = 10},
	[CMD_FLAG] = {"flag", "f C-f", "flag",
		      .help = "The next flag, 1 to 4 and then none; by name any from 0 to 7",
		      .where = ON_CARD, .rank = 11},
	[CMD_LEECH] = {"leech", "!", .help = "Mark as a leech, or no longer", .where = ON_CARD},
	[CMD_DUE] = {"due", "D", .help = "Make it due in so many days",
		     .argument = "Due in how many days?", .where = ON_CARD},
	[CMD_RESET] = {"reset", "R", .help = "Make the card new again",
		       .confirm = "Make this card new again?", .where = ON_CARD},
	[CMD_SEARCH] = {"search", "/", "search",
			.help = "Find cards by word, tag, state or pattern",
			.where = IN(HOME) | IN(DECKS) | IN(STATS) | IN(CARD) | SESSION, .rank = 10},
	[CMD_YES] = {"yes", "y Y", "yes", .help = "Do it", .where = IN(CONFIRM) | IN(TRUST),
		     .rank = 1},
	[CMD_NO] = {"no", "n N q", "no", .help = "Do not", .where = IN(CONFIRM) | IN(TRUST),
		    .rank = 1},
	[CMD_COMPLETE] = {"complete", "Tab", "complete", .help = "Complete the name of a command",
			  .where = IN(PROMPT), .rank = 2},
	[CMD_HELP] = {"help", "?", "keys", .help = "The keys of this screen",
		      .where = ANYWHERE & ~OVERLAY, .rank = 3, .at_right = true},
	[CMD_PROMPT] = {"command", ": C-x", "command", .help = "Type the name of a command",
			.where = ANYWHERE & ~OVERLAY, .rank = 12},
	[CMD_REDRAW] = {"redraw", "C-l", .help = "Draw the screen again", .where = ANYWHERE},
	[CMD_STOP] = {"stop", "q Esc C-q", "stop",
		      .help = "End the session; every answer is kept already",
		      .where = SESSION | (QUIZ & ~IN(QUIZ_SURE)) | CASES, .rank = 2,
		      .at_right = true},
	[CMD_LEAVE] = {"leave", "q Esc C-q", "stop",
		       .help = "Leave the exam; it waits, with every answer", .where = SITTING,
		       .rank = 4, .at_right = true},
	[CMD_BACK] = {"back", "Esc q Left", "back", .help = "Back to the screen before",
		      .where = (ANYWHERE &
				~(SESSION | QUIZ | CASES | SITTING | IN(HOME) | IN(GATEWAY))) |
			       IN(QUIZ_SURE),
		      .rank = 2, .at_right = true},
	[CMD_QUIT] = {"quit", "Q q", "quit", .help = "Quit; everything is kept already",
		      .where = ANYWHERE &
			       ~(IN(FILTER) | IN(PROMPT) | IN(CONFIRM) | IN(TRACE_FILTER)),
		      .rank = 3, .at_right = true},
};
static_assert(ARRAY_LEN(key_commands) == CMD_COUNT, "every command has a row");

/* ---- names of keys ------------------------------------------------------------------- */

static const struct {
	uint32_t key;
	const char *name;
} named[] = {
	{K_SPACE, "Space"},   {K_ENTER, "Enter"},
	{K_ESC, "Esc"},       {K_TAB, "Tab"},
	{K_UP, "Up"},         {K_DOWN, "Down"},
	{K_LEFT, "Left"},     {K_RIGHT, "Right"},
	{K_HOME, "Home"},     {K_END, "End"},
	{K_PGUP, "PgUp"},     {K_PGDN, "PgDn"},
	{K_DELETE, "Delete"}, {K_BACKSPACE, "Backspace"},
};

void keys_text(uint32_t key, char *out)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		if (named[i].key == key) {
			snprintf(out, MAX_KEY_NAME, "%s", named[i].name);
			return;
		}
	}
	out[0] = '\0';
	if (key < ' ')
		snprintf(out, MAX_KEY_NAME, "C-%c", (int)(key | 0x60));
	else if (key_is_text(key))
		out[utf8_encode(key, out)] = '\0';
}

/* One word of a row's keys: a name, "C-x", a character, or a range "a-j". Names are looked at last
 * and by length first: a footer asks this a thousand times. */
static void word_keys(const char *word, size_t n, uint32_t *first, uint32_t *last)
{
	*first = *last = K_NONE;
	if (n == 3 && word[1] == '-') {
		*first = word[0] == 'C' ? K_CTRL(word[2]) : (unsigned char)word[0];
		*last = word[0] == 'C' ? *first : (unsigned char)word[2];
		return;
	}
	for (size_t i = 0; n > 1 && i < ARRAY_LEN(named); i++)
		if (named[i].name[0] == word[0] && slice_is((struct slice){word, n}, named[i].name))
			*first = *last = named[i].key;
	if (!*first)
		*first = *last = (unsigned char)word[0];
}

static bool row_has(const struct key_command *row, uint32_t key)
{
	for (const char *p = row->keys; *p;) {
		size_t n = strcspn(p, " ");
		uint32_t first, last;
		word_keys(p, n, &first, &last);
		if (key >= first && key <= last)
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

/* ---- questions about the table ------------------------------------------------------- */

bool context_takes_text(enum context c)
{
	return (TEXT >> c) & 1;
}

bool keys_works(enum context c, enum command_id id)
{
	return (key_commands[id].where >> c) & 1;
}

int keys_command(enum context c, uint32_t key)
{
	if (context_takes_text(c) && line_takes(key))
		return -1;
	for (int i = 0; i < CMD_COUNT; i++)
		if (keys_works(c, (enum command_id)i) && row_has(&key_commands[i], key))
			return i;
	return -1;
}

uint32_t keys_first(enum context c, enum command_id id)
{
	for (const char *p = key_commands[id].keys; *p;) {
		size_t n = strcspn(p, " ");
		uint32_t first, last;
		word_keys(p, n, &first, &last);
		if (keys_command(c, first) == (int)id)
			return first;
		p += n + (p[n] == ' ');
	}
	return K_NONE;
}

const char *keys_all(struct arena *a, enum context c, enum command_id id)
{
	const char *text = "";
	for (const char *p = key_commands[id].keys; *p;) {
		size_t n = strcspn(p, " ");
		uint32_t first, last;
		word_keys(p, n, &first, &last);
		if (keys_command(c, first) == (int)id)
			text = arena_printf(a, "%s%s%.*s", text, text[0] ? " " : "", (int)n, p);
		p += n + (p[n] == ' ');
	}
	return text;
}

bool keys_ranged(enum command_id id)
{
	const char *keys = key_commands[id].keys;
	return strlen(keys) == 3 && keys[1] == '-' && keys[0] != 'C';
}

int keys_named(enum context c, const char *name)
{
	int found = -1, matches = 0;
	for (int i = 0; i < CMD_COUNT; i++) {
		if (!keys_works(c, (enum command_id)i) || i == CMD_PROMPT)
			continue;
		if (str_eq(key_commands[i].name, name))
			return i;
		if (str_starts(key_commands[i].name, name)) {
			found = i;
			matches++;
		}
	}
	return matches == 1 ? found : -1;
}

/* ---- the manual ---------------------------------------------------------------------- */

/* The keys as macro arguments: "Cm Space , Cm Enter". */
static void mdoc_keys(struct str *out, struct arena *a, enum context c, enum command_id id)
{
	const char *keys = keys_all(a, c, id);
	if (!keys[0])
		str_addf(out, "Cm \\&:%s", key_commands[id].name);
	for (const char *p = keys; *p;) {
		size_t n = strcspn(p, " ");
		/* A lone punctuation mark would be taken for one of mdoc's delimiters. */
		str_addf(out, "%sCm %s%.*s", p == keys ? "" : " , ",
			 n == 1 && !isalnum((unsigned char)*p) ? "\\&" : "", (int)n, p);
		p += n + (p[n] == ' ');
	}
}

void tui_keys_mdoc(struct str *out)
{
	struct arena a = {0};
	for (int c = 0; c < CTX_COUNT; c++) {
		str_addf(out, ".Ss %c%s\n.Bl -tag -width Ds\n",
			 toupper((unsigned char)context_names[c][0]), context_names[c] + 1);
		for (int i = 0; i < CMD_COUNT; i++) {
			if (!keys_works((enum context)c, (enum command_id)i))
				continue;
			str_add(out, ".It ");
			mdoc_keys(out, &a, (enum context)c, (enum command_id)i);
			str_addf(out, "\n%s.\n", key_commands[i].help);
		}
		str_add(out, ".El\n");
	}
	arena_clear(&a);
}
