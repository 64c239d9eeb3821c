/* main.c -- start-up: the locale, the environment and the front ends meet here and nowhere else. */
#include "cli/cli.h"
#include "tui/tui.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	const struct env env = {
		.home = getenv("HOME"),
		.gatedrill_home = getenv("GATEDRILL_HOME"),
		.gatedrill_share = getenv("GATEDRILL_SHARE"),
		.xdg_data_home = getenv("XDG_DATA_HOME"),
		.xdg_config_home = getenv("XDG_CONFIG_HOME"),
		.xdg_state_home = getenv("XDG_STATE_HOME"),
		.editor = getenv("EDITOR"),
		.visual = getenv("VISUAL"),
		.term = getenv("TERM"),
		.no_color = getenv("NO_COLOR"),
		.colorterm = getenv("COLORTERM"),
		.lang = getenv("LANG"),
		.columns = getenv("COLUMNS"),
	};
	const struct cli_host host = {.tui = tui_run, .keys_mdoc = tui_keys_mdoc};
	setlocale(LC_CTYPE, "");
	/* A full disk or a closed pipe is an error to report, not a reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return cli_main(argc, argv, &env, &host);
}
