/* SQLite's view of the simulated disks. */
#include "disk.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    sqlite3_file base;
    gavel_disk *disk;
    stored_file *file;
    uint64_t generation;
    int level;
    /* The folder is synced with the first sync of a new journal, as SQLite does on Unix. */
    char *unsynced_folder;
    char *delete_on_close;
    shared_memory *memory;
    uint16_t shared, exclusive;
} handle;

static sqlite3_vfs the_vfs;
static sqlite3_vfs *the_system;
static bool has_seed;
static uint64_t the_seed;

static handle *of(sqlite3_file *file) { return (handle *)file; }
static bool is_void(const handle *handle) {
    return !handle->disk->on || handle->generation != handle->disk->generation;
}

/* Locks of files */

static void unlock_to(handle *handle, int level) {
    stored_file *file = handle->file;
    if (file->exclusive == handle) file->exclusive = NULL;
    if (file->waiting == handle) file->waiting = NULL;
    if (file->reserved == handle) file->reserved = NULL;
    if (level == SQLITE_LOCK_NONE && handle->level >= SQLITE_LOCK_SHARED) file->shared -= 1;
    handle->level = level;
}

static int x_unlock(sqlite3_file *base, int level) {
    handle *handle = of(base);
    disk_lock();
    if (handle->level > level) {
        if (is_void(handle)) handle->level = level;
        else unlock_to(handle, level);
    }
    disk_unlock();
    return SQLITE_OK;
}

static int lock_to(handle *handle, int level) {
    stored_file *file = handle->file;
    if (handle->level >= level) return SQLITE_OK;
    if (handle->level == SQLITE_LOCK_NONE) {
        if (file->waiting != NULL || file->exclusive != NULL) return SQLITE_BUSY;
        file->shared += 1;
        handle->level = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
    if (file->reserved != NULL && file->reserved != handle) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_RESERVED) {
        file->reserved = handle;
        handle->level = level;
        return SQLITE_OK;
    }
    if (file->waiting != NULL && file->waiting != handle) return SQLITE_BUSY;
    file->waiting = handle;
    handle->level = SQLITE_LOCK_PENDING;
    if (file->shared > 1) return SQLITE_BUSY;
    file->exclusive = handle;
    handle->level = SQLITE_LOCK_EXCLUSIVE;
    return SQLITE_OK;
}

static int x_lock(sqlite3_file *base, int level) {
    handle *handle = of(base);
    disk_lock();
    int code = is_void(handle) ? SQLITE_IOERR_LOCK : lock_to(handle, level);
    disk_unlock();
    return code;
}

static int x_check_reserved(sqlite3_file *base, int *held) {
    disk_lock();
    stored_file *file = of(base)->file;
    *held = file->reserved != NULL || file->waiting != NULL || file->exclusive != NULL;
    disk_unlock();
    return SQLITE_OK;
}

/* Shared memory */

static int x_shm_lock(sqlite3_file *base, int from, int count, int flags) {
    handle *handle = of(base);
    uint16_t mask = (uint16_t)((1u << (from + count)) - (1u << from));
    int code = SQLITE_OK;
    disk_lock();
    shared_memory *memory = handle->memory;
    if (memory == NULL) {
        code = SQLITE_IOERR_SHMLOCK;
    } else if (flags & SQLITE_SHM_UNLOCK) {
        for (int slot = from; slot < from + count; slot++) {
            if (handle->exclusive & (1u << slot)) memory->exclusive[slot] = NULL;
            if (handle->shared & (1u << slot)) memory->shared[slot] -= 1;
        }
        handle->exclusive &= (uint16_t)~mask;
        handle->shared &= (uint16_t)~mask;
    } else if (is_void(handle)) {
        code = SQLITE_IOERR_SHMLOCK;
    } else if (flags & SQLITE_SHM_SHARED) {
        if (memory->exclusive[from] != NULL && memory->exclusive[from] != handle) {
            code = SQLITE_BUSY;
        } else if (!(handle->shared & mask)) {
            memory->shared[from] += 1;
            handle->shared |= mask;
        }
    } else {
        for (int slot = from; slot < from + count; slot++) {
            int others = memory->shared[slot] - ((handle->shared >> slot) & 1);
            if (others > 0 || (memory->exclusive[slot] != NULL && memory->exclusive[slot] != handle))
                code = SQLITE_BUSY;
        }
        for (int slot = from; slot < from + count && code == SQLITE_OK; slot++)
            memory->exclusive[slot] = handle;
        if (code == SQLITE_OK) handle->exclusive |= mask;
    }
    disk_unlock();
    return code;
}

