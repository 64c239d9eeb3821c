/* notetypes.c -- see notetypes.h. Colours follow Anki's night mode: .nightMode on computers,
 * .night_mode on older phones. Fonts are the system's own, and nothing is fetched. */
#include "exchange/notetypes.h"

#include "base/mem.h"

static const char css[] =
	".card {\n"
	"  font-family: system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif;\n"
	"  font-size: 20px; line-height: 1.5; text-align: left;\n"
	"  max-width: 42em; margin: 0 auto; padding: 0.5em 1em;\n"
	"  color: #1d1d1f; background-color: #ffffff;\n"
	"}\n"
	"code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 90%;\n"
	"  background-color: #eeeef0; padding: 0.1em 0.25em; border-radius: 3px; }\n"
	"pre { background-color: #eeeef0; padding: 0.6em; overflow-x: auto; border-radius: 4px; }\n"
	"pre code { padding: 0; background: none; }\n"
	"table { border-collapse: collapse; }\n"
	"th, td { border: 1px solid #b8b8bd; padding: 0.25em 0.6em; vertical-align: top; }\n"
	"th { background-color: #eeeef0; }\n"
	"td:empty { min-width: 3em; }\n"
	"a { color: #0a58ad; }\n"
	"blockquote { border-left: 3px solid #b8b8bd; margin-left: 0; padding-left: 0.8em; }\n"
	"hr { border: 0; border-top: 1px solid #b8b8bd; }\n"
	".cloze { font-weight: bold; color: #0a58ad; }\n"
	".gd-extra { margin-top: 1em; font-size: 90%; }\n"
	".gd-lore { margin-top: 0.6em; font-style: italic; }\n"
	".gd-source { margin-top: 0.6em; font-size: 80%; color: #62626a; }\n"
	".gd-hint { margin-top: 0.8em; font-size: 90%; }\n"
	".nightMode.card, .night_mode.card, .nightMode .card { color: #e6e6ea; "
	"background-color: #202124; }\n"
	".nightMode code, .nightMode pre, .nightMode th,\n"
	".night_mode code, .night_mode pre, .night_mode th { background-color: #303236; }\n"
	".nightMode pre code, .night_mode pre code { background: none; }\n"
	".nightMode th, .nightMode td, .night_mode th, .night_mode td { border-color: #5a5c62; }\n"
	".nightMode a, .night_mode a, .nightMode .cloze, .night_mode .cloze { color: #8ab4f8; }\n"
	".nightMode .gd-source, .night_mode .gd-source { color: #a4a4ac; }\n";

#define EXTRA "{{#Extra}}<div class=\"gd-extra\">{{Extra}}</div>{{/Extra}}"
#define ANSWER "\n<hr id=\"answer\">\n"

static const struct anki_template basic[] = {
	{"Card 1", "{{Front}}", "{{FrontSide}}" ANSWER "{{Back}}" EXTRA, 0},
};
static const struct anki_template reversed[] = {
	{"Card 1", "{{Front}}", "{{FrontSide}}" ANSWER "{{Back}}" EXTRA, 0},
	{"Card 2", "{{Back}}", "{{FrontSide}}" ANSWER "{{Front}}" EXTRA, 1},
};
static const struct anki_template cloze[] = {
	{"Cloze", "{{cloze:Text}}", "{{cloze:Text}}" EXTRA, 0},
};
static const struct anki_template typed[] = {
	{"Card 1", "{{Front}}\n<p>{{type:Back}}</p>",
	 "{{Front}}" ANSWER "<p>{{type:Back}}</p>" EXTRA, 0},
};

static const char *const two_sided[] = {"Front", "Back", "Extra", "Id"};
static const char *const holed[] = {"Text", "Extra", "Id"};

const struct anki_notetype notetypes[NOTE_TYPE_COUNT] = {
	[NOTE_BASIC] = {1764201600001, "gatedrill Basic", false, two_sided, ARRAY_LEN(two_sided),
			basic, ARRAY_LEN(basic), css},
	[NOTE_REVERSED] = {1764201600002, "gatedrill Reversed", false, two_sided,
			   ARRAY_LEN(two_sided), reversed, ARRAY_LEN(reversed), css},
	[NOTE_CLOZE] = {1764201600003, "gatedrill Cloze", true, holed, ARRAY_LEN(holed), cloze,
			ARRAY_LEN(cloze), css},
	[NOTE_TYPED] = {1764201600004, "gatedrill Typed", false, two_sided, ARRAY_LEN(two_sided),
			typed, ARRAY_LEN(typed), css},
};
