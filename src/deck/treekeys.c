/* treekeys.c -- the tables of keys of matrix and tree files, and what is printed from them: two
 * JSON Schemas and two chapters of the manual. */
#include "deck/treekeys.h"

static const char *const format_words[] = {"1", NULL};
static const char *const cell_words[] = {"y", "n", "?", NULL};
static const char *const rank_words[] = {"~", NULL};

static const struct spec_key cell_value = {.name = "cell", .type = SPEC_WORD, .words = cell_words};
static const struct spec_key month_value = {.name = "since", .type = SPEC_MONTH};
static const struct spec_key name_value = {.name = "words", .type = SPEC_NAME};
static const struct spec_key name_label = {.name = "key", .type = SPEC_NAME};
static const struct spec_key phrase_value = {
	.name = "phrase", .type = SPEC_LINE, .max = MAX_MATRIX_TEXT};
static const struct spec_key rank_value = {
	.name = "rank", .type = SPEC_NUMBER, .min = 1, .max = MAX_RANK, .words = rank_words};
static const struct spec_key slugs_value = {.name = "source",
					    .type = SPEC_LIST,
					    .one = true,
					    .min = 1,
					    .max = MAX_TAGS,
					    .value = &spec_slug_value};
static const struct spec_key group_value = {.name = "apart",
					    .type = SPEC_LIST,
					    .min = 2,
					    .max = MAX_FEATURES,
					    .value = &spec_slug_value};

/* clang-format off */
static const struct spec_key option_keys[] = {
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "What the option is called in a question."},
	{.name = "when", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_FEATURES,
		.value = &spec_slug_value,
		.help = "Features of which one must be needed for the option to count at all, as "
			"for a variant that nobody takes without a reason. Where it does not "
			"count but would meet every need, it is not shown as wrong either."},
	{.name = "note", .type = SPEC_LINE, .max = MAX_MATRIX_TEXT,
		.help = "One sentence that says what the option is."},
	{.name = "source", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_TAGS,
		.value = &spec_slug_value,
		.help = "Sources of what is said of the option."},
};
static const struct spec_place option_place = {
	"option", "Keys of an option", option_keys, ARRAY_LEN(option_keys)};

static const struct spec_key wish_keys[] = {
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "The wish in a few words, such as: lowest cost."},
	{.name = "rank", .type = SPEC_MAP, .required = true, .min = 1, .max = MAX_MATRIX_OPTIONS,
		.value = &rank_value,
		.help = "A rank for every option, 1 is best; ~ where the option cannot be compared, "
			"so that it neither wins nor loses by the wish."},
	{.name = "say", .type = SPEC_LIST, .required = true, .one = true, .min = 1,
		.max = MAX_PHRASES, .value = &phrase_value,
		.help = "Sentences that state the wish in a scenario."},
};
static const struct spec_place wish_place = {
	"wish", "Keys of a wish", wish_keys, ARRAY_LEN(wish_keys)};

static const struct spec_key feature_keys[] = {
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "The feature in a few words."},
	{.name = "is", .type = SPEC_MAP, .required = true, .min = 1, .max = MAX_MATRIX_OPTIONS,
		.value = &cell_value,
		.help = "Every option with y (has it), n (has it not) or '?' (not known: never "
			"decides a question)."},
	{.name = "say", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_PHRASES,
		.value = &phrase_value,
		.help = "At least three sentences that state the need in a scenario, with the "
			"story's words in braces."},
	{.name = "without", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_PHRASES,
		.value = &phrase_value,
		.help = "Sentences that say it is not needed. One is told where adding the feature "
			"would change the answer, so that silence does not mislead."},
	{.name = "not", .type = SPEC_LIST, .one = true, .max = MAX_FEATURES,
		.value = &spec_slug_value,
		.help = "Features whose sentences may not stand beside those of this one, since "
			"together they would be ambiguous."},
	{.name = "lacks", .type = SPEC_LINE, .max = MAX_MATRIX_TEXT,
		.help = "Why an option without it fails, as a clause; for options that have no "
			"reason of their own under why."},
	{.name = "why", .type = SPEC_MAP, .max = MAX_MATRIX_OPTIONS, .value = &phrase_value,
		.help = "By option, a sentence on why it has or lacks the feature; the proof of a "
			"question prints it."},
	{.name = "since", .type = SPEC_MAP, .max = MAX_MATRIX_OPTIONS, .value = &month_value,
		.help = "By option, the month or year in which the cell became y."},
	{.name = "exam", .type = SPEC_MAP, .max = MAX_MATRIX_OPTIONS, .value = &cell_value,
		.help = "By option, what the exam still keys where it differs from today. A need "
			"set on whose answer the two disagree is not asked."},
	{.name = "source", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_TAGS,
		.value = &spec_slug_value,
		.help = "Sources of all cells of the feature."},
	{.name = "cell_source", .type = SPEC_MAP, .max = MAX_MATRIX_OPTIONS,
		.value = &slugs_value,
		.help = "By option, the sources of that cell instead."},
};
static const struct spec_place feature_place = {
	"feature", "Keys of a feature", feature_keys, ARRAY_LEN(feature_keys)};

