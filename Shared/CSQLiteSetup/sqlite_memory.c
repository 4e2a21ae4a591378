#include "sqlite_memory.h"
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A block is a word with its capacity and then the capacity's bytes, which SQLite asks to be aligned to eight. Those of
   up to LARGEST bytes come in steps of STEP bytes, and a thread keeps those that it freed in a list for each step. */
enum { STEP = 64, LARGEST = 4608, LISTS = LARGEST / STEP, MOST_KEPT = 256 * 1024 };

struct block {
    uint64_t capacity;
    union {
        struct block *next;
        unsigned char bytes[8];
    } content;
};

enum { HEADER = offsetof(struct block, content) };

struct pool {
    enum { UNUSED, OPEN, CLOSED } state;
    size_t kept;
    struct block *lists[LISTS];
};

static _Thread_local struct pool pool;
static pthread_key_t at_exit;

static struct block *block_of(void *bytes) { return (struct block *)((unsigned char *)bytes - HEADER); }

static size_t list_of(uint64_t capacity) { return (size_t)(capacity / STEP) - 1; }

/* The thread ends: what it kept goes back, and what it frees from now on does so at once. */
static void close_pool(void *ending) {
    struct pool *of_thread = ending;
    of_thread->state = CLOSED;
    of_thread->kept = 0;
    for (size_t list = 0; list < LISTS; list++) {
        struct block *block = of_thread->lists[list];
        of_thread->lists[list] = NULL;
        while (block != NULL) {
            struct block *next = block->content.next;
            free(block);
            block = next;
        }
    }
}

static int rounded(int bytes) {
    if (bytes <= LARGEST) return bytes <= STEP ? STEP : (bytes + STEP - 1) / STEP * STEP;
    return bytes > INT32_MAX - 7 ? bytes : (bytes + 7) & ~7;
}

static void *allocate(int bytes) {
    if (bytes <= 0) return NULL;
    uint64_t capacity = (uint64_t)rounded(bytes);
    struct block *block;
    if (capacity <= LARGEST && (block = pool.lists[list_of(capacity)]) != NULL) {
        pool.lists[list_of(capacity)] = block->content.next;
        pool.kept -= (size_t)capacity;
        return block->content.bytes;
    }
    block = malloc(HEADER + (size_t)capacity);
    if (block == NULL) return NULL;
    block->capacity = capacity;
    return block->content.bytes;
}

static void release(void *bytes) {
    if (bytes == NULL) return;
    struct block *block = block_of(bytes);
    if (block->capacity > LARGEST || pool.kept + block->capacity > MOST_KEPT || pool.state == CLOSED) {
        free(block);
        return;
    }
    if (pool.state == UNUSED) {
        if (pthread_setspecific(at_exit, &pool) != 0) {
            free(block);
            return;
        }
        pool.state = OPEN;
    }
    block->content.next = pool.lists[list_of(block->capacity)];
    pool.lists[list_of(block->capacity)] = block;
    pool.kept += (size_t)block->capacity;
}

static int size_of(void *bytes) { return bytes == NULL ? 0 : (int)block_of(bytes)->capacity; }

static void *reallocate(void *bytes, int wanted) {
    int capacity = size_of(bytes);
    if (wanted <= capacity && (capacity <= LARGEST || wanted > capacity / 2)) return bytes;
    if (capacity > LARGEST && wanted > LARGEST) {
        uint64_t larger = (uint64_t)rounded(wanted);
        struct block *moved = realloc(block_of(bytes), HEADER + (size_t)larger);
        if (moved == NULL) return NULL;
        moved->capacity = larger;
        return moved->content.bytes;
    }
    void *moved = allocate(wanted);
    if (moved == NULL) return NULL;
    memcpy(moved, bytes, (size_t)(capacity < wanted ? capacity : wanted));
    release(bytes);
    return moved;
}

static int begin(void *unused) {
    (void)unused;
    return pthread_key_create(&at_exit, close_pool) == 0 ? SQLITE_OK : SQLITE_NOMEM;
}

static void end(void *unused) {
    (void)unused;
    pthread_key_delete(at_exit);
}

const sqlite3_mem_methods gavel_sqlite_memory = {allocate, release, reallocate, size_of, rounded, begin, end, NULL};