static int x_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **into) {
    handle *handle = of(base);
    int code = SQLITE_OK;
    *into = NULL;
    disk_lock();
    if (handle->memory == NULL && !is_void(handle)) {
        if (handle->file->memory == NULL) handle->file->memory = calloc(1, sizeof(shared_memory));
        handle->memory = handle->file->memory;
        if (handle->memory != NULL) handle->memory->references += 1;
    }
    shared_memory *memory = handle->memory;
    if (memory == NULL || is_void(handle)) {
        code = SQLITE_IOERR_SHMMAP;
    } else if (region >= memory->count && extend) {
        void **regions = realloc(memory->regions, (size_t)(region + 1) * sizeof(void *));
        if (regions == NULL) abort();
        memory->regions = regions;
        while (memory->count <= region) {
            regions[memory->count] = calloc(1, (size_t)size);
            if (regions[memory->count++] == NULL) abort();
        }
    }
    if (code == SQLITE_OK && region < memory->count) *into = memory->regions[region];
    disk_unlock();
    return code;
}

static void x_shm_barrier(sqlite3_file *base) {
    (void)base;
    __sync_synchronize();
}

static int x_shm_unmap(sqlite3_file *base, int delete_it) {
    (void)delete_it;
    handle *handle = of(base);
    disk_lock();
    shared_memory *memory = handle->memory;
    if (memory != NULL) {
        for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
            if (handle->exclusive & (1u << slot)) memory->exclusive[slot] = NULL;
            if (handle->shared & (1u << slot)) memory->shared[slot] -= 1;
        }
        handle->shared = handle->exclusive = 0;
        handle->memory = NULL;
        if (memory->references == 1 && handle->file->memory == memory) handle->file->memory = NULL;
        memory_release(memory);
    }
    disk_unlock();
    return SQLITE_OK;
}

/* Files */

static int x_close(sqlite3_file *base) {
    handle *handle = of(base);
    x_shm_unmap(base, 0);
    x_unlock(base, SQLITE_LOCK_NONE);
    disk_lock();
    if (handle->delete_on_close != NULL && !is_void(handle))
        name_remove(handle->disk, handle->delete_on_close);
    file_release(handle->file);
    disk_release(handle->disk);
    disk_unlock();
    free(handle->unsynced_folder);
    free(handle->delete_on_close);
    return SQLITE_OK;
}

static int x_read(sqlite3_file *base, void *into, int count, sqlite3_int64 offset) {
    handle *handle = of(base);
    size_t got = 0;
    disk_lock();
    int fault = is_void(handle)
        ? IS_OFF : disk_read(handle->disk, handle->file, into, (size_t)count, (uint64_t)offset, &got);
    disk_unlock();
    /* SQLite takes a short read for the end of the file, and the rest for zeros. The system's file system asks
       again where a read ends half way, and fails if nothing more comes. */
    if (fault != NO_FAULT) return SQLITE_IOERR_READ;
    if (got == (size_t)count) return SQLITE_OK;
    memset((uint8_t *)into + got, 0, (size_t)count - got);
    return SQLITE_IOERR_SHORT_READ;
}

