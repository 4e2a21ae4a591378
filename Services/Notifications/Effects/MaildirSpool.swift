import Crypto
import Glibc

/// One e-mail ready to leave.
public struct OutgoingMail: Sendable {
    /// Stable: the same e-mail made again has the same name.
    public var name: String
    public var content: [UInt8]
}

/// Hands an e-mail over; when it returns, the e-mail is safe with whoever delivers it.
public typealias Mailer = @Sendable (OutgoingMail, _ folder: String) throws(MailFault) -> Void

/// An e-mail could not be handed over.
public struct MailFault: Error {
    var reason: String
    public init(reason: String) { self.reason = reason }
}

/// Keeps e-mails as files for a mail server to collect, in the way of a maildir: written under `tmp`, synced,
/// then renamed into `new`, so that `new` never shows half an e-mail, and a repeat replaces its file.
enum MaildirSpool {
    @Sendable static func deliver(_ mail: OutgoingMail, folder: String) throws(MailFault) {
        let spool = folder + "/spool"
        for made in [spool + "/tmp", spool + "/new"] {
            do {
                // A folder whose own name is not on the disk takes its e-mails along when the power goes.
                try Disk.makeFolder(made)
            } catch {
                throw MailFault(reason: "could not make the spool folder: \(error)")
            }
        }
        let written = spool + "/tmp/" + mail.name
        try write(mail.content, to: written)
        guard rename(written, spool + "/new/" + mail.name) == 0 else { throw fault("rename the e-mail") }
        try sync(folder: spool + "/new")
    }

    private static func write(_ content: [UInt8], to path: String) throws(MailFault) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault("open a file in the spool") }
        defer { close(file) }
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { raw in
                Glibc.write(file, raw.baseAddress?.advanced(by: written), raw.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw fault("write the e-mail")
            }
            written += count
        }
        guard fsync(file) == 0 else { throw fault("sync the e-mail") }
    }

    private static func sync(folder: String) throws(MailFault) {
        let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw fault("open the spool folder") }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw fault("sync the spool folder") }
    }

    private static func fault(_ doing: String) -> MailFault {
        MailFault(reason: "could not \(doing): \(String(cString: strerror(errno)))")
    }
}
