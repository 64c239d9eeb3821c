/* process.c -- see process.h. uv_spawn() is not used: it can neither bound memory nor see to it
 * that a child dies with its parent. Between fork and exec the child calls async-signal-safe
 * functions only, since other threads (those that look up host names) may hold locks.
 *
 * A process is gone when it was waited for and both its outputs have ended. A grandchild may keep
 * an output open, so the whole group is killed once the process itself has ended; and by the keeper
 * (keeper.h) when we end without a word. */
#include "gateway/process.h"
#include "base/mem.h"
#include "base/str.h"
#include "gateway/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

enum end { IN, OUT, ERR, END_COUNT };

struct process {
	struct processes *all;
	struct process *next;
	pid_t pid;
	struct process_ops ops;
	void *arg;
	uv_pipe_t pipes[END_COUNT];
	int open;            /* pipes not closed yet */
	bool waited, orphan; /* orphan: its owner is gone, nothing is called back */
	int code, signal;
	char *input;
	uv_write_t write;
	char buffer[16384]; /* libuv hands it back before it asks for it again */
};
struct processes {
	uv_loop_t *loop;
	uv_signal_t *child;
	struct process *first;
	size_t count;
	struct keeper keeper; /* from the first process on */
};

/* ---- the child ----------------------------------------------------------------------- */

struct child { /* all that is needed after fork, made before it */
	const char *file, *folder;
	char *const *argv, *const *env;
	int fds[END_COUNT];
	rlim_t memory;
	struct keeper keeper;
	pid_t parent;
	int max_fd;
};

static _Noreturn void run_child(const struct child *c)
{
	sigset_t none;
	setsid();
	keeper_add(&c->keeper, getpid());
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != c->parent)
		_exit(127);
	if (c->memory) {
		struct rlimit limit = {c->memory, c->memory};
		setrlimit(RLIMIT_DATA, &limit);
	}
#endif
	struct rlimit no_core = {0, 0};
	setrlimit(RLIMIT_CORE, &no_core);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < END_COUNT; i++)
		if (dup2(c->fds[i], i) < 0)
			_exit(127);
#ifdef __linux__
	close_range(END_COUNT, ~0U, 0);
#else
	for (int fd = END_COUNT; fd < c->max_fd; fd++)
		close(fd);
#endif
	if (c->folder && chdir(c->folder) != 0)
		_exit(127);
	execve(c->file, c->argv, c->env);
	_exit(127);
}

/* The file that a name means in the folders of path. Heap; NULL: there is none. */
static char *find_program(const char *name, const char *path, const char *folder)
{
	struct stat st;
	if (strchr(name, '/')) {
		char *file = name[0] == '/' || !folder ? xstrdup(name)
						       : xasprintf("%s/%s", folder, name);
		if (access(file, X_OK) == 0)
			return file;
		free(file);
		return NULL;
	}
	while (path && *path) {
		size_t n = strcspn(path, ":");
		char *file = xasprintf("%.*s/%s", (int)n, path, name);
		if (n > 0 && stat(file, &st) == 0 && S_ISREG(st.st_mode) && access(file, X_OK) == 0)
			return file;
		free(file);
		path += n + (path[n] == ':');
	}
	return NULL;
}

/* ---- its end ------------------------------------------------------------------------- */

static void unlink_process(struct process *p)
{
	struct process **at = &p->all->first;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	p->all->count--;
}

static void maybe_gone(struct process *p)
{
	if (!p->waited || p->open > 0)
		return;
	if (!p->orphan) {
		unlink_process(p);
		p->ops.ended(p->arg, p->code, p->signal);
	}
	free(p->input);
	free(p);
}

static void pipe_closed(uv_handle_t *h)
{
	struct process *p = h->data;
	p->open--;
	maybe_gone(p);
}

static void close_pipe(struct process *p, enum end end)
{
	uv_handle_t *h = (uv_handle_t *)&p->pipes[end];
	if (!uv_is_closing(h))
		uv_close(h, pipe_closed);
}

static void take_status(struct process *p, int status)
{
	p->waited = true;
	p->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	p->code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	kill(-p->pid, SIGKILL); /* what it left behind */
	keeper_remove(&p->all->keeper, p->pid);
}

static void on_child(uv_signal_t *handle, int number)
{
	struct processes *all = handle->data;
	struct process *next;
	(void)number;
	for (struct process *p = all->first; p; p = next) {
		int status;
		next = p->next;
		if (!p->waited && waitpid(p->pid, &status, WNOHANG) == p->pid) {
			take_status(p, status);
			close_pipe(p, IN);
			maybe_gone(p);
		}
	}
}

/* ---- pipes --------------------------------------------------------------------------- */

static void give_buffer(uv_handle_t *h, size_t wanted, uv_buf_t *buf)
{
	struct process *p = h->data;
	(void)wanted;
	*buf = uv_buf_init(p->buffer, sizeof(p->buffer));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct process *p = stream->data;
	enum end end = stream == (uv_stream_t *)&p->pipes[OUT] ? OUT : ERR;
	if (n > 0 && !p->orphan)
		(end == OUT ? p->ops.out : p->ops.err)(p->arg, buf->base, (size_t)n);
	else if (n < 0)
		close_pipe(p, end);
}

