/* deckyaml.h -- deck files written: YAML in the layout of deck fmt. */
#ifndef EXCHANGE_DECKYAML_H
#define EXCHANGE_DECKYAML_H

#include "base/str.h"
#include "base/tree.h"

/* Append what stands before the cards, "cards:" included. head: a map with the keys of a deck;
 * `format: 1` is written whatever it says, cards are left out. */
void deckyaml_head(struct str *out, const struct node *head);
/* Append one card, a map with the keys of a card; first: of its deck. Keys come in the order of the
 * table of deck keys; others are left out. Both trees have the shapes that deck_from_node takes. */
void deckyaml_card(struct str *out, const struct node *card, bool first);

#endif
