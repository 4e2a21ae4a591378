// Counts the allocations of a process that loads it with LD_PRELOAD, in a file that others may map while it runs.
//
// ALLOCATION_COUNTS names a folder; the file is named after the process. A page holds the number of allocations and,
// where ALLOCATION_SITES is a number N, the call stacks of every Nth one follow it, as many as there is room for.
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { frames = 32, samples = 16384 };

struct counts {
    _Atomic uint64_t allocations;
    // Set from outside: stacks are taken while it is not 0.
    _Atomic uint64_t sampling;
    _Atomic uint64_t taken;
    uint64_t unused[509];
    uint64_t stacks[samples][frames];
};

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static struct counts *counts;
static uint64_t every;
static __thread int is_inside;

static void count(void) {
    struct counts *c = counts;
    if (!c) return;
    uint64_t number = atomic_fetch_add_explicit(&c->allocations, 1, memory_order_relaxed);
    if (!every || number % every || is_inside || !atomic_load_explicit(&c->sampling, memory_order_relaxed)) return;
    is_inside = 1;
    uint64_t place = atomic_fetch_add_explicit(&c->taken, 1, memory_order_relaxed);
    if (place < samples) {
        int depth = backtrace((void **)c->stacks[place], frames);
        if (depth < frames) c->stacks[place][depth] = 0;
    }
    is_inside = 0;
}

__attribute__((constructor)) static void open_counts(void) {
    const char *folder = getenv("ALLOCATION_COUNTS");
    const char *sites = getenv("ALLOCATION_SITES");
    if (!folder) return;
    char path[4096];
    snprintf(path, sizeof path, "%s/%d", folder, (int)getpid());
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct counts))) return;
    void *page = mmap(0, sizeof(struct counts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (page == MAP_FAILED) return;
    every = sites ? strtoull(sites, 0, 10) : 0;
    // The first one loads the unwinder, which allocates.
    void *first[4];
    if (every) backtrace(first, 4);
    counts = page;
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **made, size_t alignment, size_t size) {
    count();
    void *found = __libc_memalign(alignment, size);
    if (!found) return ENOMEM;
    *made = found;
    return 0;
}
