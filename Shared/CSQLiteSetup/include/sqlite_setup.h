#ifndef GAVEL_SQLITE_SETUP_H
#define GAVEL_SQLITE_SETUP_H
/* sqlite3_config takes a variable list of arguments, which Swift cannot pass.
   Turns off SQLite's count of its own memory, for which each allocation took a lock, and the lock that each call
   takes on its connection: GRDB lets one thread at a time use a connection. Gives SQLite the memory of
   sqlite_memory.c. 0 if all could be set. */
int gavel_sqlite_setup(void);

struct sqlite3;
/* Keeps SQLite from moving the write-ahead log into the store, and deleting it, when the last connection closes: it
   does so without a word about a disk that fails. 0 if it could be set. */
int gavel_sqlite_own_log(struct sqlite3 *connection);
#endif
