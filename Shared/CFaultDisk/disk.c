#include "disk.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;
static gavel_disk *the_disks;

void disk_lock(void) { pthread_mutex_lock(&the_lock); }
void disk_unlock(void) { pthread_mutex_unlock(&the_lock); }

/* A simulation that has no memory left has nothing to say. */
static void *grown(void *known, size_t size) {
    void *made = realloc(known, size);
    if (made == NULL) abort();
    return made;
}

static char *copied(const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(grown(NULL, size), text, size);
}

/* SplitMix64. */
uint64_t next_chance(uint64_t *state) {
    uint64_t word = (*state += 0x9E3779B97F4A7C15u);
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    return word ^ (word >> 31);
}

static uint64_t below(gavel_disk *disk, uint64_t bound) {
    return bound == 0 ? 0 : next_chance(&disk->chance) % bound;
}

/* Images and files */

static void image_reserve(image *image, size_t size) {
    if (size <= image->capacity) return;
    size_t capacity = image->capacity * 2 > size ? image->capacity * 2 : size;
    image->data = grown(image->data, capacity);
    image->capacity = capacity;
}

static void image_resize(image *image, size_t size) {
    image_reserve(image, size);
    if (size > image->size) memset(image->data + image->size, 0, size - image->size);
    image->size = size;
}

static void image_write(image *image, const void *bytes, size_t count, uint64_t offset) {
    if (count == 0) return;
    if (offset + count > image->size) image_resize(image, offset + count);
    memcpy(image->data + offset, bytes, count);
}

void file_retain(stored_file *file) { file->references += 1; }

void file_release(stored_file *file) {
    if (file == NULL || --file->references > 0) return;
    file_forget_pending(file);
    free(file->pending);
    free(file->now.data);
    free(file->durable.data);
    free(file);
}

size_t file_read(const stored_file *file, void *into, size_t count, uint64_t offset) {
    size_t there = offset >= file->now.size ? 0 : file->now.size - offset;
    size_t got = count < there ? count : there;
    if (got > 0) memcpy(into, file->now.data + offset, got);
    return got;
}

static pending_write *add_pending(stored_file *file) {
    if (file->pending_count == file->pending_capacity) {
        file->pending_capacity = file->pending_capacity == 0 ? 16 : file->pending_capacity * 2;
        file->pending = grown(file->pending, file->pending_capacity * sizeof(pending_write));
    }
    return &file->pending[file->pending_count++];
}

void file_write(stored_file *file, const void *bytes, size_t count, uint64_t offset) {
    if (count == 0) return;
    pending_write *pending = add_pending(file);
    pending->offset = offset;
    pending->length = count;
    pending->data = memcpy(grown(NULL, count), bytes, count);
    image_write(&file->now, bytes, count, offset);
}

void file_truncate(stored_file *file, uint64_t size) {
    pending_write *pending = add_pending(file);
    pending->offset = size;
    pending->length = 0;
    pending->data = NULL;
    image_resize(&file->now, size);
}

static void apply(image *image, const pending_write *pending, size_t count) {
    if (pending->data == NULL) image_resize(image, pending->offset);
    else image_write(image, pending->data, count, pending->offset);
}

void file_forget_pending(stored_file *file) {
    for (size_t index = 0; index < file->pending_count; index++) free(file->pending[index].data);
    file->pending_count = 0;
}

void file_sync(stored_file *file) {
    for (size_t index = 0; index < file->pending_count; index++)
        apply(&file->durable, &file->pending[index], file->pending[index].length);
    file_forget_pending(file);
}

void file_flip(stored_file *file, uint64_t offset, uint32_t bit) {
    uint8_t mask = (uint8_t)(1u << (bit & 7));
    if (offset < file->now.size) file->now.data[offset] ^= mask;
    if (offset < file->durable.size) file->durable.data[offset] ^= mask;
}

/* Names */

static name_entry *entry_of(gavel_disk *disk, const char *path) {
    for (size_t index = 0; index < disk->name_count; index++)
        if (strcmp(disk->names[index].path, path) == 0) return &disk->names[index];
    return NULL;
}

