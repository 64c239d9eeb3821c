/* sha1.c -- see sha1.h. Written out from the standard: a hundred lines are less than a library that
 * would have to be there. */
#include "base/sha1.h"

#include <stdint.h>
#include <string.h>

#define BLOCK 64

static uint32_t rotate(uint32_t x, int bits)
{
	return x << bits | x >> (32 - bits);
}

/* Rounds of 20: the function of b, c and d, and the constant. */
static uint32_t choose(int round, uint32_t b, uint32_t c, uint32_t d)
{
	static const uint32_t constant[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
	int part = round / 20;
	uint32_t f = part == 0   ? (b & c) | (~b & d)
		     : part == 2 ? (b & c) | (b & d) | (c & d)
				 : b ^ c ^ d;
	return f + constant[part];
}

static void add_block(uint32_t h[5], const unsigned char *p)
{
	uint32_t w[80];
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
	for (int i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t next = rotate(a, 5) + choose(i, b, c, d) + e + w[i];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void sha1(const void *bytes, size_t n, unsigned char out[SHA1_BYTES])
{
	uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
	unsigned char last[2 * BLOCK] = {0};
	const unsigned char *p = bytes;
	size_t left = n;
	for (; left >= BLOCK; left -= BLOCK, p += BLOCK)
		add_block(h, p);
	if (left)
		memcpy(last, p, left);
	last[left] = 0x80;
	size_t size = left + 9 > BLOCK ? 2 * BLOCK : BLOCK;
	for (size_t i = 0; i < 8; i++)
		last[size - 1 - i] = (unsigned char)((uint64_t)n * 8 >> 8 * i);
	add_block(h, last);
	if (size > BLOCK)
		add_block(h, last + BLOCK);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}
