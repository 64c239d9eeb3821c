/* screen.c -- see screen.h. ncurses keeps the buffer and sends the terminal only what changed; this
 * file adds three things to it. Styles are a table of what a text means, resolved once to what this
 * terminal can do (256 colours, 16, or none). Text passes one last check at the door: no control
 * character, no half of a wide character and no byte of another encoding reaches the terminal,
 * whatever a caller forgot. Keys come out as one number each; unknown escape sequences are
 * swallowed whole, since their tails would otherwise act as commands.
 *
 * newterm() and not initscr(), because initscr() exits the program when it does not know the
 * terminal. raw() and not cbreak(), so that C-s, C-q and C-o are keys like others; C-c and C-z then
 * come as keys too, and mean to the caller what their signals mean. */
#include "tui/screen.h"
#include "base/utf8.h"
#include "tui/sign.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#define ESC_DELAY_MS 25
#define MAX_SEQUENCE 64 /* bytes of an unknown escape sequence that are dropped with it */

struct screen {
	SCREEN *curses;
	bool ascii;
	bool italic; /* the terminal has it */
	bool colour;
	bool away; /* the terminal belongs to a child */
	attr_t attributes[STYLE_COUNT];
	bool has_cursor;
	int cursor_row, cursor_col;
};

/* What shows a style: colours of the 256 and of the 16 (-1: the terminal's own), and what replaces
 * colour where there is none. The 256 were chosen so that any two can be told apart with any
 * colour blindness, on #1c1c1c and on white; the 16 never set red against green. */
static const struct look {
	short dark, light, sixteen;
	attr_t always, without_colour;
} looks[] = {
	[STYLE_PLAIN] = {-1, -1, -1, A_NORMAL, A_NORMAL},
	[STYLE_DIM] = {245, 242, -1, A_NORMAL, A_DIM},
	[STYLE_STRONG] = {-1, -1, -1, A_BOLD, A_BOLD},
	[STYLE_EM] = {-1, -1, -1, A_ITALIC, A_UNDERLINE},
	[STYLE_CODE] = {180, 94, COLOR_YELLOW, A_NORMAL, A_BOLD},
	[STYLE_HEADING] = {-1, -1, -1, A_BOLD, A_BOLD},
	[STYLE_ACCENT] = {159, 18, COLOR_BLUE | 8, A_NORMAL, A_BOLD},
	[STYLE_FOCUS] = {159, 18, COLOR_BLUE | 8, A_BOLD, A_BOLD},
	[STYLE_RIGHT] = {36, 25, COLOR_CYAN, A_NORMAL, A_BOLD},
	[STYLE_WRONG] = {202, 131, COLOR_RED | 8, A_BOLD, A_BOLD},
	[STYLE_WARN] = {222, 58, COLOR_YELLOW, A_NORMAL, A_BOLD},
	[STYLE_FLAG] = {170, 53, COLOR_MAGENTA, A_NORMAL, A_BOLD},
	[STYLE_BLANK] = {159, 18, COLOR_BLUE | 8, A_BOLD, A_BOLD | A_UNDERLINE},
	[STYLE_INPUT] = {-1, -1, -1, A_UNDERLINE, A_UNDERLINE},
};
_Static_assert(ARRAY_LEN(looks) == STYLE_COUNT, "every style has a look");

/* ---- looks --------------------------------------------------------------------------- */

static bool use_colour(enum colour_mode mode)
{
	return mode != COLOUR_NEVER && has_colors() && start_color() == OK &&
	       use_default_colors() == OK;
}

/* A bright colour of the 16, on a terminal that has only 8: the plain one, bold. */
static short sixteen_colour(short colour, attr_t *attributes)
{
	if (colour < 8 || COLORS >= 16)
		return colour;
	*attributes |= A_BOLD;
	return colour & 7;
}