static const struct spec_key story_keys[] = {
	{.name = "id", .type = SPEC_SLUG, .required = true,
		.help = "Id of the story, unique in the matrix."},
	{.name = "field", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "The field of life it is from; no two stories should share one."},
	{.name = "text", .type = SPEC_LINE, .required = true, .max = MAX_MATRIX_TEXT,
		.help = "One or two sentences that set the scene and decide nothing."},
	{.name = "words", .type = SPEC_MAP, .label = &name_label, .max = MAX_STORY_WORDS,
		.value = &phrase_value,
		.help = "What stands for each word in braces in this story."},
	{.name = "not", .type = SPEC_LIST, .one = true, .max = MAX_FEATURES,
		.value = &spec_slug_value,
		.help = "Features whose sentences make no sense in this story."},
};
static const struct spec_place story_place = {
	"story", "Keys of a story", story_keys, ARRAY_LEN(story_keys)};

static const struct spec_key option_value = {
	.name = "option", .type = SPEC_PLACE, .place = &option_place};
static const struct spec_key wish_value = {
	.name = "wish", .type = SPEC_PLACE, .place = &wish_place};
static const struct spec_key feature_value = {
	.name = "feature", .type = SPEC_PLACE, .place = &feature_place};
static const struct spec_key story_value = {
	.name = "story", .type = SPEC_PLACE, .place = &story_place};

/* What both kinds of file have. */
#define SOURCES_KEY \
	{.name = "sources", .type = SPEC_MAP, .max = 500, .value = &spec_source_value, \
		.help = "Where the facts come from: a map of source ids, which the key source " \
			"names."}
#define FORMAT_KEY \
	{.name = "format", .type = SPEC_WORD, .required = true, .words = format_words, \
		.help = "Version of the format."}

static const struct spec_key matrix_keys[] = {
	{.name = "matrix", .type = SPEC_SLUG, .required = true,
		.help = "Id of the matrix, which trees name in their key uses."},
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "Title of the matrix."},
	FORMAT_KEY,
	{.name = "as_of", .type = SPEC_DATE, .required = true,
		.help = "The day on which the cells were true."},
	{.name = "about", .type = SPEC_TEXT, .max = MAX_CARD_TEXT,
		.help = "What the matrix covers."},
	{.name = "question", .type = SPEC_LINE, .max = MAX_TITLE,
		.help = "What a scenario asks at its end; \"Which choice meets every need?\" if "
			"absent."},
	SOURCES_KEY,
	{.name = "words", .type = SPEC_LIST, .max = MAX_STORY_WORDS, .value = &name_value,
		.help = "Names of the words in braces that sentences may use: every story gives "
			"them."},
	{.name = "options", .type = SPEC_MAP, .required = true, .min = 2,
		.max = MAX_MATRIX_OPTIONS, .value = &option_value,
		.help = "The options by id, in the order in which they are shown."},
	{.name = "wishes", .type = SPEC_MAP, .max = MAX_WISHES, .value = &wish_value,
		.help = "Soft wishes by id. They rank options only after every need is met."},
	{.name = "features", .type = SPEC_MAP, .required = true, .min = 1, .max = MAX_FEATURES,
		.value = &feature_value,
		.help = "The features by id: what a case may need."},
	{.name = "apart", .type = SPEC_LIST, .max = MAX_APART, .value = &group_value,
		.help = "Groups of features of which a case has at most one, as a response has "
			"one status. Need sets with two of a group do not exist."},
	{.name = "stories", .type = SPEC_LIST, .required = true, .min = 1, .max = MAX_STORIES,
		.value = &story_value,
		.help = "Scenes for the scenarios, at least twelve of different fields."},
};
const struct spec_place matrix_place = {
	"matrix", "Keys of a matrix", matrix_keys, ARRAY_LEN(matrix_keys)};

/* -- trees ------------------------------------------------------------------------------------- */

