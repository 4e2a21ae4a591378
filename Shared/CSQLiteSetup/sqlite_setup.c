#include "sqlite_setup.h"
#include <sqlite3.h>

int gavel_sqlite_setup(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