static attr_t look_of(const struct screen *s, enum style style, bool many, enum theme theme)
{
	const struct look *l = &looks[style];
	attr_t attributes = l->always;
	if (!s->colour)
		attributes = l->without_colour;
	if ((attributes & A_ITALIC) && !s->italic)
		attributes = (attributes & ~A_ITALIC) | A_UNDERLINE;
	if (!s->colour)
		return attributes;
	short colour = theme == THEME_LIGHT ? l->light : l->dark;
	if (!many)
		colour = sixteen_colour(l->sixteen, &attributes);
	if (!many && style == STYLE_DIM)
		attributes |= A_DIM;
	if (colour >= 0 && init_pair((short)(style + 1), colour, -1) == OK)
		attributes |= (attr_t)COLOR_PAIR(style + 1);
	return attributes;
}

static void find_looks(struct screen *s, enum colour_mode mode, enum theme theme)
{
	const char *italic = tigetstr("sitm");
	s->italic = italic && italic != (const char *)-1;
	s->colour = use_colour(mode);
	bool many = s->colour && COLORS >= 256 && mode != COLOUR_16;
	for (int i = 0; i < STYLE_COUNT; i++)
		s->attributes[i] = look_of(s, (enum style)i, many, theme);
}

/* ---- the terminal -------------------------------------------------------------------- */

static void set_modes(void)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	set_escdelay(ESC_DELAY_MS);
	curs_set(0);
}

bool screen_open(struct screen **out, enum colour_mode colour, enum theme theme, struct diags *d)
{
	struct screen *s = xcalloc(1, sizeof(*s));
	s->curses = newterm(NULL, stdout, stdin);
	*out = NULL;
	if (!s->curses) {
		const char *term = getenv("TERM");
		free(s);
		return diag_fail(d, "screen-terminal",
				 "no description of the terminal \"%s\" is installed; set TERM, or "
				 "use --plain",
				 term ? term : "");
	}
	s->ascii = !signs_fit();
	set_modes();
	find_looks(s, colour, theme);
	*out = s;
	return true;
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	if (!s->away)
		screen_leave(s);
	delscreen(s->curses);
	free(s);
}

void screen_leave(struct screen *s)
{
	curs_set(1);
	endwin();
	s->away = true;
}

void screen_return(struct screen *s)
{
	s->away = false;
	reset_prog_mode();
	/* curses would leave this to the next read, and the first arrow would come in the other
	 * mode. */
	keypad(stdscr, TRUE);
	screen_resized(s);
	screen_redraw(s);
}

void screen_resized(struct screen *s)
{
	struct winsize w;
	if (s->away || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || !w.ws_row || !w.ws_col)
		return;
	if (w.ws_row != LINES || w.ws_col != COLS)
		resizeterm(w.ws_row, w.ws_col);
}

void screen_redraw(struct screen *s)
{
	(void)s;
	clearok(curscr, TRUE);
}

struct screen_size screen_size(const struct screen *s)
{
	(void)s;
	return (struct screen_size){LINES, COLS};
}

bool screen_ascii(const struct screen *s)
{
	return s->ascii;
}

/* ---- output -------------------------------------------------------------------------- */

void screen_erase(struct screen *s)
{
	erase();
	s->has_cursor = false;
}

/* Whole characters of text that fit in cols, as wide characters; out ends in NUL. Returns columns.
 */
static int fit_wide(const char *text, int cols, wchar_t *out, size_t cap)
{
	size_t n = strlen(text), used = 0;
	int taken = 0;
	for (size_t i = 0; i < n && used + 1 < cap;) {
		uint32_t cp;
		int bytes = utf8_decode(text + i, n - i, &cp);
		int width = bytes ? utf8_width(cp) : -1;
		if (width < 0) {
			cp = 0xfffd;
			width = 1;
		}
		if (taken + width > cols)
			break;
		out[used++] = (wchar_t)cp;
		taken += width;
		i += (size_t)(bytes ? bytes : 1);
	}
	out[used] = L'\0';
	return taken;
}