static const struct spec_key branch_value = {.name = "branch", .type = SPEC_BRANCH};
static const struct spec_key card_value = {.name = "cards", .type = SPEC_CARD};

static const struct spec_key node_keys[] = {
	{.name = "ask", .type = SPEC_LINE, .required = true, .max = MAX_MATRIX_TEXT,
		.help = "The question."},
	{.name = "need", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_FEATURES,
		.value = &spec_slug_value,
		.help = "The true answer is yes if any of these features is needed."},
	{.name = "switch", .type = SPEC_MAP, .min = 1, .max = MAX_FEATURES,
		.value = &branch_value,
		.help = "Branches by feature: the first that is needed, in this order, decides."},
	{.name = "fits", .type = SPEC_SLUG,
		.help = "The true answer is yes if this option meets every need."},
	{.name = "yes", .type = SPEC_BRANCH,
		.help = "Where yes leads: the id of a node, =option, or =none when nothing fits."},
	{.name = "no", .type = SPEC_BRANCH, .help = "Where no leads."},
	{.name = "else", .type = SPEC_BRANCH,
		.help = "Where a switch leads when none of its features is needed."},
	{.name = "why", .type = SPEC_LINE, .max = MAX_MATRIX_TEXT,
		.help = "What is said when a learner goes wrong here."},
	{.name = "trap", .type = SPEC_LINE, .max = MAX_MATRIX_TEXT,
		.help = "What misleads learners here."},
	{.name = "cards", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_NODE_CARDS,
		.value = &card_value,
		.help = "Cards, as deck/id, that become due when a learner goes wrong here."},
	{.name = "source", .type = SPEC_LIST, .one = true, .min = 1, .max = MAX_TAGS,
		.value = &spec_slug_value,
		.help = "Sources of what the node says."},
};
const struct spec_place dnode_place = {"node", "Keys of a node", node_keys, ARRAY_LEN(node_keys)};

static const struct spec_key case_keys[] = {
	{.name = "max_needs", .type = SPEC_NUMBER, .required = true, .min = 1,
		.max = MAX_CASE_NEEDS,
		.help = "Size of the largest need sets that are proved and asked."},
	{.name = "prefer", .type = SPEC_SLUG,
		.help = "The wish that decides where several options meet every need."},
};
static const struct spec_place case_place = {
	"cases map", "Keys of cases", case_keys, ARRAY_LEN(case_keys)};

static const struct spec_key node_value = {
	.name = "node", .type = SPEC_PLACE, .place = &dnode_place};

static const struct spec_key tree_keys[] = {
	{.name = "tree", .type = SPEC_SLUG, .required = true, .help = "Id of the tree."},
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "Title of the tree."},
	FORMAT_KEY,
	{.name = "about", .type = SPEC_TEXT, .max = MAX_CARD_TEXT,
		.help = "What the tree decides."},
	{.name = "uses", .type = SPEC_SLUG, .required = true,
		.help = "Id of the matrix that the tree is a view of."},
	SOURCES_KEY,
	{.name = "start", .type = SPEC_SLUG, .required = true, .help = "Id of the first node."},
	{.name = "nodes", .type = SPEC_MAP, .required = true, .min = 1, .max = MAX_DTREE_NODES,
		.value = &node_value,
		.help = "The nodes by id. Each has one of need, switch and fits."},
	{.name = "cases", .type = SPEC_PLACE, .required = true, .place = &case_place,
		.help = "What is proved and asked."},
};
const struct spec_place dtree_place = {"tree", "Keys of a tree", tree_keys, ARRAY_LEN(tree_keys)};
/* clang-format on */

void matrix_schema(struct str *out)
{
	spec_schema(out, &matrix_place, "gatedrill matrix",
		    "A truth table of options by features. Generated from the program's table of "
		    "keys; see gatedrill-tree(5).");
}

void dtree_schema(struct str *out)
{
	spec_schema(out, &dtree_place, "gatedrill tree",
		    "A decision tree over a matrix. Generated from the program's table of keys; "
		    "see gatedrill-tree(5).");
}

void matrix_keys_mdoc(struct str *out)
{
	static const struct spec_place *const places[] = {
		&matrix_place,  &option_place, &wish_place,
		&feature_place, &story_place,  &spec_source_place,
	};
	spec_mdoc(out, places, ARRAY_LEN(places));
}

void dtree_keys_mdoc(struct str *out)
{
	static const struct spec_place *const places[] = {&dtree_place, &dnode_place, &case_place};
	spec_mdoc(out, places, ARRAY_LEN(places));
}
