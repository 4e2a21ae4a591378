#ifndef GAVEL_SQLITE_SETUP_H
#define GAVEL_SQLITE_SETUP_H
/* sqlite3_config takes a variable list of arguments, which Swift cannot pass.
   Turns SQLite's count of its own memory off: each allocation took a lock for it. 0 if it could be set. */
int gavel_sqlite_setup(void);
#endif
