/* home.c -- see home.h. The clock is set and the seed is 1 in every run, so that a screen is the
 * same on every machine and day. */
#include "tests/screen/home.h"

#include <ftw.h>
#include <glob.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_WORDS = 24, MAX_FILE = 1 << 16 };

int home_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct home *h = calloc(1, sizeof(*h));
	if (!h)
		return -1;
	*h = (struct home){.rows = 24, .cols = 80, .now = NOW};
	snprintf(h->dir, sizeof(h->dir), "%s/screen.XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
	*state = h;
	if (!mkdtemp(h->dir) || mkdir(home_path(h, "decks"), 0700) != 0)
		return -1;
	home_deck(h, "kinds");
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

int home_teardown(void **state)
{
	struct home *h = *state;
	term_free_all();
	int rc = nftw(h->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(h);
	return rc;
}

const char *home_path(const struct home *h, const char *name)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	return path;
}

void home_write(const struct home *h, const char *name, const char *text)
{
	FILE *f = fopen(home_path(h, name), "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void write_in(const struct home *h, const char *folder, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	home_write(h, path, text);
}

void home_own_api(const struct home *h, const char *folder)
{
	char say[1024];
	home_folder(h, folder);
	write_in(h, folder, "mine.yaml",
		 "gateway: mine\napis:\n- apiId: mine\n  type: HTTP\n"
		 "  openapi: mine.openapi.yaml\n"
		 "  stages: {$default: {autoDeploy: true}}\n"
		 "functions:\n  say: {command: [sh, say.sh], timeout: 3}\n");
	write_in(h, folder, "mine.openapi.yaml",
		 "openapi: 3.0.1\ninfo: {title: Mine, version: \"1\"}\npaths:\n"
		 "  /hello:\n    get:\n      responses: {\"200\": {description: Hello}}\n"
		 "      x-amazon-apigateway-integration:\n        type: aws_proxy\n"
		 "        payloadFormatVersion: \"2.0\"\n        httpMethod: POST\n"
		 "        uri: arn:aws:lambda:us-east-1:123456789012:function:say\n");
	snprintf(say, sizeof(say),
		 "echo ran >>'%s'\ncat >/dev/null\n"
		 "echo '{\"statusCode\": 200, \"body\": \"hello\"}'\n",
		 home_path(h, "ran"));
	write_in(h, folder, "say.sh", say);
}

static void copy(const char *from, const char *to)
{
	static char bytes[1 << 20];
	FILE *in = fopen(from, "r");
	if (!in)
		fail_msg("%s cannot be read; tests run from the top of the tree", from);
	size_t n = fread(bytes, 1, sizeof(bytes), in);
	assert_true(n < sizeof(bytes));
	fclose(in);
	FILE *out = fopen(to, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
}

void home_deck(const struct home *h, const char *name)
{
	char from[128], to[256];
	snprintf(from, sizeof(from), "tests/screen/decks/%s.yaml", name);
	snprintf(to, sizeof(to), "%s/decks/%s.yaml", h->dir, name);
	copy(from, to);
}

void home_api(const struct home *h, const char *name)
{
	char pattern[128];
	glob_t found;
	snprintf(pattern, sizeof(pattern), "data/apis/%s/*.[ys]*", name); /* .yaml and .sh */
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		copy(found.gl_pathv[i], home_path(h, strrchr(found.gl_pathv[i], '/') + 1));
	globfree(&found);
}

void home_share(struct home *h)
{
	static const char *const folders[] = {"share", "share/data", "share/data/exams",
					      "share/data/matrix", "share/data/trees"};
	static const struct {
		const char *from, *to;
	} files[] = {
		{"tests/screen/share/mini.yaml", "share/data/exams/mini.yaml"},
		{"tests/data/trees/matrix.yaml", "share/data/matrix/api-types.yaml"},
		{"tests/data/trees/tree.yaml", "share/data/trees/which-api-type.yaml"},
	};
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		assert_int_equal(mkdir(home_path(h, folders[i]), 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		copy(files[i].from, home_path(h, files[i].to));
	snprintf(h->share, sizeof(h->share), "%s/share", h->dir);
	home_deck(h, "exam");
	home_write(h, "config.yaml", "exam: mini\nlearn-ahead: 0\nfuzz: off\n");
}

static struct {
	const char *from, *to;
} tree; /* being copied: nftw hands nothing on */

static int copy_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	char to[512];
	(void)st;
	(void)at;
	snprintf(to, sizeof(to), "%s%s", tree.to, path + strlen(tree.from));
	if (type == FTW_D)
		return mkdir(to, 0700) != 0;
	copy(path, to);
	return 0;
}

static void copy_tree(const char *from, const char *to)
{
	tree.from = from;
	tree.to = to;
	assert_int_equal(nftw(from, copy_one, 8, FTW_PHYS), 0);
}

void home_labs(struct home *h)
{
	static const char *const kinds[] = {"labs", "proofs", "drills"};
	home_share(h);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		char from[64], to[256];
		snprintf(from, sizeof(from), "tests/screen/share/%s", kinds[i]);
		snprintf(to, sizeof(to), "%s/data/%s", h->share, kinds[i]);
		copy_tree(from, to);
	}
}

void home_folder(const struct home *h, const char *name)
{
	assert_int_equal(mkdir(home_path(h, name), 0700), 0);
}

void home_save(const struct home *h)
{
	char to[256];
	snprintf(to, sizeof(to), "%s/saved.db", h->dir);
	copy(home_path(h, "study.db"), to);
}

void home_restore(const struct home *h)
{
	char from[256];
	snprintf(from, sizeof(from), "%s/saved.db", h->dir);
	remove(home_path(h, "study.db-wal"));
	remove(home_path(h, "study.db-shm"));
	copy(from, home_path(h, "study.db"));
}

void home_remove(const struct home *h, const char *name)
{
	assert_int_equal(remove(home_path(h, name)), 0);
}

/* args parted at blanks, behind those that every run gets; NULL-terminated. Their text is in buf.
 */
static void split(const struct home *h, const char *args, const char *first, char *buf, size_t size,
		  const char *words[MAX_WORDS])
{
	size_t n = 0;
	words[n++] = "--now";
	words[n++] = h->now;
	words[n++] = "--seed=1";
	if (first)
		words[n++] = first;
	assert_true((size_t)snprintf(buf, size, "%s", args) < size);
	for (char *word = strtok(buf, " "); word && n + 1 < MAX_WORDS; word = strtok(NULL, " "))
		words[n++] = word;
	words[n] = NULL;
}

struct term *home_start(const struct home *h, const char *args)
{
	const char *words[MAX_WORDS];
	char buf[512];
	struct term_options o = {
		.rows = h->rows,
		.cols = h->cols,
		.home = h->dir,
		.share = h->share[0] ? h->share : NULL,
		.term = h->term,
		.lang = h->lang,
		.env = h->env,
		.args = words,
		.job = h->job,
	};
	split(h, args, NULL, buf, sizeof(buf), words);
	return term_start(&o);
}

static void become_plain(const struct home *h, const char *args)
{
	const char *words[MAX_WORDS + 1];
	char buf[512];
	words[0] = getenv("GATEDRILL");
	split(h, args, "--plain", buf, sizeof(buf), words + 1);
	setenv("GATEDRILL_HOME", h->dir, 1);
	setenv("GATEDRILL_SHARE", h->share[0] ? h->share : "/nonexistent", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	execv(words[0], (char *const *)words);
	_exit(127);
}

int home_run(const struct home *h, const char *args, const char *input, const char **out)
{
	static char said[MAX_FILE];
	FILE *in = tmpfile(), *log = tmpfile();
	int status;
	assert_true(in && log && fputs(input, in) >= 0 && fflush(in) == 0 &&
		    lseek(fileno(in), 0, SEEK_SET) == 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fileno(in), STDIN_FILENO);
		dup2(fileno(log), STDOUT_FILENO);
		dup2(fileno(log), STDERR_FILENO);
		become_plain(h, args);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	rewind(log);
	said[fread(said, 1, sizeof(said) - 1, log)] = '\0';
	fclose(in);
	fclose(log);
	if (out)
		*out = said;
	return WEXITSTATUS(status);
}