static name_entry *entry_made(gavel_disk *disk, const char *path) {
    name_entry *known = entry_of(disk, path);
    if (known != NULL) return known;
    if (disk->name_count == disk->name_capacity) {
        disk->name_capacity = disk->name_capacity == 0 ? 16 : disk->name_capacity * 2;
        disk->names = grown(disk->names, disk->name_capacity * sizeof(name_entry));
    }
    name_entry *made = &disk->names[disk->name_count++];
    made->path = copied(path);
    made->now = made->durable = NULL;
    return made;
}

static void set(stored_file **place, stored_file *file) {
    if (file != NULL) file_retain(file);
    file_release(*place);
    *place = file;
}

stored_file *name_find(gavel_disk *disk, const char *path) {
    name_entry *entry = entry_of(disk, path);
    return entry == NULL ? NULL : entry->now;
}

static void note_change(gavel_disk *disk, const char *path, stored_file *file, const char *removed) {
    if (disk->change_count == disk->change_capacity) {
        disk->change_capacity = disk->change_capacity == 0 ? 16 : disk->change_capacity * 2;
        disk->changes = grown(disk->changes, disk->change_capacity * sizeof(name_change));
    }
    if (file != NULL) file_retain(file);
    name_change *change = &disk->changes[disk->change_count++];
    change->path = copied(path);
    change->file = file;
    change->removed = removed == NULL ? NULL : copied(removed);
}

stored_file *name_create(gavel_disk *disk, const char *path) {
    stored_file *file = memset(grown(NULL, sizeof(stored_file)), 0, sizeof(stored_file));
    set(&entry_made(disk, path)->now, file);
    note_change(disk, path, file, NULL);
    return file;
}

bool name_remove(gavel_disk *disk, const char *path) {
    name_entry *entry = entry_of(disk, path);
    if (entry == NULL || entry->now == NULL) return false;
    set(&entry->now, NULL);
    note_change(disk, path, NULL, NULL);
    return true;
}

bool name_replace(gavel_disk *disk, const char *from, const char *to) {
    stored_file *file = name_find(disk, from);
    if (file == NULL) return false;
    set(&entry_made(disk, to)->now, file);
    set(&entry_made(disk, from)->now, NULL);
    note_change(disk, to, file, from);
    return true;
}

static void change_apply(gavel_disk *disk, name_change *change) {
    set(&entry_made(disk, change->path)->durable, change->file);
    if (change->removed != NULL) set(&entry_made(disk, change->removed)->durable, NULL);
}

static void change_free(name_change *change) {
    file_release(change->file);
    free(change->path);
    free(change->removed);
}

size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path);
}

void folder_sync(gavel_disk *disk, const char *folder, size_t length) {
    size_t kept = 0;
    for (size_t index = 0; index < disk->change_count; index++) {
        name_change *change = &disk->changes[index];
        if (folder_length(change->path) == length && strncmp(change->path, folder, length) == 0) {
            change_apply(disk, change);
            change_free(change);
        } else {
            disk->changes[kept++] = *change;
        }
    }
    disk->change_count = kept;
}

/* Disks */

gavel_disk *disk_of(const char *path) {
    if (path == NULL) return NULL;
    for (gavel_disk *disk = the_disks; disk != NULL; disk = disk->next)
        if (strncmp(path, disk->prefix, disk->prefix_length) == 0
            && (path[disk->prefix_length] == '/' || path[disk->prefix_length] == 0))
            return disk;
    return NULL;
}

gavel_disk *gavel_disk_make(const char *prefix, uint64_t seed) {
    disk_lock();
    for (gavel_disk *known = the_disks; known != NULL; known = known->next)
        if (strcmp(known->prefix, prefix) == 0) {
            disk_unlock();
            return NULL;
        }
    gavel_disk *disk = memset(grown(NULL, sizeof(gavel_disk)), 0, sizeof(gavel_disk));
    disk->prefix = copied(prefix);
    disk->prefix_length = strlen(prefix);
    disk->references = 1;
    disk->on = true;
    disk->chance = seed;
    disk->next = the_disks;
    the_disks = disk;
    disk_unlock();
    return disk;
}