static int x_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
    handle *handle = of(base);
    disk_lock();
    int fault = is_void(handle)
        ? IS_OFF : disk_write(handle->disk, handle->file, bytes, (size_t)count, (uint64_t)offset);
    disk_unlock();
    if (fault == GAVEL_DISK_FAULT_FULL) return SQLITE_FULL;
    return fault == NO_FAULT ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int x_truncate(sqlite3_file *base, sqlite3_int64 size) {
    handle *handle = of(base);
    disk_lock();
    int fault = is_void(handle) ? IS_OFF : disk_step(handle->disk, GAVEL_DISK_TRUNCATE);
    if (fault == NO_FAULT) file_truncate(handle->file, (uint64_t)size);
    disk_unlock();
    return fault == NO_FAULT ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int x_sync(sqlite3_file *base, int flags) {
    (void)flags;
    handle *handle = of(base);
    disk_lock();
    int fault = is_void(handle) ? IS_OFF : disk_sync(handle->disk, handle->file);
    int code = fault == NO_FAULT ? SQLITE_OK : SQLITE_IOERR_FSYNC;
    if (code == SQLITE_OK && handle->unsynced_folder != NULL) {
        fault = disk_step(handle->disk, GAVEL_DISK_FOLDER_SYNC);
        if (fault == NO_FAULT) {
            folder_sync(handle->disk, handle->unsynced_folder, strlen(handle->unsynced_folder));
            free(handle->unsynced_folder);
            handle->unsynced_folder = NULL;
        } else {
            code = SQLITE_IOERR_DIR_FSYNC;
        }
    }
    disk_unlock();
    return code;
}

static int x_file_size(sqlite3_file *base, sqlite3_int64 *size) {
    handle *handle = of(base);
    disk_lock();
    bool gone = is_void(handle);
    *size = (sqlite3_int64)handle->file->now.size;
    disk_unlock();
    return gone ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int x_file_control(sqlite3_file *base, int operation, void *argument) {
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int x_sector_size(sqlite3_file *base) {
    (void)base;
    return 4096;
}

static int x_characteristics(sqlite3_file *base) {
    (void)base;
    /* A write that is cut or garbled leaves the bytes beside it as they were. */
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods the_methods = {
    .iVersion = 2, .xClose = x_close, .xRead = x_read, .xWrite = x_write, .xTruncate = x_truncate,
    .xSync = x_sync, .xFileSize = x_file_size, .xLock = x_lock, .xUnlock = x_unlock,
    .xCheckReservedLock = x_check_reserved, .xFileControl = x_file_control,
    .xSectorSize = x_sector_size, .xDeviceCharacteristics = x_characteristics,
    .xShmMap = x_shm_map, .xShmLock = x_shm_lock, .xShmBarrier = x_shm_barrier,
    .xShmUnmap = x_shm_unmap,
};

/* The file system */

static char *folder_of(const char *path) {
    size_t length = folder_length(path);
    char *folder = malloc(length + 1);
    if (folder == NULL) abort();
    memcpy(folder, path, length);
    folder[length] = 0;
    return folder;
}

static int open_on(gavel_disk *disk, const char *path, handle *handle, int flags) {
    if (disk_step(disk, GAVEL_DISK_OPEN) != NO_FAULT) return SQLITE_CANTOPEN;
    stored_file *file = name_find(disk, path);
    bool is_new = file == NULL;
    if (is_new && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
    if (is_new) file = name_create(disk, path);
    int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    if ((flags & SQLITE_OPEN_CREATE) && (flags & journals)) handle->unsynced_folder = folder_of(path);
    if (flags & SQLITE_OPEN_DELETEONCLOSE) handle->delete_on_close = strdup(path);
    file_retain(file);
    disk->references += 1;
    handle->base.pMethods = &the_methods;
    handle->disk = disk;
    handle->file = file;
    handle->generation = disk->generation;
    return SQLITE_OK;
}

static int x_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *base, int flags, int *got) {
    (void)vfs;
    disk_lock();
    gavel_disk *disk = disk_of(path);
    if (disk == NULL) {
        disk_unlock();
        return the_system->xOpen(the_system, path, base, flags, got);
    }
    memset(base, 0, sizeof(handle));
    int code = open_on(disk, path, of(base), flags);
    disk_unlock();
    if (got != NULL) *got = flags;
    return code;
}

static int x_delete(sqlite3_vfs *vfs, const char *path, int sync_folder) {
    (void)vfs;
    disk_lock();
    gavel_disk *disk = disk_of(path);
    if (disk == NULL) {
        disk_unlock();
        return the_system->xDelete(the_system, path, sync_folder);
    }
    int code = SQLITE_OK;
    if (disk_step(disk, GAVEL_DISK_DELETE) != NO_FAULT) {
        code = SQLITE_IOERR_DELETE;
    } else if (!name_remove(disk, path)) {
        code = SQLITE_IOERR_DELETE_NOENT;
    } else if (sync_folder) {
        if (disk_step(disk, GAVEL_DISK_FOLDER_SYNC) == NO_FAULT) folder_sync(disk, path, folder_length(path));
        else code = SQLITE_IOERR_DIR_FSYNC;
    }
    disk_unlock();
    return code;
}

static int x_access(sqlite3_vfs *vfs, const char *path, int flags, int *there) {
    (void)vfs;
    disk_lock();
    gavel_disk *disk = disk_of(path);
    if (disk == NULL) {
        disk_unlock();
        return the_system->xAccess(the_system, path, flags, there);
    }
    stored_file *file = name_find(disk, path);
    /* As on Unix, an empty file counts as none. */
    *there = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->now.size > 0);
    int code = disk->on ? SQLITE_OK : SQLITE_IOERR_ACCESS;
    disk_unlock();
    return code;
}

static int x_full_pathname(sqlite3_vfs *vfs, const char *path, int size, char *into) {
    (void)vfs;
    disk_lock();
    bool is_ours = disk_of(path) != NULL;
    disk_unlock();
    if (!is_ours) return the_system->xFullPathname(the_system, path, size, into);
    size_t length = strlen(path) + 1;
    if (length > (size_t)size) return SQLITE_CANTOPEN;
    memcpy(into, path, length);
    return SQLITE_OK;
}

static int x_randomness(sqlite3_vfs *vfs, int count, char *into) {
    (void)vfs;
    disk_lock();
    for (int index = 0; has_seed && index < count; index++) into[index] = (char)next_chance(&the_seed);
    disk_unlock();
    return has_seed ? count : the_system->xRandomness(the_system, count, into);
}

bool gavel_disk_install(void) {
    /* As every store sets it; later SQLite would refuse. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    disk_lock();
    bool is_first = the_system == NULL;
    disk_unlock();
    if (!is_first) return true;
    sqlite3_vfs *found = sqlite3_vfs_find(NULL);
    if (found == NULL) return false;
    disk_lock();
    the_system = found;
    the_vfs = *found;
    the_vfs.zName = "gavel-disk";
    the_vfs.pNext = NULL;
    if (the_vfs.szOsFile < (int)sizeof(handle)) the_vfs.szOsFile = sizeof(handle);
    the_vfs.xOpen = x_open;
    the_vfs.xDelete = x_delete;
    the_vfs.xAccess = x_access;
    the_vfs.xFullPathname = x_full_pathname;
    the_vfs.xRandomness = x_randomness;
    disk_unlock();
    return sqlite3_vfs_register(&the_vfs, 1) == SQLITE_OK;
}

void gavel_disk_seed_sqlite(uint64_t seed) {
    disk_lock();
    the_seed = seed;
    has_seed = true;
    disk_unlock();
    /* It forgets what it drew so far, and asks the VFS again. */
    sqlite3_randomness(0, NULL);
}
