#include "sqlite_setup.h"
#include "sqlite_memory.h"
#include <sqlite3.h>

int gavel_sqlite_setup(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MALLOC, &gavel_sqlite_memory);
    return code;
}

int gavel_sqlite_own_log(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
