#ifndef GAVEL_SQLITE_SETUP_H
#define GAVEL_SQLITE_SETUP_H
/* sqlite3_config takes a variable list of arguments, which Swift cannot pass.
   Turns off SQLite's count of its own memory, for which each allocation took a lock, and the lock that each call
   takes on its connection: GRDB lets one thread at a time use a connection. 0 if both could be set. */
int gavel_sqlite_setup(void);

struct sqlite3;

/* Writes the write-ahead log of the connection's store again, byte for byte, and syncs it; the connection is in a
   read transaction, and no other process has the store open. After a failed sync the system may hold as written what
   the disk does not have, and another sync of the same file would not tell. 0, or SQLite's result code. */
int gavel_sqlite_renew_log(struct sqlite3 *connection);
#endif
