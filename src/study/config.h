/* config.h -- settings: a YAML file of "key: value" lines, and the table of what may stand in it.
 */
#ifndef STUDY_CONFIG_H
#define STUDY_CONFIG_H

#include "base/diag.h"
#include "base/str.h"
#include "srs/sched.h"

enum colour_mode { COLOUR_AUTO, COLOUR_NEVER, COLOUR_16, COLOUR_256 };
enum theme { THEME_DARK, THEME_LIGHT };

struct config {
	struct arena arena;
	struct srs_preset preset;
	int new_per_day, reviews_per_day; /* < 0: no limit */
	bool bury_siblings;
	int64_t learn_ahead_ms;
	enum colour_mode colour;
	enum theme theme;
	const char *editor; /* "" = $VISUAL, $EDITOR, vi */
	const char *exam;   /* blueprint the learner prepares for: "dva-c03" */
	bool esl;           /* mock exams have the blueprint's extra minutes */
	int32_t exam_day;   /* study day of the exam, SRS_NO_DAY = not set */
	bool set[32];       /* by key index: given in the file */
};

struct config_key {
	const char *name, *fallback; /* fallback: the default, as text */
	const char *range; /* what may be given, for messages and the manual: "0.70 to 0.99" */
	const char *help;  /* one sentence */
	bool (*set)(struct config *c, const char *value); /* false: value makes no sense */
	void (*get)(const struct config *c, struct arena *a, const char **text);
};
extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* Defaults, then the file if there is one. Errors with positions: config-unknown-key, config-value,
 * those of yaml.h. On false c holds the defaults and what was right. */
bool config_read(struct config *c, const char *path, struct diags *d);
void config_clear(struct config *c);
/* Index of a key, or -1 with an error config-unknown-key (and a suggestion). */
int config_find(const char *name, struct diags *d);
/* How both front ends start the editor: sh -c SCRIPT sh SETTING +LINE FILE. The setting may hold
 * arguments and quotes ("code --wait"), so a shell reads it, as git does, and looks at $VISUAL and
 * $EDITOR when it is empty. The line and the file never become shell text. */
#define CONFIG_EDITOR_SCRIPT \
	"c=$1; shift; eval \"exec ${c:-${VISUAL:-${EDITOR:-vi}}} \\\"\\$@\\\"\""
/* The value now, as it would be typed. In the arena. */
const char *config_text(const struct config *c, int key, struct arena *a);
/* Set one key in the file, keeping everything else in it, comments too; value NULL removes it (back
 * to the default). Makes the file and its folder when needed. */
bool config_write(const char *path, int key, const char *value, struct diags *d);
void config_mdoc(struct str *out); /* for the manual */

#endif
