#include "sqlite_setup.h"
#include <sqlite3.h>

int gavel_sqlite_setup(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (code == SQLITE_OK) code = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    return code;
}
