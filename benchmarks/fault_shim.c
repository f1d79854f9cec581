/* Makes one call of a file system function fail, for a process started with this library preloaded.

   FAULT_UNDER   only files whose path begins with this
   FAULT_CALLS   which functions, by first letter: w (write, pwrite), s (fsync, fdatasync), r (rename), t (ftruncate)
   FAULT_AT      the how manieth such call fails, counted from 1
   FAULT_ERRNO   with which errno: 28 (no space left on device), 5 (input/output error)
   FAULT_STAYS   1: every such call after it fails as well, as on a disk that stays full

   Built by benchmarks/fault_index.py: cc -shared -fPIC -o fault_shim.so fault_shim.c -ldl */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static int fails(char kind, const char *path) {
    const char *under = getenv("FAULT_UNDER"), *kinds = getenv("FAULT_CALLS"), *at = getenv("FAULT_AT");
    if (!under || !kinds || !at || !strchr(kinds, kind) || strncmp(path, under, strlen(under)) != 0) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1, wanted = atol(at);
    const char *stays = getenv("FAULT_STAYS"), *code = getenv("FAULT_ERRNO");
    if (number != wanted && !(number > wanted && stays && *stays == '1')) return 0;
    errno = code ? atoi(code) : EIO;
    return 1;
}

static int fails_at(char kind, int descriptor) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(kind, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int d, const void *b, size_t n) { return fails_at('w', d) ? -1 : REAL(write)(d, b, n); }
ssize_t pwrite(int d, const void *b, size_t n, off_t o) { return fails_at('w', d) ? -1 : REAL(pwrite)(d, b, n, o); }
ssize_t pwrite64(int d, const void *b, size_t n, off64_t o) { return fails_at('w', d) ? -1 : REAL(pwrite64)(d, b, n, o); }
ssize_t writev(int d, const struct iovec *v, int n) { return fails_at('w', d) ? -1 : REAL(writev)(d, v, n); }
int fsync(int d) { return fails_at('s', d) ? -1 : REAL(fsync)(d); }
int fdatasync(int d) { return fails_at('s', d) ? -1 : REAL(fdatasync)(d); }
int ftruncate(int d, off_t n) { return fails_at('t', d) ? -1 : REAL(ftruncate)(d, n); }
int ftruncate64(int d, off64_t n) { return fails_at('t', d) ? -1 : REAL(ftruncate64)(d, n); }
int rename(const char *from, const char *to) { return fails('r', to) ? -1 : REAL(rename)(from, to); }
int renameat(int a, const char *from, int b, const char *to) { return fails('r', to) ? -1 : REAL(renameat)(a, from, b, to); }
