#ifndef GAVEL_FAULT_DISK_H
#define GAVEL_FAULT_DISK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Simulated disks under path prefixes: files in memory that can lose power, fill up, fail and decay.

   SQLite reaches them through a VFS that is registered as its default; other files through the calls at the
   end. What lies under no disk's prefix goes to the system's own VFS. Each file has an image as readers see it,
   a durable image as of its last sync, and the writes between the two; names have the same. Everything that is
   left to chance comes from the disk's seed, in the order of its operations. All calls may come from any thread. */

typedef struct gavel_disk gavel_disk;
typedef struct gavel_disk_file gavel_disk_file;

/* Operations, as bits: a plan counts those in its mask. */
enum gavel_disk_operation {
    GAVEL_DISK_OPEN = 1,
    GAVEL_DISK_READ = 2,
    GAVEL_DISK_WRITE = 4,
    GAVEL_DISK_TRUNCATE = 8,
    GAVEL_DISK_SYNC = 16,
    GAVEL_DISK_DELETE = 32,
    GAVEL_DISK_FOLDER_SYNC = 64,
    GAVEL_DISK_RENAME = 128,
};
enum { GAVEL_DISK_OPERATIONS = 8 };

enum gavel_disk_fault {
    /* The operation fails; of a write, a prefix of sectors may have been written. */
    GAVEL_DISK_FAULT_ERROR = 0,
    /* A write finds no room. Other operations pass. */
    GAVEL_DISK_FAULT_FULL = 1,
    /* A sync fails, and what it should have made durable never will be, although readers still see it. */
    GAVEL_DISK_FAULT_LOST_SYNC = 2,
    /* The power goes: the disk is off until gavel_disk_start. */
    GAVEL_DISK_FAULT_POWER = 3,
    /* A read ends half way: an error for SQLite, as from the system's file system; fewer bytes for other files. */
    GAVEL_DISK_FAULT_SHORT_READ = 4,
    /* A bit of what is read has flipped, on the disk too. */
    GAVEL_DISK_FAULT_BIT_FLIP = 5,
    /* The process dies: handles are void, but what was written stays, synced or not. */
    GAVEL_DISK_FAULT_CRASH = 6,
};
enum { GAVEL_DISK_FAULTS = 7 };

/* What a power loss does to writes that were not synced. */
enum gavel_disk_loss {
    GAVEL_DISK_LOSS_ALL = 0,
    /* Each is kept or lost by itself. */
    GAVEL_DISK_LOSS_SOME = 1,
    /* Each is kept, lost, or cut after some of its sectors. */
    GAVEL_DISK_LOSS_TORN = 2,
    /* Each is kept, lost, or garbage in some of the sectors that it covers whole. */
    GAVEL_DISK_LOSS_GARBLED = 3,
};

/* Registers the VFS as SQLite's default; once a process, before its first store. True if it is registered. */
bool gavel_disk_install(void);
/* SQLite's own chance (its random(), the salts of its logs) follows from this seed on. Process-wide. */
void gavel_disk_seed_sqlite(uint64_t seed);

/* A disk for all paths that begin with `prefix`, an absolute path. NULL if there is one already. */
gavel_disk *gavel_disk_make(const char *prefix, uint64_t seed);
/* Forgets the disk and its files; handles that are still open become void. */
void gavel_disk_remove(gavel_disk *disk);
/* As after a process died: handles are void, locks free, files unchanged. */
void gavel_disk_crash(gavel_disk *disk);
void gavel_disk_power_off(gavel_disk *disk, uint32_t loss);
/* After a power loss or a crash: the disk can be opened again. */
void gavel_disk_start(gavel_disk *disk);
bool gavel_disk_is_on(const gavel_disk *disk);

/* The `at`-th operation of these kinds from now on, counted from 1, and the `lasting` - 1 after it meet the fault;
   `lasting` 0: all, until gavel_disk_heal. False if 16 plans are in force. */
bool gavel_disk_plan(
    gavel_disk *disk, uint32_t fault, uint32_t operations, uint64_t at, uint64_t lasting, uint32_t loss);
/* Each operation of these kinds meets the fault by chance, so many times in a million. */
void gavel_disk_rate(
    gavel_disk *disk, uint32_t fault, uint32_t operations, uint32_t in_a_million, uint32_t loss);
/* Ends plans and rates. */
void gavel_disk_heal(gavel_disk *disk);
/* How many operations of these kinds were asked for, and how often a fault was met. */
uint64_t gavel_disk_operations(const gavel_disk *disk, uint32_t operations);
uint64_t gavel_disk_met(const gavel_disk *disk, uint32_t fault);
/* Draws from the disk's chance. */
uint64_t gavel_disk_chance(gavel_disk *disk);
/* Flips a bit of a file, as readers see it and as it is durable. False if there is no such byte. */
bool gavel_disk_flip(const char *path, uint64_t offset, uint32_t bit);

/* Files outside SQLite. Errors are numbers of errno.h: EIO, ENOSPC, ENOENT. */
bool gavel_disk_holds(const char *path);
gavel_disk_file *gavel_disk_file_open(const char *path, bool create, bool empty, int *error);
void gavel_disk_file_close(gavel_disk_file *file);
int64_t gavel_disk_file_size(gavel_disk_file *file, int *error);
/* The number of bytes read, fewer than asked for only where the file ends. */
int64_t gavel_disk_file_read(gavel_disk_file *file, void *into, size_t count, uint64_t offset, int *error);
int gavel_disk_file_write(gavel_disk_file *file, const void *bytes, size_t count, uint64_t offset);
int gavel_disk_file_truncate(gavel_disk_file *file, uint64_t size);
int gavel_disk_file_sync(gavel_disk_file *file);
/* EWOULDBLOCK while another handle has the lock. */
int gavel_disk_file_lock(gavel_disk_file *file);
bool gavel_disk_exists(const char *path);
int gavel_disk_rename(const char *from, const char *to);
int gavel_disk_delete(const char *path);
int gavel_disk_sync_folder(const char *path);
/* Names in a folder, each ended by a zero byte; the number of bytes that all of them take. */
size_t gavel_disk_names(const char *folder, char *into, size_t capacity);
#endif
