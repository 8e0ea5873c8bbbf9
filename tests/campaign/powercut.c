/* What a drive has after a power cut: a record of every write to the database and of every fsync.
 *
 * Preloaded into the backend. Each write, truncation, fsync and unlink of a watched file (its path
 * ends with POWERCUT_FILE, or that and "-wal") is done, and appended to POWERCUT_LOG. After
 * POWERCUT_AT of them the process is killed. From the POWERCUT_FAIL-th fsync on POWERCUT_FAILS of
 * them answer EIO. storage.py reads the log and says what would have been on the disk.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char watched[FILES]; /* by descriptor: 0 not, 1 the database, 2 its log */
static int out = -1;
static long at, done, fail, fails, syncs;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("POWERCUT_LOG");
    if (!path) return;
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    out = real(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    at = number("POWERCUT_AT");
    fail = number("POWERCUT_FAIL");
    fails = number("POWERCUT_FAILS");
    unsetenv("LD_PRELOAD"); /* only this process, not its children */
}

static int kind_of(const char *path) {
    const char *name = getenv("POWERCUT_FILE");
    if (out < 0 || !path || !name) return 0;
    size_t length = strlen(path), own = strlen(name);
    if (length >= own && !strcmp(path + length - own, name)) return 1;
    if (length >= own + 4 && !strcmp(path + length - 4, "-wal") &&
        !strncmp(path + length - own - 4, name, own)) return 2;
    return 0;
}

static void note(char op, int kind, uint64_t offset, const void *data, uint32_t length) {
    unsigned char head[14];
    head[0] = (unsigned char)op;
    head[1] = (unsigned char)kind;
    memcpy(head + 2, &offset, 8);
    memcpy(head + 10, &length, 4);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)data, data ? length : 0}};
    if (writev(out, parts, 2) < 0) abort();
    if (at && ++done >= at) kill(getpid(), SIGKILL);
}

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < FILES) watched[fd] = (unsigned char)kind_of(path);
    return fd;
}

#define OPEN(name)                                                    \
    int name(const char *path, int flags, ...) {                      \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
        va_list rest;                                                 \
        va_start(rest, flags);                                        \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                 \
        return opened(real(path, flags, mode), path);                 \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "close");
    if (fd >= 0 && fd < FILES) watched[fd] = 0;
    return real(fd);
}

#define WRITE(name, offset_type)                                                   \
    ssize_t name(int fd, const void *data, size_t length, offset_type offset) {    \
        ssize_t (*real)(int, const void *, size_t, offset_type) = dlsym(RTLD_NEXT, #name); \
        int kind = fd >= 0 && fd < FILES ? watched[fd] : 0;                        \
        if (!kind) return real(fd, data, length, offset);                          \
        pthread_mutex_lock(&lock);                                                 \
        ssize_t written = real(fd, data, length, offset);                          \
        if (written > 0) note('W', kind, (uint64_t)offset, data, (uint32_t)written); \
        pthread_mutex_unlock(&lock);                                               \
        return written;                                                            \
    }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

#define TRUNCATE(name, offset_type)                                    \
    int name(int fd, offset_type length) {                             \
        int (*real)(int, offset_type) = dlsym(RTLD_NEXT, #name);       \
        int kind = fd >= 0 && fd < FILES ? watched[fd] : 0;            \
        if (!kind) return real(fd, length);                            \
        pthread_mutex_lock(&lock);                                     \
        int answer = real(fd, length);                                 \
        if (!answer) note('T', kind, (uint64_t)length, NULL, 0);       \
        pthread_mutex_unlock(&lock);                                   \
        return answer;                                                 \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                     \
    int name(int fd) {                                                 \
        int (*real)(int) = dlsym(RTLD_NEXT, #name);                    \
        int kind = fd >= 0 && fd < FILES ? watched[fd] : 0;            \
        if (!kind) return real(fd);                                    \
        pthread_mutex_lock(&lock);                                     \
        int refused = fail && ++syncs >= fail && syncs < fail + fails; \
        note(refused ? 'F' : 'S', kind, 0, NULL, 0);                   \
        pthread_mutex_unlock(&lock);                                   \
        if (!refused) return real(fd);                                 \
        errno = EIO;                                                   \
        return -1;                                                     \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    int kind = kind_of(path);
    int answer = real(path);
    if (kind && !answer) {
        pthread_mutex_lock(&lock);
        note('U', kind, 0, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return answer;
}
