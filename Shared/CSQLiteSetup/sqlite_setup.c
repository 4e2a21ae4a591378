#include "sqlite_setup.h"
#include <sqlite3.h>

int gavel_sqlite_setup(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    return code;
}

int gavel_sqlite_renew_log(struct sqlite3 *connection) {
    /* SQLite's file system takes less than 128 KiB at a time. */
    enum { piece = 1 << 16 };
    sqlite3_file *log = 0;
    int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (code != SQLITE_OK || !log || !log->pMethods) return code;
    sqlite3_int64 size = 0;
    code = log->pMethods->xFileSize(log, &size);
    if (code != SQLITE_OK || size == 0) return code;
    void *bytes = sqlite3_malloc(piece);
    if (!bytes) return SQLITE_NOMEM;
    for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK; at += piece) {
        int count = size - at < piece ? (int)(size - at) : piece;
        code = log->pMethods->xRead(log, bytes, count, at);
        if (code == SQLITE_OK) code = log->pMethods->xWrite(log, bytes, count, at);
    }
    sqlite3_free(bytes);
    if (code == SQLITE_OK) code = log->pMethods->xSync(log, SQLITE_SYNC_FULL);
    return code;
}
