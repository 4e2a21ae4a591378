#ifndef GAVEL_SQLITE_MEMORY_H
#define GAVEL_SQLITE_MEMORY_H
#include <sqlite3.h>

/* SQLite's memory from lists of freed blocks, one set for each thread and at most 256 KiB in it. Debian builds SQLite
   without its own lookaside memory, so that each run of a statement would ask malloc for its cursors and records. */
extern const sqlite3_mem_methods gavel_sqlite_memory;
#endif
