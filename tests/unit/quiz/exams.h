/* exams.h -- a blueprint as AWS has them, made by hand, for the tests of this room. */
#ifndef TESTS_QUIZ_EXAMS_H
#define TESTS_QUIZ_EXAMS_H

#include "deck/blueprint.h"

static struct blueprint_domain four_domains[] = {
	{.id = "1", .title = "Development", .weight = 30, .scored = 15},
	{.id = "2", .title = "Security", .weight = 26, .scored = 13},
	{.id = "3", .title = "Deployment", .weight = 22, .scored = 11},
	{.id = "4", .title = "Troubleshooting", .weight = 22, .scored = 11},
};
static const struct blueprint big_exam = {
	.id = "big",
	.code = "BIG",
	.title = "Big exam",
	.minutes = 130,
	.extra_minutes = 30,
	.scored = 50,
	.unscored = 15,
	.types = 1U << BLUEPRINT_SINGLE | 1U << BLUEPRINT_MULTIPLE,
	.pass_share = 0.72,
	.pass_spread = 0.03,
	.domains = four_domains,
	.domain_count = 4,
};

#endif
