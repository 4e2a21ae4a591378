import Glibc

/// Lets many threads that wrote to one file share one `fdatasync`.
///
/// Each writer notes its write and waits for it. The first waiter syncs; those that come meanwhile are all
/// covered by the next sync. With a disk that takes 3 ms per sync, 64 threads wait for two syncs, not for 64.
final class GroupSync: @unchecked Sendable {
    /// A point in the order of writes.
    typealias Mark = UInt64

    private let file: OpenFile
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var written: Mark = 0
    private var synced: Mark = 0
    private var isSyncing = false
    /// After a failed sync nobody knows what is on the disk, so the failure stays until the file is reopened.
    private var failure: CryptoError?

    init(file: OpenFile) {
        self.file = file
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Notes a finished write.
    func noteWrite() -> Mark {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        written += 1
        return written
    }

    /// The point after all writes noted so far.
    var latest: Mark {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return written
    }

    /// What the failed sync threw, if one failed.
    var latestFailure: CryptoError? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return failure
    }

    /// Returns once every write up to `mark` is on the disk.
    func wait(for mark: Mark) throws(CryptoError) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while synced < mark {
            if let failure { throw failure }
            if isSyncing {
                pthread_cond_wait(changed, mutex)
            } else {
                syncOnce()
            }
        }
    }

    /// Syncs with the mutex released, so that others can write meanwhile.
    private func syncOnce() {
        isSyncing = true
        let target = written
        pthread_mutex_unlock(mutex)
        let result = Result { () throws(CryptoError) in try file.syncContent() }
        pthread_mutex_lock(mutex)
        isSyncing = false
        switch result {
        case .success: synced = target
        case .failure(let error): failure = error
        }
        pthread_cond_broadcast(changed)
    }
}