void disk_release(gavel_disk *disk) {
    if (--disk->references > 0) return;
    for (size_t index = 0; index < disk->change_count; index++) change_free(&disk->changes[index]);
    for (size_t index = 0; index < disk->name_count; index++) {
        file_release(disk->names[index].now);
        file_release(disk->names[index].durable);
        free(disk->names[index].path);
    }
    free(disk->changes);
    free(disk->names);
    free(disk->prefix);
    free(disk);
}

void memory_release(shared_memory *memory) {
    if (memory == NULL || --memory->references > 0) return;
    for (int index = 0; index < memory->count; index++) free(memory->regions[index]);
    free(memory->regions);
    free(memory);
}

static void file_void_handles(stored_file *file) {
    if (file == NULL) return;
    file->shared = 0;
    file->reserved = file->waiting = file->exclusive = file->locker = NULL;
    file->memory = NULL;
}

static void void_handles(gavel_disk *disk) {
    disk->generation += 1;
    for (size_t index = 0; index < disk->name_count; index++) {
        file_void_handles(disk->names[index].now);
        file_void_handles(disk->names[index].durable);
    }
}

void gavel_disk_remove(gavel_disk *disk) {
    disk_lock();
    for (gavel_disk **place = &the_disks; *place != NULL; place = &(*place)->next)
        if (*place == disk) {
            *place = disk->next;
            break;
        }
    disk->on = false;
    void_handles(disk);
    disk_release(disk);
    disk_unlock();
}

static void stop(gavel_disk *disk) {
    disk->on = false;
    void_handles(disk);
}

void gavel_disk_crash(gavel_disk *disk) {
    disk_lock();
    stop(disk);
    disk->met[GAVEL_DISK_FAULT_CRASH] += 1;
    disk_unlock();
}

/* How many bytes of a write reach the disk when it is cut between sectors. */
static size_t torn_length(gavel_disk *disk, const pending_write *pending) {
    uint64_t first = pending->offset / SECTOR + 1;
    uint64_t last = (pending->offset + pending->length) / SECTOR;
    if (last < first) return 0;
    return (first + below(disk, last - first + 1)) * SECTOR - pending->offset;
}

/* Fills sectors that a write covers with garbage. A sector that it covers in part is written whole or not at all:
   the bytes beside the write must survive. */
static void garble(gavel_disk *disk, image *image, const pending_write *pending) {
    uint64_t end = pending->offset + pending->length;
    for (uint64_t at = (pending->offset + SECTOR - 1) / SECTOR * SECTOR; at + SECTOR <= end; at += SECTOR) {
        if (below(disk, 2) == 0) continue;
        for (size_t index = 0; index < SECTOR; index++)
            image->data[at + index] = (uint8_t)next_chance(&disk->chance);
    }
}

static void lose(gavel_disk *disk, stored_file *file, uint32_t loss) {
    if (file == NULL) return;
    for (size_t index = 0; index < file->pending_count && loss != GAVEL_DISK_LOSS_ALL; index++) {
        pending_write *pending = &file->pending[index];
        uint64_t draw = below(disk, loss == GAVEL_DISK_LOSS_SOME ? 2 : 3);
        if (draw == 0) continue;
        size_t length = pending->length;
        if (draw == 2 && loss == GAVEL_DISK_LOSS_TORN && pending->data != NULL)
            length = torn_length(disk, pending);
        apply(&file->durable, pending, length);
        if (draw == 2 && loss == GAVEL_DISK_LOSS_GARBLED && pending->data != NULL)
            garble(disk, &file->durable, pending);
    }
    file_forget_pending(file);
    image_reserve(&file->now, file->durable.size);
    if (file->durable.size > 0) memcpy(file->now.data, file->durable.data, file->durable.size);
    file->now.size = file->durable.size;
}

