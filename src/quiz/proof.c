/* proof.c -- why a case has the answer it has: the needs that each other option lacks. The proof is
 * the explanation; nothing else is known about a generated case, and nothing else is needed. */
#include "quiz/scenario.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static void add_needs(struct str *out, const struct matrix *m, uint64_t needs)
{
	const char *sep = "";
	while (needs) {
		str_addf(out, "%s%s", sep, m->features[take_bit(&needs)].title);
		sep = "; ";
	}
}

void scenario_why(struct str *out, const struct scenario *s, size_t i)
{
	const struct matrix *m = s->matrix;
	const struct shown_option *o = &s->shown[i];
	if (i == s->right) {
		struct decision d = matrix_decide(m, s->needs, s->wish);
		if (d.by_wish)
			str_addf(out,
				 "is the answer. Of what meets every need it is the best by the "
				 "wish (%s): ",
				 m->wishes[s->wish].title);
		else
			str_add(out, "is the answer. It meets every need: ");
		add_needs(out, m, s->needs);
		str_addc(out, '.');
		return;
	}
	if (o->by_wish) {
		str_addf(out, "meets every need too, but is worse by the wish (%s).",
			 m->wishes[s->wish].title);
		return;
	}
	str_add(out, "fails.");
	for (uint64_t left = o->broken; left;) {
		str_addc(out, ' ');
		matrix_why_not(out, m, o->option, take_bit(&left));
	}
}

void scenario_proof(struct str *out, const struct scenario *s)
{
	for (size_t i = 0; i < s->shown_count; i++) {
		str_addf(out, "%c, %s, ", 'A' + (int)i,
			 s->matrix->options[s->shown[i].option].title);
		scenario_why(out, s, i);
		str_addc(out, '\n');
	}
}

struct slice scenario_phrase(const struct scenario *s, int feature)
{
	for (size_t i = 0; i < s->sentence_count; i++)
		if (s->sentences[i].feature == feature)
			return (struct slice){s->text.p + s->sentences[i].start,
					      s->sentences[i].len};
	return (struct slice){0};
}

/* The first of some features that the text speaks of. */
static struct slice phrase_of(const struct scenario *s, uint64_t features)
{
	struct slice none = {0};
	while (features) {
		struct slice phrase = scenario_phrase(s, take_bit(&features));
		if (phrase.p)
			return phrase;
	}
	return none;
}

struct slice scenario_deciding(const struct scenario *s, int node)
{
	const struct dnode *n = &s->tree->nodes[node];
	uint64_t bits = n->features;
	switch (n->kind) {
	case DNODE_NEED:
		if (bits & s->needs)
			bits &= s->needs;
		break;
	case DNODE_SWITCH: {
		int branch = dtree_true_branch(s->tree, s->matrix, node, s->needs);
		int f = n->branches[branch].feature;
		if (f >= 0)
			bits = UINT64_C(1) << f;
		break;
	}
	case DNODE_FITS:
		bits = matrix_broken(s->matrix, n->fits, s->needs);
		break;
	}
	return phrase_of(s, bits);
}

/* -- as JSON ----------------------------------------------------------------------------------- */

static void put_u64(struct json_out *j, const char *key, uint64_t v)
{
	char text[24];
	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	json_text(j, key, text);
}

static void put_features(struct json_out *j, const char *key, const struct matrix *m, uint64_t bits)
{
	json_list(j, key);
	while (bits)
		json_text(j, NULL, m->features[take_bit(&bits)].id);
	json_end(j);
}

/* What a wrong option breaks: needs, or "wish:" and the wish that it loses by. */
static void put_broken(struct json_out *j, const struct scenario *s, const struct shown_option *o)
{
	const struct matrix *m = s->matrix;
	char wish[MAX_SLUG + 8];
	if (!o->by_wish) {
		put_features(j, m->options[o->option].id, m, o->broken);
		return;
	}
	snprintf(wish, sizeof(wish), "wish:%s", m->wishes[s->wish].id);
	json_list(j, m->options[o->option].id);
	json_text(j, NULL, wish);
	json_end(j);
}

void scenario_json(struct str *out, const struct scenario *s)
{
	const struct matrix *m = s->matrix;
	struct json_out j = {.out = out};
	json_object(&j, NULL);
	json_text(&j, "tree", s->tree->id);
	put_u64(&j, "seed", s->seed);
	json_text(&j, "flip", s->flip >= 0 ? m->features[s->flip].id : NULL);
	put_features(&j, "needs", m, s->needs);
	json_text(&j, "wish", s->wish >= 0 ? m->wishes[s->wish].id : NULL);
	json_text(&j, "answer", m->options[s->answer].id);
	json_object(&j, "wrong");
	for (size_t i = 0; i < s->shown_count; i++)
		if (i != s->right)
			put_broken(&j, s, &s->shown[i]);
	json_end(&j);
	json_list(&j, "options");
	for (size_t i = 0; i < s->shown_count; i++)
		json_text(&j, NULL, m->options[s->shown[i].option].id);
	json_end(&j);
	json_text(&j, "text", str_c(&s->text));
	json_text(&j, "question", m->question);
	put_u64(&j, "text_hash", s->text_hash);
	json_end(&j);
}