static void on_written(uv_write_t *w, int status)
{
	struct process *p = w->data;
	(void)status; /* it need not read its input */
	close_pipe(p, IN);
}

static void open_pipes(struct process *p, int ours[END_COUNT], const char *input, size_t n)
{
	for (int i = 0; i < END_COUNT; i++) {
		uv_pipe_init(p->all->loop, &p->pipes[i], 0);
		p->pipes[i].data = p;
		uv_pipe_open(&p->pipes[i], ours[i]);
		p->open++;
	}
	uv_read_start((uv_stream_t *)&p->pipes[OUT], give_buffer, on_read);
	uv_read_start((uv_stream_t *)&p->pipes[ERR], give_buffer, on_read);
	p->input = xmalloc(n ? n : 1);
	memcpy(p->input, input ? input : "", n);
	uv_buf_t buf = uv_buf_init(p->input, (unsigned)n);
	p->write.data = p;
	if (uv_write(&p->write, (uv_stream_t *)&p->pipes[IN], &buf, 1, on_written) != 0)
		close_pipe(p, IN);
}

static void close_all(const int *fds, int n)
{
	for (int i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Three pipes; both ends are above the standard descriptors and are not inherited by others. */
static bool make_pipes(int ours[END_COUNT], int theirs[END_COUNT])
{
	for (int i = 0; i < END_COUNT; i++)
		ours[i] = theirs[i] = -1;
	for (int i = 0; i < END_COUNT; i++) {
		int fds[2];
		if (pipe(fds) != 0)
			return false;
		for (int k = 0; k < 2; k++) {
			int high = fcntl(fds[k], F_DUPFD_CLOEXEC, 10);
			close(fds[k]);
			fds[k] = high;
		}
		ours[i] = fds[i == IN];
		theirs[i] = fds[i != IN];
		if (ours[i] < 0 || theirs[i] < 0)
			return false;
		fcntl(ours[i], F_SETFL, O_NONBLOCK);
	}
	return true;
}

/* ---- from outside -------------------------------------------------------------------- */

struct processes *processes_new(uv_loop_t *loop)
{
	struct processes *all = xcalloc(1, sizeof(*all));
	all->loop = loop;
	all->child = xcalloc(1, sizeof(*all->child));
	uv_signal_init(loop, all->child);
	all->child->data = all;
	uv_signal_start(all->child, on_child, SIGCHLD);
	uv_unref((uv_handle_t *)all->child);
	return all;
}

static void free_handle(uv_handle_t *h)
{
	free(h);
}

void processes_free(struct processes *all)
{
	if (!all)
		return;
	for (struct process *p = all->first, *next; p; p = next) {
		int status = 0;
		next = p->next;
		p->orphan = true;
		if (!p->waited) {
			kill(-p->pid, SIGKILL);
			kill(p->pid, SIGKILL);
			while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
				;
			take_status(p, status);
		}
		for (int i = 0; i < END_COUNT; i++)
			close_pipe(p, (enum end)i);
	}
	keeper_stop(&all->keeper);
	uv_signal_stop(all->child);
	uv_close((uv_handle_t *)all->child, free_handle);
	free(all);
}

size_t processes_count(const struct processes *all)
{
	return all->count;
}

void process_kill(struct process *p)
{
	if (p->waited)
		return;
	kill(-p->pid, SIGKILL);
	kill(p->pid, SIGKILL); /* it may not have its group yet */
}

struct process *process_start(struct processes *all, const struct process_options *o,
			      const char *input, size_t n, const struct process_ops *ops, void *arg,
			      const char **error)
{
	int ours[END_COUNT];
	int theirs[END_COUNT];
	char *file = find_program(o->argv[0], o->path, o->folder);
	*error = file ? NULL : "the program is not there";
	if (file && !make_pipes(ours, theirs)) {
		close_all(ours, END_COUNT);
		close_all(theirs, END_COUNT);
		*error = strerror(errno);
	}
	if (*error) {
		free(file);
		return NULL;
	}
	if (!all->keeper.pid)
		keeper_start(&all->keeper);
	struct child c = {
		.file = file,
		.folder = o->folder,
		.argv = (char *const *)o->argv,
		.env = (char *const *)o->env,
		.fds = {theirs[IN], theirs[OUT], theirs[ERR]},
		.memory = (rlim_t)o->memory_mb << 20,
		.keeper = all->keeper,
		.parent = getpid(),
		.max_fd = (int)sysconf(_SC_OPEN_MAX),
	};
	pid_t pid = fork();
	if (pid == 0)
		run_child(&c);
	close_all(theirs, END_COUNT);
	free(file);
	if (pid < 0) {
		close_all(ours, END_COUNT);
		*error = strerror(errno);
		return NULL;
	}
	struct process *p = xcalloc(1, sizeof(*p));
	p->all = all;
	p->pid = pid;
	p->ops = *ops;
	p->arg = arg;
	p->next = all->first;
	all->first = p;
	all->count++;
	open_pipes(p, ours, input, n);
	return p;
}