void disk_lose_power(gavel_disk *disk, uint32_t loss) {
    stop(disk);
    disk->met[GAVEL_DISK_FAULT_POWER] += 1;
    /* Names change in the order of the folders' log, of which a beginning may be kept. */
    size_t kept = loss == GAVEL_DISK_LOSS_ALL ? 0 : below(disk, disk->change_count + 1);
    for (size_t index = 0; index < disk->change_count; index++) {
        if (index < kept) change_apply(disk, &disk->changes[index]);
        change_free(&disk->changes[index]);
    }
    disk->change_count = 0;
    for (size_t index = 0; index < disk->name_count; index++) {
        set(&disk->names[index].now, disk->names[index].durable);
        lose(disk, disk->names[index].now, loss);
    }
}

void gavel_disk_power_off(gavel_disk *disk, uint32_t loss) {
    disk_lock();
    disk_lose_power(disk, loss);
    disk_unlock();
}

void gavel_disk_start(gavel_disk *disk) {
    disk_lock();
    disk->on = true;
    disk_unlock();
}

bool gavel_disk_is_on(const gavel_disk *disk) {
    disk_lock();
    bool on = disk->on;
    disk_unlock();
    return on;
}

/* Faults */

bool gavel_disk_plan(
    gavel_disk *disk, uint32_t fault, uint32_t operations, uint64_t at, uint64_t lasting, uint32_t loss
) {
    disk_lock();
    bool fits = disk->plan_count < MOST_PLANS && fault < GAVEL_DISK_FAULTS;
    if (fits) disk->plans[disk->plan_count++] = (plan){fault, operations, loss, at, lasting, 0};
    disk_unlock();
    return fits;
}

void gavel_disk_rate(
    gavel_disk *disk, uint32_t fault, uint32_t operations, uint32_t in_a_million, uint32_t loss
) {
    disk_lock();
    if (fault < GAVEL_DISK_FAULTS) disk->rates[fault] = (rate){operations, in_a_million, loss};
    disk->has_rates = true;
    disk_unlock();
}

void gavel_disk_heal(gavel_disk *disk) {
    disk_lock();
    disk->plan_count = 0;
    memset(disk->rates, 0, sizeof disk->rates);
    disk->has_rates = false;
    disk_unlock();
}

uint64_t gavel_disk_operations(const gavel_disk *disk, uint32_t operations) {
    disk_lock();
    uint64_t sum = 0;
    for (int index = 0; index < GAVEL_DISK_OPERATIONS; index++)
        if (operations & (1u << index)) sum += disk->operations[index];
    disk_unlock();
    return sum;
}

uint64_t gavel_disk_met(const gavel_disk *disk, uint32_t fault) {
    disk_lock();
    uint64_t count = fault < GAVEL_DISK_FAULTS ? disk->met[fault] : 0;
    disk_unlock();
    return count;
}

uint64_t gavel_disk_chance(gavel_disk *disk) {
    disk_lock();
    uint64_t drawn = next_chance(&disk->chance);
    disk_unlock();
    return drawn;
}

/* Whether this kind of operation can meet the fault at all. */
static bool fits(uint32_t fault, uint32_t operation) {
    switch (fault) {
    case GAVEL_DISK_FAULT_FULL: return operation == GAVEL_DISK_WRITE;
    case GAVEL_DISK_FAULT_LOST_SYNC: return operation == GAVEL_DISK_SYNC;
    case GAVEL_DISK_FAULT_SHORT_READ:
    case GAVEL_DISK_FAULT_BIT_FLIP: return operation == GAVEL_DISK_READ;
    default: return true;
    }
}

