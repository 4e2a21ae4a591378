/* Files outside SQLite, on the same disks. */
#include "disk.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct gavel_disk_file {
    gavel_disk *disk;
    stored_file *file;
    uint64_t generation;
};

static bool is_void(const gavel_disk_file *file) {
    return !file->disk->on || file->generation != file->disk->generation;
}

static int error_of(int fault) {
    if (fault == NO_FAULT) return 0;
    return fault == GAVEL_DISK_FAULT_FULL ? ENOSPC : EIO;
}

bool gavel_disk_holds(const char *path) {
    disk_lock();
    bool holds = disk_of(path) != NULL;
    disk_unlock();
    return holds;
}

static stored_file *found(gavel_disk *disk, const char *path, bool create, bool empty, int *error) {
    if (disk == NULL) {
        *error = ENOENT;
        return NULL;
    }
    *error = error_of(disk_step(disk, GAVEL_DISK_OPEN));
    if (*error != 0) return NULL;
    stored_file *file = name_find(disk, path);
    if (file == NULL && create) file = name_create(disk, path);
    else if (file == NULL) *error = ENOENT;
    else if (empty && file->now.size > 0) file_truncate(file, 0);
    return file;
}

gavel_disk_file *gavel_disk_file_open(const char *path, bool create, bool empty, int *error) {
    disk_lock();
    gavel_disk *disk = disk_of(path);
    stored_file *file = found(disk, path, create, empty, error);
    gavel_disk_file *made = NULL;
    if (file != NULL) {
        made = malloc(sizeof *made);
        if (made == NULL) abort();
        file_retain(file);
        disk->references += 1;
        *made = (gavel_disk_file){disk, file, disk->generation};
    }
    disk_unlock();
    return made;
}

void gavel_disk_file_close(gavel_disk_file *file) {
    disk_lock();
    if (file->file->locker == file) file->file->locker = NULL;
    file_release(file->file);
    disk_release(file->disk);
    disk_unlock();
    free(file);
}

int64_t gavel_disk_file_size(gavel_disk_file *file, int *error) {
    disk_lock();
    *error = is_void(file) ? EIO : 0;
    int64_t size = (int64_t)file->file->now.size;
    disk_unlock();
    return size;
}

int64_t gavel_disk_file_read(gavel_disk_file *file, void *into, size_t count, uint64_t offset, int *error) {
    size_t got = 0;
    disk_lock();
    int fault = is_void(file) ? IS_OFF : disk_read(file->disk, file->file, into, count, offset, &got);
    *error = fault == GAVEL_DISK_FAULT_SHORT_READ ? 0 : error_of(fault);
    disk_unlock();
    return (int64_t)got;
}

int gavel_disk_file_write(gavel_disk_file *file, const void *bytes, size_t count, uint64_t offset) {
    disk_lock();
    int fault = is_void(file) ? IS_OFF : disk_write(file->disk, file->file, bytes, count, offset);
    disk_unlock();
    return error_of(fault);
}

int gavel_disk_file_truncate(gavel_disk_file *file, uint64_t size) {
    disk_lock();
    int fault = is_void(file) ? IS_OFF : disk_step(file->disk, GAVEL_DISK_TRUNCATE);
    if (fault == NO_FAULT) file_truncate(file->file, size);
    disk_unlock();
    return error_of(fault);
}

int gavel_disk_file_sync(gavel_disk_file *file) {
    disk_lock();
    int fault = is_void(file) ? IS_OFF : disk_sync(file->disk, file->file);
    disk_unlock();
    return error_of(fault);
}

int gavel_disk_file_lock(gavel_disk_file *file) {
    disk_lock();
    int error = is_void(file) ? EIO : 0;
    if (error == 0 && file->file->locker != NULL && file->file->locker != file) error = EWOULDBLOCK;
    if (error == 0) file->file->locker = file;
    disk_unlock();
    return error;
}

bool gavel_disk_exists(const char *path) {
    disk_lock();
    gavel_disk *disk = disk_of(path);
    bool exists = disk != NULL && disk->on && name_find(disk, path) != NULL;
    disk_unlock();
    return exists;
}

int gavel_disk_rename(const char *from, const char *to) {
    disk_lock();
    gavel_disk *disk = disk_of(from);
    int error = disk == NULL || disk != disk_of(to) ? EXDEV : error_of(disk_step(disk, GAVEL_DISK_RENAME));
    if (error == 0 && !name_replace(disk, from, to)) error = ENOENT;
    disk_unlock();
    return error;
}

int gavel_disk_delete(const char *path) {
    disk_lock();
    gavel_disk *disk = disk_of(path);
    int error = disk == NULL ? ENOENT : error_of(disk_step(disk, GAVEL_DISK_DELETE));
    if (error == 0 && !name_remove(disk, path)) error = ENOENT;
    disk_unlock();
    return error;
}

int gavel_disk_sync_folder(const char *path) {
    disk_lock();
    gavel_disk *disk = disk_of(path);
    int error = disk == NULL ? ENOENT : error_of(disk_step(disk, GAVEL_DISK_FOLDER_SYNC));
    if (error == 0) folder_sync(disk, path, strlen(path));
    disk_unlock();
    return error;
}

size_t gavel_disk_names(const char *folder, char *into, size_t capacity) {
    disk_lock();
    gavel_disk *disk = disk_of(folder);
    size_t length = strlen(folder), used = 0;
    for (size_t index = 0; disk != NULL && index < disk->name_count; index++) {
        const char *path = disk->names[index].path;
        if (disk->names[index].now == NULL || folder_length(path) != length
            || strncmp(path, folder, length) != 0)
            continue;
        size_t size = strlen(path + length + 1) + 1;
        if (used + size <= capacity) memcpy(into + used, path + length + 1, size);
        used += size;
    }
    disk_unlock();
    return used;
}
