/* scene.h -- every screen of the program once: how to get there, and what is on it then. */
#ifndef TESTS_SCREEN_SCENE_H
#define TESTS_SCREEN_SCENE_H

#include "tests/screen/home.h"

struct scene {
	const char *name;
	const char *args; /* of the program */
	const char *keys; /* typed one after the other */
	const char *text; /* that stands there in the end, at every size */
};
extern const struct scene scenes[];
extern const size_t scene_count;

const struct scene *scene_named(const char *name); /* fails the test when there is none */

/* Bring about what the scenes need: bundled files, an answered card, due dates. */
void scene_prepare(struct home *h);
/* Start the program and go to the scene. */
struct term *scene_start(const struct home *h, const struct scene *s);
void scene_end(struct term *t);

#endif