/* The first planned fault that this operation meets, else one by chance. */
static int drawn_fault(gavel_disk *disk, uint32_t operation, uint32_t *loss) {
    int found = NO_FAULT;
    for (int index = 0; index < disk->plan_count; index++) {
        plan *plan = &disk->plans[index];
        if (!(plan->operations & operation) || !fits(plan->fault, operation)) continue;
        plan->seen += 1;
        bool due = plan->seen >= plan->at && (plan->lasting == 0 || plan->seen < plan->at + plan->lasting);
        if (!due || found != NO_FAULT) continue;
        found = (int)plan->fault;
        *loss = plan->loss;
    }
    if (found != NO_FAULT || !disk->has_rates) return found;
    for (uint32_t fault = 0; fault < GAVEL_DISK_FAULTS; fault++) {
        rate *rate = &disk->rates[fault];
        if (rate->in_a_million == 0 || !(rate->operations & operation) || !fits(fault, operation)) continue;
        if (below(disk, 1000000) >= rate->in_a_million || found != NO_FAULT) continue;
        found = (int)fault;
        *loss = rate->loss;
    }
    return found;
}

/* Counts an operation and gives the fault that it meets. A loss of power in mid-write is left to disk_write, and
   what was being written may be lost like all else that was not synced. */
static int step_within(gavel_disk *disk, uint32_t operation, uint32_t *loss) {
    for (int index = 0; index < GAVEL_DISK_OPERATIONS; index++)
        if (operation == 1u << index) disk->operations[index] += 1;
    if (!disk->on) return IS_OFF;
    int fault = drawn_fault(disk, operation, loss);
    if (fault >= 0 && fault != GAVEL_DISK_FAULT_POWER) disk->met[fault] += 1;
    if (fault == GAVEL_DISK_FAULT_CRASH) {
        stop(disk);
        return IS_OFF;
    }
    return fault;
}

int disk_step(gavel_disk *disk, uint32_t operation) {
    uint32_t loss = 0;
    int fault = step_within(disk, operation, &loss);
    if (fault != GAVEL_DISK_FAULT_POWER) return fault;
    disk_lose_power(disk, loss);
    return IS_OFF;
}

int disk_read(gavel_disk *disk, stored_file *file, void *into, size_t count, uint64_t offset, size_t *got) {
    int fault = disk_step(disk, GAVEL_DISK_READ);
    if (fault == IS_OFF || fault == GAVEL_DISK_FAULT_ERROR) return fault;
    if (fault == GAVEL_DISK_FAULT_BIT_FLIP && offset < file->now.size) {
        uint64_t there = file->now.size - offset;
        uint64_t bit = below(disk, (count < there ? count : there) * 8);
        file_flip(file, offset + bit / 8, (uint32_t)(bit % 8));
    }
    bool is_short = fault == GAVEL_DISK_FAULT_SHORT_READ;
    *got = file_read(file, into, is_short ? count / 2 : count, offset);
    return is_short ? GAVEL_DISK_FAULT_SHORT_READ : NO_FAULT;
}

int disk_write(gavel_disk *disk, stored_file *file, const void *bytes, size_t count, uint64_t offset) {
    uint32_t loss = 0;
    int fault = step_within(disk, GAVEL_DISK_WRITE, &loss);
    switch (fault) {
    case NO_FAULT: file_write(file, bytes, count, offset); break;
    case GAVEL_DISK_FAULT_POWER:
        file_write(file, bytes, count, offset);
        disk_lose_power(disk, loss);
        return IS_OFF;
    case GAVEL_DISK_FAULT_ERROR: {
        pending_write cut = {offset, count, NULL};
        if (below(disk, 2) == 0) file_write(file, bytes, torn_length(disk, &cut), offset);
        break;
    }
    default: break;
    }
    return fault;
}

int disk_sync(gavel_disk *disk, stored_file *file) {
    int fault = disk_step(disk, GAVEL_DISK_SYNC);
    if (fault == NO_FAULT) file_sync(file);
    if (fault == GAVEL_DISK_FAULT_LOST_SYNC) file_forget_pending(file);
    return fault;
}

bool gavel_disk_flip(const char *path, uint64_t offset, uint32_t bit) {
    disk_lock();
    gavel_disk *disk = disk_of(path);
    stored_file *file = disk == NULL ? NULL : name_find(disk, path);
    bool there = file != NULL && offset < file->now.size;
    if (there) {
        file_flip(file, offset, bit);
        disk->met[GAVEL_DISK_FAULT_BIT_FLIP] += 1;
    }
    disk_unlock();
    return there;
}