static int put_wide(struct screen *s, int row, int col, int cols, enum style style,
		    const char *text)
{
	wchar_t wide[1024];
	int taken = fit_wide(text, cols, wide, ARRAY_LEN(wide));
	attrset((int)A_NORMAL);
	attron((int)s->attributes[style]);
	mvaddwstr(row, col, wide);
	return taken;
}

static int put_ascii(struct screen *s, int row, int col, int cols, enum style style,
		     const char *text)
{
	struct str plain = {0};
	signs_ascii(&plain, text);
	int n = (int)plain.len < cols ? (int)plain.len : cols;
	attrset((int)A_NORMAL);
	attron((int)s->attributes[style]);
	mvaddnstr(row, col, str_c(&plain), n);
	str_clear(&plain);
	return n;
}

int screen_put(struct screen *s, int row, int col, int cols, enum style style, const char *text)
{
	if (col + cols > COLS)
		cols = COLS - col;
	if (row < 0 || row >= LINES || col < 0 || cols <= 0)
		return 0;
	return (s->ascii ? put_ascii : put_wide)(s, row, col, cols, style, text);
}

void screen_rule(struct screen *s, int row, int col, int cols)
{
	for (int i = 0; i < cols; i++)
		screen_put(s, row, col + i, 1, STYLE_DIM, "─");
}

void screen_cursor(struct screen *s, int row, int col)
{
	s->has_cursor = true;
	s->cursor_row = row;
	s->cursor_col = col;
}

/* The cursor is hidden or shown last: going to the alternate screen, which the first update does,
 * makes some terminals remember whether it was to be seen, for the time after. */
void screen_flush(struct screen *s)
{
	if (s->has_cursor)
		move(s->cursor_row, s->cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
	curs_set(s->has_cursor);
}

/* ---- input --------------------------------------------------------------------------- */

/* What follows an Esc within the delay is one sequence: with Alt, or of a key terminfo does not
 * know. "ESC [ ... letter" and "ESC O letter" end at the letter, others after one character. A
 * control character belongs to no sequence: it is a key of its own after Esc. */
static uint32_t after_escape(void)
{
	wint_t c;
	if (get_wch(&c) != OK)
		return K_ESC;
	if (c < ' ') {
		unget_wch((wchar_t)c);
		return K_ESC;
	}
	if (c == '[' || c == 'O')
		for (int i = 0;
		     i < MAX_SEQUENCE && get_wch(&c) == OK && c >= ' ' && (c < '@' || c > '~'); i++)
			;
	return K_DROPPED;
}

static uint32_t function_key(wint_t code)
{
	static const struct {
		wint_t code;
		uint32_t key;
	} table[] = {
		{KEY_UP, K_UP},       {KEY_DOWN, K_DOWN},           {KEY_LEFT, K_LEFT},
		{KEY_RIGHT, K_RIGHT}, {KEY_HOME, K_HOME},           {KEY_END, K_END},
		{KEY_PPAGE, K_PGUP},  {KEY_NPAGE, K_PGDN},          {KEY_ENTER, K_ENTER},
		{KEY_DC, K_DELETE},   {KEY_BACKSPACE, K_BACKSPACE},
	};
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].code == code)
			return table[i].key;
	return K_DROPPED;
}

static uint32_t character(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return K_ENTER;
	case '\t':
		return K_TAB;
	case 0x1b:
		return after_escape();
	case 0x7f:
	case '\b':
		return K_BACKSPACE;
	case 0:
		return K_DROPPED;
	}
	bool known = c < ' ' || utf8_width((uint32_t)c) >= 0;
	return known && c < K_NAMED ? (uint32_t)c : K_DROPPED;
}

uint32_t screen_key(struct screen *s)
{
	wint_t c;
	if (s->away)
		return K_NONE;
	switch (get_wch(&c)) {
	case OK:
		return character(c);
	case KEY_CODE_YES:
		return function_key(c);
	}
	return K_NONE;
}
