import Foundation

/// Reads a maildir-style spool.
public enum MailSpool {
    /// Every e-mail delivered into `folder`, ordered by name; none if the folder is missing.
    public static func read(_ folder: String) throws -> [SpooledMail] {
        let new = folder + "/new"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: new) else { return [] }
        return try names.sorted().map { name in
            SpooledMail(name: name, text: try String(contentsOfFile: "\(new)/\(name)", encoding: .utf8))
        }
    }
}
