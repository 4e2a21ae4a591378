#ifndef GAVEL_DISK_H
#define GAVEL_DISK_H
#include "fault_disk.h"
#include <sqlite3.h>

/* What the VFS and the plain files share. Every function expects the lock to be held. */

typedef struct { uint8_t *data; size_t size, capacity; } image;

/* A write or a truncation that is not durable yet; a truncation has no data. */
typedef struct { uint64_t offset; size_t length; uint8_t *data; } pending_write;

/* SQLite's shared memory and its locks. Void handles may still look into it, so it goes with the last of them. */
typedef struct {
    int references;
    int count;
    void **regions;
    int shared[SQLITE_SHM_NLOCK];
    const void *exclusive[SQLITE_SHM_NLOCK];
} shared_memory;

typedef struct stored_file {
    /* One for each name, now or durable, each logged change of a name, and each handle. */
    int references;
    image now, durable;
    pending_write *pending;
    size_t pending_count, pending_capacity;
    /* SQLite's file locks: how many hold SHARED, and who holds more. */
    int shared;
    const void *reserved, *waiting, *exclusive;
    shared_memory *memory;
    const void *locker;
} stored_file;

typedef struct { char *path; stored_file *now, *durable; } name_entry;

/* A change of one name, or of two at once, that is not durable yet. No file: the name goes. */
typedef struct { char *path; stored_file *file; char *removed; } name_change;

typedef struct {
    uint32_t fault, operations, loss;
    uint64_t at, lasting, seen;
} plan;

typedef struct { uint32_t operations, in_a_million, loss; } rate;

enum { MOST_PLANS = 16, SECTOR = 512 };

struct gavel_disk {
    struct gavel_disk *next;
    char *prefix;
    size_t prefix_length;
    int references;
    bool on;
    /* Handles of another generation are void. */
    uint64_t generation;
    uint64_t chance;
    name_entry *names;
    size_t name_count, name_capacity;
    name_change *changes;
    size_t change_count, change_capacity;
    plan plans[MOST_PLANS];
    int plan_count;
    rate rates[GAVEL_DISK_FAULTS];
    bool has_rates;
    uint64_t operations[GAVEL_DISK_OPERATIONS];
    uint64_t met[GAVEL_DISK_FAULTS];
};

/* The fault that an operation meets, or one of these. */
enum { NO_FAULT = -1, IS_OFF = -2 };

void disk_lock(void);
void disk_unlock(void);
gavel_disk *disk_of(const char *path);
void disk_release(gavel_disk *disk);
uint64_t next_chance(uint64_t *state);
int disk_step(gavel_disk *disk, uint32_t operation);
void disk_lose_power(gavel_disk *disk, uint32_t loss);

stored_file *name_find(gavel_disk *disk, const char *path);
stored_file *name_create(gavel_disk *disk, const char *path);
bool name_remove(gavel_disk *disk, const char *path);
bool name_replace(gavel_disk *disk, const char *from, const char *to);
void folder_sync(gavel_disk *disk, const char *folder, size_t length);
size_t folder_length(const char *path);

void file_retain(stored_file *file);
void file_release(stored_file *file);
size_t file_read(const stored_file *file, void *into, size_t count, uint64_t offset);
void file_write(stored_file *file, const void *bytes, size_t count, uint64_t offset);
void file_truncate(stored_file *file, uint64_t size);
void file_sync(stored_file *file);
void file_forget_pending(stored_file *file);
void file_flip(stored_file *file, uint64_t offset, uint32_t bit);
void memory_release(shared_memory *memory);

/* The outcome of one operation on an open file, with the faults of reads and writes applied. */
int disk_read(gavel_disk *disk, stored_file *file, void *into, size_t count, uint64_t offset, size_t *got);
int disk_write(gavel_disk *disk, stored_file *file, const void *bytes, size_t count, uint64_t offset);
int disk_sync(gavel_disk *disk, stored_file *file);
#endif
